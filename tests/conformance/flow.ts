/** A flow is data: what the client does in order, and when it waits. The golden trace says what the server does. */
import type { FakeScript } from '../../src/server/backends/fake';
import type { ServerOptions } from '../../src/server/index';
import type { WireFormat } from '../../src/server/wire/wire-audio';
import type { Dialect } from './schema/derive';

export interface Flow {
  /** Of its trace, `traces/<dialect>/<name>.txt`. */
  name: string;
  title: string;
  /** Both unless given. */
  dialects?: readonly Dialect[];
  /** A gate that the script waits for is opened by a step. */
  script?: FakeScript | ((gate: (name: string) => Promise<void>) => FakeScript);
  server?: Partial<ServerOptions> | (() => Promise<FlowServer>);
  connect?: Connect;
  /** The trace shows whole sessions; else what an update changed. */
  showSession?: boolean;
  /** The timers of the process are the flow's: they stand still but for `advance`. */
  clock?: boolean;
  steps: readonly Step[];
}

export interface Connect {
  query?: string;
  headers?: Record<string, string>;
  protocols?: string[];
}

/** What a flow needs beside the server. */
export interface FlowServer {
  options: Partial<ServerOptions>;
  /** `{{name}}` in what the client sends becomes its value. */
  values?: Record<string, string>;
  close?(): Promise<void>;
}

export type Step =
  /** Ids are the canonical ones of the trace: `item_1` is the first item that was named. */
  | { do: 'send'; event: ClientWire; unchecked: boolean }
  /** A frame as it is. */
  | { do: 'frame'; data: string | Uint8Array }
  | { do: 'speak'; ms: number; format?: WireFormat }
  | { do: 'silence'; ms: number; format?: WireFormat }
  /** Waits for the next event of this GA type after the one waited for last, and until nothing more comes. */
  | { do: 'until'; type: string }
  | { do: 'settle' }
  | { do: 'open'; gate: string }
  | { do: 'advance'; ms: number }
  | { do: 'closed' };

/** Sent in GA's words; `beta-client.ts` says the same in the older ones. */
export type ClientWire = { type: string } & Record<string, unknown>;

export const send = (event: ClientWire): Step => ({ do: 'send', event, unchecked: false });
/** What no client should send. */
export const sendWrong = (event: ClientWire): Step => ({ do: 'send', event, unchecked: true });
export const frame = (data: string | Uint8Array): Step => ({ do: 'frame', data });
export const speak = (ms = 500): Step => ({ do: 'speak', ms });
export const silence = (ms = 700): Step => ({ do: 'silence', ms });
export const until = (type: string): Step => ({ do: 'until', type });
export const settle: Step = { do: 'settle' };
export const open = (gate: string): Step => ({ do: 'open', gate });
export const advance = (ms: number): Step => ({ do: 'advance', ms });
export const closed: Step = { do: 'closed' };

export const update = (session: object): Step =>
  send({ type: 'session.update', session: { type: 'realtime', ...session } });
export const input = (fields: object) => ({ audio: { input: fields } });
export const say = (text: string, fields: object = {}): Step =>
  send({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
    ...fields,
  });
export const respond = (response?: object): Step =>
  send({ type: 'response.create', ...(response === undefined ? {} : { response }) });

/** A turn by voice: speech, and silence that ends it. */
export const speakTurn: readonly Step[] = [speak(), silence()];
