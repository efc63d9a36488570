import type { LlmMessage, LlmRequest } from '../index';

/** Messages as chat completions take them. */
export type ChatMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: string | ChatContent[] }
  | { role: 'assistant'; content: string | null; tool_calls?: ChatToolCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

type ChatContent =
  | { type: 'text'; text: string }
  | { type: 'image_url'; image_url: { url: string; detail: 'auto' | 'low' | 'high' } };

interface ChatToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** Body of a streaming chat-completions request. `openai` is the service itself, which names one field differently. */
export function chatRequest(request: LlmRequest, model: string, openai: boolean): Record<string, unknown> {
  const { tools, toolChoice, parallelToolCalls, maxOutputTokens } = request;
  return {
    model,
    messages: chatMessages(request),
    stream: true,
    stream_options: { include_usage: true },
    // OpenAI's newer models refuse `max_tokens`; the other servers may know nothing else.
    ...(maxOutputTokens === null
      ? {}
      : { [openai ? 'max_completion_tokens' : 'max_tokens']: maxOutputTokens }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters },
          })),
          tool_choice:
            typeof toolChoice === 'string'
              ? toolChoice
              : { type: 'function', function: { name: toolChoice.name } },
          ...(parallelToolCalls === null ? {} : { parallel_tool_calls: parallelToolCalls }),
        }),
  };
}

/** Tool calls in a row, and the text before them, are one assistant message there. */
function chatMessages({ instructions, messages }: LlmRequest): ChatMessage[] {
  const chat: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  for (const message of messages) {
    const last = chat.at(-1);
    if (message.role === 'tool-call' && last?.role === 'assistant') {
      last.tool_calls = [...(last.tool_calls ?? []), toolCall(message)];
    } else chat.push(chatMessage(message));
  }
  return chat;
}

function chatMessage(message: LlmMessage): ChatMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message) };
    case 'system':
    case 'assistant':
      return { role: message.role, content: message.text };
    case 'tool-call':
      return { role: 'assistant', content: null, tool_calls: [toolCall(message)] };
    case 'tool-result':
      return { role: 'tool', tool_call_id: message.callId, content: message.output };
    default: {
      const never: never = message;
      throw new Error(`no message has this role: ${JSON.stringify(never)}`);
    }
  }
}

/** A plain string where there are no images: many servers take nothing else. */
function userContent({ text, images = [] }: Extract<LlmMessage, { role: 'user' }>): string | ChatContent[] {
  if (images.length === 0) return text;
  return [
    ...(text === '' ? [] : [{ type: 'text', text } as const]),
    ...images.map(({ url, detail }) => ({ type: 'image_url', image_url: { url, detail } }) as const),
  ];
}

function toolCall({
  callId,
  name,
  arguments: args,
}: Extract<LlmMessage, { role: 'tool-call' }>): ChatToolCall {
  return { id: callId, type: 'function', function: { name, arguments: args } };
}
