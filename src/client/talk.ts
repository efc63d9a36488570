/** The microphone in its two talk modes: push-to-talk records turns, free mic streams while it is not muted. */
import { CHUNK_SAMPLES, msToSamples, type Pcm16 } from '../shared/audio';
import type { Problem } from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import type { ClientEvent } from '../shared/realtime';
import type { TalkMode } from '../shared/settings';
import type { Microphone } from './audio';
import type { Clock } from './clock';
import { createSerial } from './serial';
import { appendEvent, MIN_COMMIT_MS, type SpokenTurns } from './spoken-turns';

/** Milliseconds from before the key press that belong to a turn. */
export const PRE_ROLL_MS = 300;
/** A key that is held this long is stuck. */
export const STUCK_KEY_MS = 5 * 60_000;
/** Silence beyond the server's own measure, so that its turn detection is sure of it. */
const EXTRA_SILENCE_MS = 300;

export interface TalkOptions {
  microphone: Microphone;
  turns: SpokenTurns;
  clock: Clock;
  log: Logger;
  mode: TalkMode;
  ready(): boolean;
  send(event: ClientEvent): void;
  preRoll(): boolean;
  silenceDurationMs(): number;
  /** The user is heard to speak. */
  userSpeaking(): boolean;
  /** Free mic: a stream of chunks begins, brings a chunk, and ends; with `leaving`, free mic did. */
  onStream(): void;
  onStreamed(pcm: Pcm16, frame: number): void;
  onStreamEnd(leaving: boolean): void;
  /** A new turn begins: what is being said is interrupted. */
  onTurnBegins(): void;
  /** Resolves when the server was told what was heard; the next turn is committed after that. */
  settled(): Promise<void>;
  onNotice(problem: Problem): void;
  onChange(): void;
}

export interface Talk {
  readonly mode: TalkMode;
  readonly muted: boolean;
  start(): void;
  /** Resolves when the microphone is off. What was recorded and not committed is dropped. */
  stop(): Promise<void>;
  press(): void;
  release(): void;
  setMuted(muted: boolean): void;
  /** `apply` runs when the old mode has ended and before the new one begins. */
  setMode(mode: TalkMode, apply: (spoke: boolean) => void): void;
}

export function createTalk(options: TalkOptions): Talk {
  const { microphone, turns, clock, log, ready, send, onChange } = options;
  const serial = createSerial((cause) => log.error('microphone failed', { error: toError(cause) }));
  let { mode } = options;
  let muted = false;
  let held = false;
  let streaming = false;
  let started = false;
  let cancelWatchdog: () => void = () => undefined;

  microphone.onChunk((pcm, frame) => {
    if (turns.recording) turns.add(pcm);
    else if (streaming) options.onStreamed(pcm, frame);
  });

  const stream = () => {
    if (!started || muted || mode !== 'free-mic' || streaming) return;
    streaming = true;
    options.onStream();
    microphone.start(0);
  };
  const unstream = async (leaving: boolean) => {
    if (!streaming) return;
    await microphone.stop();
    streaming = false;
    options.onStreamEnd(leaving);
  };
  /** Lets the server's turn detection end a turn that the microphone was taken from. */
  const endTurnWithSilence = () => {
    if (!ready() || !options.userSpeaking()) return;
    let left = msToSamples(options.silenceDurationMs() + EXTRA_SILENCE_MS);
    for (; left > 0; left -= CHUNK_SAMPLES) send(appendEvent(new Int16Array(Math.min(left, CHUNK_SAMPLES))));
  };

  const release = () => {
    if (!held) return;
    held = false;
    cancelWatchdog();
    serial.run(async () => {
      await microphone.stop();
      await options.settled();
      if (turns.end() === 'too-short') {
        options.onNotice({ code: 'not-heard', detail: `less than ${MIN_COMMIT_MS} ms of sound` });
      }
      onChange();
    });
  };

  return {
    get mode() {
      return mode;
    },
    get muted() {
      return muted;
    },
    start() {
      started = true;
      serial.run(stream);
    },
    async stop() {
      started = false;
      held = false;
      cancelWatchdog();
      serial.run(async () => {
        await microphone.stop();
        streaming = false;
      });
      await serial.idle();
    },
    press() {
      if (held || !started || mode !== 'push-to-talk') return;
      held = true;
      cancelWatchdog = clock.after(STUCK_KEY_MS, () => {
        log.warn('push-to-talk held too long');
        release();
      });
      options.onTurnBegins();
      serial.run(() => {
        turns.begin();
        microphone.start(options.preRoll() ? PRE_ROLL_MS : 0);
        onChange();
      });
    },
    release,
    setMuted(next) {
      if (next === muted) return;
      muted = next;
      serial.run(async () => {
        if (!muted) return stream();
        await unstream(false);
        endTurnWithSilence();
      });
      onChange();
    },
    setMode(next, apply) {
      if (next === mode) return;
      release();
      mode = next;
      serial.run(async () => {
        await unstream(true);
        apply(options.userSpeaking());
        stream();
        onChange();
      });
    },
  };
}
