/**
 * The microphone in free mic. While an answer is to be heard its sound is kept, not sent, until the judge gives the user
 * the floor; otherwise all of it is sent as it comes.
 */
import type { Ear, Hearing } from '../ear';
import { type Pcm16, samplesToMs } from '../shared/audio';
import { type Logger, toError } from '../shared/log';
import type { ClientEvent, ServerEvent } from '../shared/realtime';
import type { Speaker } from './audio';
import type { Clock } from './clock';
import { createEchoWatch } from './echo-watch';
import { judge } from './judge';
import { type JudgeAction, type JudgeInput, type JudgePolicy, type JudgeState, QUIET } from './judgement';
import { createMicGate } from './mic-gate';
import type { TurnTracker } from './turn-tracker';

/**
 * Milliseconds without a sound after which the microphone rests: silence costs the server work and a cloud's user
 * money. Longer than any silence a server waits for at the end of a turn.
 */
export const REST_AFTER_MS = 6000;

const SILENCE: Hearing = { sound: 'none', stretchMs: 0, voiceMs: 0, wordless: false, echo: false };

/** Told of what is heard and decided, for recordings. */
export type Trace = (kind: 'hearing' | 'judge', fields: Record<string, unknown>) => void;

export interface FreeMicOptions {
  speaker: Speaker;
  tracker: TurnTracker;
  clock: Clock;
  log: Logger;
  trace: Trace;
  policy(): JudgePolicy;
  prefixPaddingMs(): number;
  /** Milliseconds between rendering and the loudspeaker. */
  outputMs(): number;
  /** An answer is to be heard. */
  answering(): boolean;
  send(event: ClientEvent): void;
  /** Whether anybody waits for silence of the microphone. */
  rest(on: boolean): void;
  /** Cuts the answer off. */
  interrupt(): void;
  /** Asks for a response as soon as the server knows what was heard of the last one. */
  request(): void;
  setGuard(on: boolean): void;
  /** The guard was lifted, and the server has not said yet that it knows. */
  lifting(): boolean;
  /** Deletes an item that turned out to be no turn. */
  forget(itemId: string): void;
  onChange(): void;
}

export interface FreeMic {
  /** The user is heard over an answer, or was given the floor and is not done. */
  readonly userSpeaking: boolean;
  /** The microphone hears our own answers. */
  readonly echo: boolean;
  setEar(ear: Ear | null): void;
  /** The device was opened, perhaps another one. */
  opened(): void;
  /** A stream of chunks begins. */
  begin(): void;
  take(pcm: Pcm16, frame: number): void;
  /** The stream ended; with `leaving`, free mic did. */
  stopped(leaving: boolean): void;
  /** Whether the judge, not the server, decides what the speech that the server heard means. */
  claims(itemId: string): boolean;
  /** The answer was cut off by a key. */
  flushed(): void;
  /** The answer was cut off because the server hears the user, whose sound it shall get. */
  giveWay(): void;
  /** Something changed; perhaps no answer is to be heard any more. */
  refresh(): void;
  /** What the server tells, apart from `speech_started`; before anybody else acts on it. */
  handle(event: ServerEvent): void;
  guardRefused(): void;
  connected(): void;
  lost(): void;
  /** The conversation was forgotten, and what was committed of it deleted. */
  cleared(): void;
  /** Free mic ended, or the conversation did: nothing is awaited any more. */
  reset(): void;
}

