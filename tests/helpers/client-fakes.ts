import type { Microphone, Speaker } from '../../src/client/audio';
import type { Connection, ConnectionStatus } from '../../src/client/connection';
import { createListeners } from '../../src/client/listeners';
import { CHUNK_SAMPLES, msToSamples, type Pcm16 } from '../../src/shared/audio';
import type { HeardItem } from '../../src/shared/audio-port';
import type { Problem } from '../../src/shared/ipc';
import type { ClientEvent, ServerEvent } from '../../src/shared/realtime';

/** A connection without a network: the test is the server. */
export interface ScriptedConnection extends Connection {
  /** Everything sent and not taken yet. */
  sent: ClientEvent[];
  /** Takes what was sent so far. */
  take(): ClientEvent[];
  serve(event: object): void;
  /** A session begins: connected, then `session.created`. */
  up(): void;
  down(problem?: Problem): void;
  renewals: number;
}

export function createScriptedConnection(): ScriptedConnection {
  const events = createListeners<ServerEvent>();
  const statuses = createListeners<ConnectionStatus>();
  let status: ConnectionStatus = { state: 'disconnected', problem: null };
  const enter = (next: ConnectionStatus) => {
    status = next;
    statuses.emit(next);
  };
  return {
    sent: [],
    renewals: 0,
    get status() {
      return status;
    },
    open() {
      if (status.state === 'disconnected') enter({ state: 'connecting', problem: null });
    },
    async close() {
      enter({ state: 'disconnected', problem: null });
    },
    renew() {
      this.renewals += 1;
      enter({ state: 'recovering', problem: null });
      this.up();
    },
    send(event) {
      if (status.state !== 'connected') return false;
      this.sent.push(event);
      return true;
    },
    take() {
      return this.sent.splice(0);
    },
    serve: (event) => events.emit({ event_id: 'e', ...event } as ServerEvent),
    up() {
      enter({ state: 'connected', problem: null });
      this.serve({ type: 'session.created', session: { type: 'realtime' } });
    },
    down(problem = { code: 'server-lost', detail: 'cut' }) {
      enter({ state: 'recovering', problem });
    },
    onEvent: events.add,
    onStatus: statuses.add,
  };
}

/** A microphone whose sound the test makes. */
export interface ScriptedMicrophone extends Microphone {
  /** The device was opened anew. */
  open(): void;
  starts: number[];
  /** Each change of whether it rests. */
  rests: boolean[];
  running: boolean;
  /** `ms` milliseconds of sound in chunks of 20 ms; each sample is `value`, or the next one that it gives. */
  hear(ms: number, value?: number | (() => number)): void;
  /** Sound that is in the audio thread when `stop` is called and delivered before it resolves, in milliseconds. */
  lateMs: number;
}

export function createScriptedMicrophone(): ScriptedMicrophone {
  let listener: (pcm: Pcm16, frame: number) => void = () => undefined;
  let opened: () => void = () => undefined;
  let frame = 0;
  const deliver = (ms: number, value: number | (() => number)) => {
    for (let left = msToSamples(ms); left > 0; left -= CHUNK_SAMPLES) {
      const pcm = new Int16Array(Math.min(left, CHUNK_SAMPLES));
      if (typeof value === 'number') pcm.fill(value);
      else for (let i = 0; i < pcm.length; i++) pcm[i] = value();
      listener(pcm, frame);
      frame += pcm.length;
    }
  };
  return {
    starts: [],
    rests: [],
    running: false,
    lateMs: 0,
    start(preRollMs) {
      this.starts.push(preRollMs);
      this.running = true;
    },
    async stop() {
      if (!this.running) return;
      await Promise.resolve();
      deliver(this.lateMs, 1);
      this.running = false;
    },
    rest(on) {
      if (this.rests.at(-1) !== on) this.rests.push(on);
    },
    onOpened(next) {
      opened = next;
    },
    open: () => opened(),
    onChunk(next) {
      listener = next;
    },
    hear(ms, value = 1) {
      if (this.running) deliver(ms, value);
    },
  };
}

