/**
 * One caller on the wire: speaks, falls silent, and hears an answer, over and over, in real time. Every cycle is the same
 * number of appends, so an event that took n appends to come about on an idle server is late by what it took longer.
 */
import { WebSocket } from 'ws';
import { pcm16ToBytes } from '../../../src/shared/audio';

export const APPEND_MS = 20;
/** A multiple of a phase, so that every cycle is cut into frames alike. */
const CYCLE_MS = 4800;
const SPEECH_MS = 1600;
export const APPENDS_PER_CYCLE = CYCLE_MS / APPEND_MS;
/** What VAD frames (32 ms) and appends (20 ms) have in common. */
export const APPENDS_PER_PHASE = 160 / APPEND_MS;
const SPEECH_APPENDS = SPEECH_MS / APPEND_MS;

/** What is waited for, in the order in which it comes in a cycle. */
export const EVENTS = [
  'input_audio_buffer.speech_started',
  'input_audio_buffer.speech_stopped',
  'response.output_audio.delta',
] as const;
export type EventName = (typeof EVENTS)[number];

/** The append of the cycle that brings each event about. */
export type Triggers = Record<EventName, number>;

const voice = append((i) => Math.round(8000 * Math.sin((2 * Math.PI * 300 * i) / 24_000)));
const silence = append(() => 0);

function append(sample: (index: number) => number): string {
  const pcm = Int16Array.from({ length: APPEND_MS * 24 }, (_, i) => sample(i));
  const audio = Buffer.from(pcm16ToBytes(pcm)).toString('base64');
  return JSON.stringify({ type: 'input_audio_buffer.append', audio });
}

export interface Caller {
  /** Sends the next append. `dueMs` is when it was to be sent, on the clock of `performance.now()`. */
  append(dueMs: number): void;
  /** The server answers this only when it has handled everything before. */
  settle(): Promise<void>;
  /** Index of the next append in its cycle, below 0 before the first one. */
  readonly at: number;
  close(): void;
}

/**
 * `silentAppends` are sent before the first cycle: a multiple of APPENDS_PER_PHASE. `onEvent` gets the first of each kind
 * in a cycle, with when the append that was to bring it was due.
 */
export async function openCaller(
  url: string,
  triggers: Triggers | null,
  silentAppends: number,
  onEvent: (name: EventName, dueMs: number) => void,
): Promise<Caller> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  /** Below 0 before the first cycle. */
  let at = -silentAppends;
  /** When the append with this index was due, the last time round. */
  const dueMs = new Float64Array(APPENDS_PER_CYCLE);
  const awaited = new Set<EventName>();
  let settled: (() => void) | null = null;

  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code) => reject(new Error(`The server closed the connection with ${code}.`)));
    socket.on('message', (data: Buffer) => {
      // Only the head is looked at: decoding the sound of the answers is not what is measured.
      const head = data.toString('latin1', 0, 160);
      const type = /"type":"([^"]+)"/.exec(head)?.[1] ?? '';
      if (type === 'session.created') resolve();
      if (type === 'error') settled?.();
      const name = EVENTS.find((event) => event === type);
      if (!name || !awaited.delete(name)) return;
      const trigger = triggers?.[name];
      onEvent(name, trigger === undefined ? 0 : (dueMs[trigger] ?? 0));
    });
  });
  return {
    get at() {
      return at;
    },
    append(due) {
      if (at === 0) for (const name of EVENTS) awaited.add(name);
      if (at >= 0) dueMs[at] = due;
      socket.send(at >= 0 && at < SPEECH_APPENDS ? voice : silence);
      at++;
      if (at === APPENDS_PER_CYCLE) at = 0;
    },
    async settle() {
      const answered = new Promise<void>((resolve) => {
        settled = resolve;
      });
      socket.send(JSON.stringify({ type: 'conversation.item.retrieve', item_id: 'none' }));
      await answered;
      settled = null;
    },
    close: () => socket.terminate(),
  };
}
