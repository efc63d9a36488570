/** The words of the judge: its states, what it is told, what it orders, and the measures it goes by. */
import type { Hearing } from '../ear';
import type { InterruptionPolicy } from '../shared/settings';

/** Milliseconds of voice below which a stretch is no word: of a "stop" the ear takes 120 to 200 for voice. */
export const SHORT_VOICE_MS = 100;
/** Milliseconds of voice up to which a stretch is a syllable or two: recognisers find a word in every click and hum. */
export const BRIEF_VOICE_MS = 350;
/** Milliseconds of voice from which a stretch is meant for the assistant, whatever it says. */
export const CLEAR_VOICE_MS = 600;
/** The same for a stretch that may be hummed or coughed. */
export const CLEAR_WORDLESS_MS = 1200;
/** Milliseconds an answer is ducked for a sound that does not become a voice. */
export const DUCKED_MAX_MS = 1000;
/** Milliseconds an answer is held for a stretch with little voice in it. */
export const HELD_MAX_MS = 2500;
/** Milliseconds after which a server that hears no speech in what it got will not hear any. */
export const SERVER_HEARS_MS = 800;
/** Milliseconds beyond its own measure of silence after which the server has heard no turn. */
export const COMMIT_GRACE_MS = 2000;
/** Milliseconds to wait for the words of a committed turn. */
export const TRANSCRIPT_MS = 3000;
/** Milliseconds in which a server that makes the response by itself has begun it, once the words are known. */
export const RESPONSE_GRACE_MS = 300;

export interface JudgePolicy {
  when: InterruptionPolicy;
  words: number;
  silenceDurationMs: number;
  /** The server can be asked for the words. */
  connected: boolean;
}

export type JudgeState =
  | { name: 'quiet' }
  /** A sound goes on that was judged before; with `voice`, even one that was held for. */
  | { name: 'ignoring'; voice: boolean }
  | { name: 'ducked'; forMs: number }
  | { name: 'held'; forMs: number; voiceMs: number; wordless: boolean }
  | Trial
  /** The user has the floor, and their turn is on its way to the server. With `owes`, the server may not answer it. */
  | { name: 'yielded'; running: boolean; owes: boolean };

/** The server hears the user under guard: the words decide. */
export interface Trial {
  name: 'trial';
  /** The answer is silent meanwhile; otherwise it plays softly. */
  held: boolean;
  /** No answer is to be heard any more, so every word is a turn. */
  over: boolean;
  /** Milliseconds of voice in the stretches that ended, and in the running one (0 when none runs). */
  spokenMs: number;
  runningMs: number;
  /** The item that the server hears being spoken. */
  speaking: string | null;
  /** Committed items whose words are not known. */
  items: readonly string[];
}

export type JudgeInput =
  /** A chunk of `ms` milliseconds; `answer`: one is to be heard. */
  | { type: 'hearing'; hearing: Hearing; ms: number; answer: boolean }
  /** No answer is to be heard any more. */
  | { type: 'over' }
  | { type: 'speech-started'; itemId: string }
  /** `lifting`: the server may have committed it before it knew that the guard is lifted. */
  | { type: 'committed'; itemId: string; lifting: boolean }
  /** The words of an item; null when the server could not recognise them. */
  | { type: 'words'; itemId: string; transcript: string | null; final: boolean }
  | { type: 'guard-refused' }
  | { type: 'response-created' }
  | { type: 'deadline' }
  /** The microphone was taken away; `leaving`: for good. */
  | { type: 'stopped'; leaving: boolean }
  /** The server session is over; what was sent of a turn it did not commit is sent again to the next one. */
  | { type: 'lost' }
  /** The next server session is there. */
  | { type: 'connected' };

export type JudgeAction =
  | { do: 'duck' | 'hold' | 'guard' | 'unguard' }
  /** The answer plays on as if nothing had been. */
  | { do: 'resume' }
  /** The answer is cut off. */
  | { do: 'interrupt' }
  /** The server gets the stretch from its onset, and what follows. */
  | { do: 'release' }
  | { do: 'request' }
  /** The server forgets sound that is no turn. */
  | { do: 'clear' }
  | { do: 'delete'; itemId: string }
  /** Asks for a `deadline` in `ms` milliseconds, in place of the last one; null for none. */
  | { do: 'deadline'; ms: number | null };

export interface Judgement {
  state: JudgeState;
  actions: JudgeAction[];
}

export const QUIET: JudgeState = { name: 'quiet' };
export const NO_DEADLINE: JudgeAction = { do: 'deadline', ms: null };

export const to = (state: JudgeState, ...actions: (JudgeAction | Simple)[]): Judgement => ({
  state,
  actions: actions.map((action) => (typeof action === 'string' ? { do: action } : action)),
});
type Simple = Exclude<JudgeAction, { itemId: string } | { ms: number | null }>['do'];

export type Stretch = Pick<Hearing, 'voiceMs' | 'wordless'>;

export const isWord = ({ voiceMs, wordless }: Stretch) => voiceMs >= SHORT_VOICE_MS && !wordless;
export const isClear = ({ voiceMs, wordless }: Stretch) =>
  voiceMs >= (wordless ? CLEAR_WORDLESS_MS : CLEAR_VOICE_MS);
export const yielded = (running: boolean, owes = false): JudgeState => ({ name: 'yielded', running, owes });
export const trialOf = (held: boolean, voice: Pick<Trial, 'spokenMs' | 'runningMs'>): Trial => ({
  name: 'trial',
  held,
  over: false,
  ...voice,
  speaking: null,
  items: [],
});
export const commitDeadline = ({ silenceDurationMs }: JudgePolicy): JudgeAction => ({
  do: 'deadline',
  ms: silenceDurationMs + COMMIT_GRACE_MS,
});