/** A speaker that plays as far as the test lets it, like the playback worklet: per item, in order. */
export interface ScriptedSpeaker extends Speaker {
  render(ms: number): void;
  /** Milliseconds queued and not played. */
  readonly queuedMs: number;
  readonly ducked: boolean;
  readonly held: boolean;
  /** What was asked of it besides playing, in order. */
  commands: ('duck' | 'swell' | 'hold' | 'resume' | 'flush')[];
  /** How far a resume goes back, in milliseconds. */
  rewindMs: number;
  /** Tells what is rendered, at its frame. */
  tellRendered(pcm: Pcm16, frame: number): void;
  flushes: number;
  /** Holds the answer to the next flush back until `answerFlush`. */
  holdFlush: boolean;
  answerFlush(): void;
}

export function createScriptedSpeaker(): ScriptedSpeaker {
  let queue: (HeardItem & { ended: boolean; position: number })[] = [];
  const flushed = new Set<string>();
  let held: (() => void)[] = [];
  let onStarted: (itemId: string) => void = () => undefined;
  let onFinished: (heard: HeardItem) => void = () => undefined;
  let onRendered: (pcm: Pcm16, frame: number) => void = () => undefined;
  let ducked = false;
  let holding = false;
  const heardOf = ({ itemId, contentIndex, renderedFrames, receivedFrames }: HeardItem): HeardItem => ({
    itemId,
    contentIndex,
    renderedFrames,
    receivedFrames,
  });
  const finishDone = () => {
    for (let head = queue[0]; head?.ended && head.position === head.receivedFrames; head = queue[0]) {
      queue.shift();
      onFinished(heardOf(head));
    }
  };
  return {
    flushes: 0,
    holdFlush: false,
    commands: [],
    rewindMs: 0,
    get queuedMs() {
      return queue.reduce((sum, item) => sum + item.receivedFrames - item.position, 0) / 24;
    },
    get ducked() {
      return ducked;
    },
    get held() {
      return holding;
    },
    play(itemId, contentIndex, pcm) {
      if (flushed.has(itemId)) return;
      let item = queue.find((other) => other.itemId === itemId);
      if (!item) {
        item = { itemId, contentIndex, renderedFrames: 0, receivedFrames: 0, ended: false, position: 0 };
        queue.push(item);
      }
      item.receivedFrames += pcm.length;
    },
    end(itemId) {
      const item = queue.find((other) => other.itemId === itemId);
      if (item) item.ended = true;
      finishDone();
    },
    render(ms) {
      for (let left = msToSamples(ms); left > 0; ) {
        const head = queue[0];
        if (!head || holding) return;
        const frames = Math.min(left, head.receivedFrames - head.position);
        if (frames > 0 && head.renderedFrames === 0) onStarted(head.itemId);
        head.position += frames;
        head.renderedFrames = Math.max(head.renderedFrames, head.position);
        left -= frames;
        finishDone();
        if (queue[0] === head) return;
      }
    },
    flush() {
      this.flushes += 1;
      this.commands.push('flush');
      ducked = false;
      holding = false;
      const items = queue.map(heardOf);
      for (const { itemId } of queue) flushed.add(itemId);
      queue = [];
      if (!this.holdFlush) return Promise.resolve(items);
      this.holdFlush = false;
      return new Promise((resolve) => held.push(() => resolve(items)));
    },
    answerFlush() {
      for (const answer of held) answer();
      held = [];
    },
    duck(on) {
      this.commands.push(on ? 'duck' : 'swell');
      ducked = on;
    },
    hold() {
      this.commands.push('hold');
      holding = true;
      return Promise.resolve(queue.map(heardOf));
    },
    resume() {
      this.commands.push('resume');
      holding = false;
      const head = queue[0];
      if (head) head.position = Math.max(0, head.position - msToSamples(this.rewindMs));
    },
    tellRendered: (pcm, frame) => onRendered(pcm, frame),
    onRendered(listener) {
      onRendered = listener;
    },
    onStarted(listener) {
      onStarted = listener;
    },
    onFinished(listener) {
      onFinished = listener;
    },
  };
}