export function createFreeMic(options: FreeMicOptions): FreeMic {
  const { speaker, tracker, clock, log, trace, policy, answering, send } = options;
  const { prefixPaddingMs, outputMs } = options;
  const gate = createMicGate({ prefixPaddingMs, outputMs, connected: () => policy().connected, send });
  const echo = createEchoWatch();
  let ear: Ear | null = null;
  let state: JudgeState = QUIET;
  let sound: Hearing['sound'] = 'none';
  let ducked = false;
  let held = false;
  let quietMs = 0;
  /** The words so far of the item that was told of last. */
  let partial = { itemId: '', text: '' };
  let cancelDeadline: () => void = () => undefined;

  const hasFloor = () => state.name === 'trial' || state.name === 'yielded';
  const isOpen = (fading: boolean) => {
    if (hasFloor()) return true;
    // The server hears a turn that began before the answer did.
    if (answering()) return tracker.speakingItemId !== null && policy().when !== 'by-key';
    return !fading;
  };

  /** Whether nothing is worth sending: no sound for long, and nobody waits for one. A sound ends it, from before its onset. */
  const rests = (hearing: Hearing, ms: number) => {
    const rested = quietMs >= REST_AFTER_MS;
    const awake = hearing.stretchMs > 0 || state.name !== 'quiet' || tracker.speakingItemId !== null;
    quietMs = awake ? 0 : quietMs + ms;
    if (rested && awake && !answering()) gate.releaseStretch();
    return quietMs >= REST_AFTER_MS;
  };

  const hold = () => {
    held = true;
    speaker.hold().catch((cause: unknown) => log.error('hold failed', { error: toError(cause) }));
  };
  const duck = () => {
    ducked = true;
    speaker.duck(true);
  };
  const resume = () => {
    if (held) speaker.resume();
    if (ducked) speaker.duck(false);
    held = false;
    ducked = false;
  };
  const setDeadline = (ms: number | null) => {
    cancelDeadline();
    cancelDeadline = ms === null ? () => undefined : clock.after(ms, () => step({ type: 'deadline' }));
  };

  const act = (action: JudgeAction): void => {
    trace('judge', { action: action.do, state: state.name });
    switch (action.do) {
      case 'duck':
        duck();
        break;
      case 'hold':
        hold();
        break;
      case 'resume':
        resume();
        break;
      case 'interrupt':
        // The flush takes both back.
        held = false;
        ducked = false;
        options.interrupt();
        break;
      case 'release':
        gate.releaseTurn();
        break;
      case 'guard':
      case 'unguard':
        options.setGuard(action.do === 'guard');
        break;
      case 'request':
        options.request();
        break;
      case 'clear':
        send({ type: 'input_audio_buffer.clear' });
        tracker.reset();
        break;
      case 'delete':
        options.forget(action.itemId);
        break;
      case 'deadline':
        setDeadline(action.ms);
        break;
      default:
        action satisfies never;
    }
  };
  const step = (input: JudgeInput): void => {
    const before = state;
    const judgement = judge(state, input, policy());
    state = judgement.state;
    for (const action of judgement.actions) act(action);
    if (!hasFloor()) gate.forgetTurn();
    if (state.name !== before.name) options.onChange();
  };

  const hear = (pcm: Pcm16, frame: number): Hearing => {
    if (ear === null) return SILENCE;
    try {
      return ear.hear(pcm, frame);
    } catch (cause) {
      log.error('the ear failed', { error: toError(cause) });
      setEar(null);
      return SILENCE;
    }
  };
  /** Without an ear the server alone decides; what is undecided is decided by what is known. */
  const setEar = (next: Ear | null) => {
    if (next === null) {
      step({ type: 'stopped', leaving: false });
      if (!hasFloor()) gate.drop();
      options.rest(false);
    } else speaker.onRendered((pcm, frame) => ear?.reference(pcm, frame));
    ear = next;
  };
  const note = (hearing: Hearing, frame: number) => {
    if (hearing.sound === sound) return;
    sound = hearing.sound;
    trace('hearing', { ...hearing, frame });
  };
  const addWords = (itemId: string, delta: string) => {
    partial = { itemId, text: partial.itemId === itemId ? partial.text + delta : delta };
    step({ type: 'words', itemId, transcript: partial.text, final: false });
  };
  const endWords = (itemId: string, transcript: string | null) =>
    step({ type: 'words', itemId, transcript, final: true });
  const flushed = () => {
    held = false;
    ducked = false;
    step({ type: 'over' });
  };
  const forgetStream = () => {
    gate.drop();
    quietMs = 0;
    sound = 'none';
    ear?.reset();
  };
  const reset = () => {
    cancelDeadline();
    state = QUIET;
    gate.forgetTurn();
  };

  return {
    get userSpeaking() {
      return state.name === 'held' || state.name === 'yielded' || (state.name === 'trial' && !state.over);
    },
    get echo() {
      return echo.heard;
    },
    setEar,
    opened: () => ear?.forgetRoom(),
    begin: forgetStream,
    take(pcm, frame) {
      const ms = samplesToMs(pcm.length);
      const hearing = hear(pcm, frame);
      note(hearing, frame);
      gate.add(pcm, hearing, state.name === 'held');
      if (ear === null && policy().when !== 'by-key') return gate.open();
      const echoBefore = echo.heard;
      echo.add(answering(), hearing.echo, ms);
      step({ type: 'hearing', hearing, ms, answer: answering() });
      if (hasFloor()) gate.endFading();
      const fading = gate.fading(answering(), hearing, ms);
      const resting = rests(hearing, ms);
      if (!resting && isOpen(fading)) gate.open();
      options.rest(resting && !fading);
      if (echo.heard !== echoBefore) options.onChange();
    },
    stopped(leaving) {
      step({ type: 'stopped', leaving });
      forgetStream();
    },
    claims(itemId) {
      if (state.name !== 'trial') return answering() && policy().when === 'by-key';
      step({ type: 'speech-started', itemId });
      return true;
    },
    flushed,
    giveWay() {
      gate.endFading();
      gate.open();
      flushed();
    },
    refresh() {
      if (answering()) options.rest(false);
      else step({ type: 'over' });
    },
    handle(event) {
      switch (event.type) {
        case 'input_audio_buffer.committed':
          step({ type: 'committed', itemId: event.item_id, lifting: options.lifting() });
          break;
        case 'conversation.item.input_audio_transcription.delta':
          addWords(event.item_id, event.delta ?? '');
          break;
        case 'conversation.item.input_audio_transcription.completed':
          endWords(event.item_id, event.transcript);
          break;
        case 'conversation.item.input_audio_transcription.failed':
          endWords(event.item_id, null);
          break;
        case 'response.created':
          step({ type: 'response-created' });
          break;
      }
    },
    guardRefused: () => step({ type: 'guard-refused' }),
    connected() {
      gate.sendAgain();
      step({ type: 'connected' });
    },
    lost() {
      if (hasFloor() && tracker.speakingItemId !== null) options.forget(tracker.speakingItemId);
      step({ type: 'lost' });
    },
    cleared() {
      if (state.name !== 'trial') return;
      options.setGuard(false);
      reset();
    },
    reset,
  };
}
