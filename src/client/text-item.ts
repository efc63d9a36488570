import { randomUUID } from 'node:crypto';
import type { Item } from '../shared/realtime';

/** A turn in writing; ids on the wire have at most 32 characters. */
export function textItem(text: string): Item {
  return {
    id: `msg_${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    type: 'message',
    role: 'user',
    status: 'completed',
    content: [{ type: 'input_text', text }],
  };
}
