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

/** What the model is told of a call whose result is not there yet; chat servers refuse a call without one. */
const NO_RESULT_YET = 'There is no result yet.';

/**
 * Tool calls in a row, and the text before them, are one assistant message there, and the results of all of them must
 * follow at once. A user who speaks while a tool runs comes after them; a result without its call is left out.
 */
function chatMessages({ instructions, messages }: LlmRequest): ChatMessage[] {
  const chat: ChatMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  const results = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'tool-result') results.set(message.callId, message.output);
  }
  let open: string[] = [];
  const giveResults = () => {
    for (const callId of open) {
      chat.push({ role: 'tool', tool_call_id: callId, content: results.get(callId) ?? NO_RESULT_YET });
    }
    open = [];
  };
  for (const message of messages) {
    if (message.role !== 'tool-call') giveResults();
    if (message.role === 'tool-result') continue;
    const last = chat.at(-1);
    if (message.role === 'tool-call' && last?.role === 'assistant') {
      last.tool_calls = [...(last.tool_calls ?? []), toolCall(message)];
    } else chat.push(chatMessage(message));
    if (message.role === 'tool-call') open.push(message.callId);
  }
  giveResults();
  return chat;
}

function chatMessage(message: Exclude<LlmMessage, { role: 'tool-result' }>): ChatMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: userContent(message) };
    case 'system':
    case 'assistant':
      return { role: message.role, content: message.text };
    case 'tool-call':
      return { role: 'assistant', content: null, tool_calls: [toolCall(message)] };
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
