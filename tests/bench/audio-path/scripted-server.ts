/**
 * A Realtime server that thinks nothing: it says a tone when told to, interrupts it when told to, and stamps when the
 * microphone's sound arrives. So the figures hold no engine's time.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ClientEvent } from '../../../src/shared/realtime';
import { createNow } from './now';
import { tone } from './signals';

/** Sound as it arrived: base64 of PCM16 at 24 kHz. */
export interface Append {
  audio: string;
  atMs: number;
}

/** One answer, in milliseconds. */
export interface AnswerScript {
  /** Sound that is sent at once. */
  answerMs: number;
  /** From there to the interruption. */
  interruptAfterMs: number;
  /** Before all that, sound of this length is sent, and then nothing until `pauseMs` after it was played. */
  stall?: { soundMs: number; pauseMs: number };
}

export interface ScriptedServer {
  /** What a client's base URL is. */
  readonly url: string;
  readonly appends: readonly Append[];
  /** Resolves when a client has set up its session and its microphone is heard. */
  ready(): Promise<void>;
  /** Answers, interrupts the answer, and waits until the client has told what was heard. */
  interruptedAnswer(script: AnswerScript): Promise<void>;
  close(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
/** A client that has not told what was heard after this long will not. */
const TRUNCATE_TIMEOUT_MS = 1500;
const POLL_MS = 5;

/** Listens on a free port of this computer. */
export async function startScriptedServer(): Promise<ScriptedServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const now = createNow();
  const appends: Append[] = [];
  const truncated = new Set<string>();
  let socket: WebSocket | null = null;
  let configured = false;
  let count = 0;

  const send = (type: string, fields: Record<string, unknown> = {}): void => {
    socket?.send(JSON.stringify({ type, event_id: `event_${++count}`, ...fields }));
  };
  const session = { id: 'sess_bench', object: 'realtime.session', type: 'realtime', model: 'bench' };

  const receive = (event: ClientEvent, atMs: number): void => {
    switch (event.type) {
      case 'session.update':
        configured = true;
        send('session.updated', { session: { ...session, ...event.session } });
        break;
      case 'input_audio_buffer.append':
        appends.push({ audio: event.audio, atMs });
        break;
      case 'conversation.item.truncate':
        truncated.add(event.item_id);
        send('conversation.item.truncated', {
          item_id: event.item_id,
          content_index: event.content_index,
          audio_end_ms: event.audio_end_ms,
        });
        break;
    }
  };

  server.on('connection', (client) => {
    socket = client;
    client.on('message', (data) => {
      const atMs = now();
      receive(JSON.parse(data.toString()) as ClientEvent, atMs);
    });
    send('session.created', { session });
  });

  const until = async (holds: () => boolean, timeoutMs: number): Promise<boolean> => {
    for (const end = now() + timeoutMs; now() < end; await sleep(POLL_MS)) if (holds()) return true;
    return holds();
  };

  return {
    url: `ws://127.0.0.1:${port}`,
    appends,
    async ready() {
      if (await until(() => configured && appends.length > 0, READY_TIMEOUT_MS)) return;
      throw new Error(configured ? 'no sound came from the microphone' : 'the program did not connect');
    },
    async interruptedAnswer({ answerMs, interruptAfterMs, stall }) {
      const id = ++count;
      const response = { id: `resp_${id}`, object: 'realtime.response', status: 'in_progress', output: [] };
      const item = {
        id: `item_${id}`,
        type: 'message',
        role: 'assistant',
        status: 'in_progress',
        content: [],
      };
      const sound = { response_id: response.id, item_id: item.id, output_index: 0, content_index: 0 };
      send('response.created', { response });
      send('response.output_item.added', { response_id: response.id, output_index: 0, item });
      const say = (ms: number) =>
        send('response.output_audio.delta', { ...sound, delta: tone(ms).toString('base64') });
      if (stall) {
        say(stall.soundMs);
        await sleep(stall.soundMs + stall.pauseMs);
      }
      say(answerMs);
      await sleep(interruptAfterMs);
      send('input_audio_buffer.speech_started', { audio_start_ms: 0, item_id: `user_${id}` });
      send('response.done', { response: { ...response, status: 'cancelled' } });
      await until(() => truncated.has(item.id), TRUNCATE_TIMEOUT_MS);
      send('input_audio_buffer.speech_stopped', { audio_end_ms: 0, item_id: `user_${id}` });
    },
    async close() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
