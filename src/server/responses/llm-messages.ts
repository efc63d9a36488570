import type { Item } from '../../shared/realtime';
import type { LlmImage, LlmMessage } from '../backends';
import { SILENCE } from '../backends/silence';
import type { Entry } from '../conversation/conversation';
import { heardText } from '../conversation/heard';
import { llmName } from './tool-names';

/** What the language model is to read. Of an answer that was cut off, only what was heard. */
export function toLlmMessages(entries: readonly Entry[]): LlmMessage[] {
  return entries.flatMap((entry): LlmMessage[] => {
    const { item } = entry;
    switch (item.type) {
      case 'message': {
        if (entry.speech?.result?.type === 'silent') return [SILENCE];
        const text = messageText(entry);
        const images = imagesOf(item);
        if (images.length > 0) return [{ role: 'user', text, images }];
        return text === '' ? [] : [{ role: item.role, text }];
      }
      case 'function_call':
        // Its arguments are not whole: nobody runs it, and no chat server takes it.
        if (item.status !== 'completed') return [];
        return [
          {
            role: 'tool-call',
            callId: item.call_id ?? entry.id,
            name: item.name,
            arguments: item.arguments,
          },
        ];
      case 'function_call_output':
        return [{ role: 'tool-result', callId: item.call_id, output: item.output }];
      case 'mcp_call': {
        const output = item.output ?? item.error?.message ?? (item.approval_request_id ? WAITING : undefined);
        // A call without an outcome is one that a chat server would refuse.
        if (output === undefined) return [];
        // What was cut off may be half a text, which no chat server takes either.
        const args = isJson(item.arguments) ? item.arguments : '{}';
        return [
          { role: 'tool-call', callId: entry.id, name: llmName(item.name), arguments: args },
          { role: 'tool-result', callId: entry.id, output },
        ];
      }
      case 'mcp_approval_request':
      case 'mcp_approval_response':
      case 'mcp_list_tools':
        return [];
      default:
        return item satisfies never;
    }
  });
}

/** The outcome of a call that waits for the user. */
const WAITING = 'This call has not been run yet: it waits until the user approves it.';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function imagesOf(item: Extract<Item, { type: 'message' }>): LlmImage[] {
  if (item.role !== 'user') return [];
  return item.content.flatMap(({ type, image_url, detail }) =>
    type === 'input_image' && image_url !== undefined ? [{ url: image_url, detail: detail ?? 'auto' }] : [],
  );
}

function messageText({ item, speech, answer }: Entry): string {
  if (item.type !== 'message') return '';
  if (answer?.skipped && answer.heardMs === null) return '';
  const cut = answer !== null && (answer.heardMs !== null || item.status === 'incomplete');
  if (cut) return heardText(answer.sentences, answer.heardMs ?? answer.audioMs);
  return item.content
    .map((part) => {
      if (part.type === 'input_audio') return speech?.result?.type === 'heard' ? speech.result.text : '';
      return part.text ?? ('transcript' in part ? part.transcript : '') ?? '';
    })
    .filter((text) => text !== '')
    .join(' ')
    .trim();
}
