import type { Item } from '../../shared/realtime';
import type { Entry } from '../conversation/conversation';
import { newId } from '../wire/ids';
import type { CallItem, CallKind } from './tool-kinds';

/** A call that the client runs: its arguments are streamed, nothing waits for the result. */
export const functionCall: CallKind = {
  open({ callId, name }, output): CallItem {
    const id = newId('item');
    const item = (status: 'in_progress' | 'completed' | 'incomplete', args: string): Item => ({
      id,
      object: 'realtime.item',
      type: 'function_call',
      call_id: callId,
      name,
      status,
      arguments: args,
    });
    const entry: Entry = { id, item: item('in_progress', ''), speech: null, answer: null };
    const slot = output.open(entry);
    const at = { ...slot.at, call_id: callId };
    const close = (status: 'completed' | 'incomplete', args: string) => {
      slot.emit({ type: 'response.function_call_arguments.done', ...at, name, arguments: args });
      slot.close(item(status, args));
    };
    return {
      delta: (delta) => slot.emit({ type: 'response.function_call_arguments.delta', ...at, delta }),
      end: (args) => close('completed', args),
      // The protocol sends the end of the arguments also when they were cut; the item's status tells.
      cut: (argsSoFar) => close('incomplete', argsSoFar),
    };
  },
};
