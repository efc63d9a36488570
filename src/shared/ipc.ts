/**
 * Everything that crosses between the page and the main process, in one map. A command's schema is its runtime
 * check in the main process and its type in the page; the window API in `preload` is derived from these maps.
 * Sound is not here: it goes through two MessagePorts (`audio-port.ts`).
 */
import { z } from 'zod';
import type { ServerEvent } from './realtime';
import { type Settings, settingsPatchSchema, talkModeSchema } from './settings';

/** What the page's audio graph reports about the microphone. */
export const microphoneStatusSchema = z.enum([
  'off',
  'opening',
  'open',
  /** The user or the system refused. */
  'denied',
  /** There is no microphone, or the chosen one is gone. */
  'missing',
  'failed',
]);
export type MicrophoneStatus = z.infer<typeof microphoneStatusSchema>;

/** One key a service: a key for OpenAI is never sent to another server. */
export const keyNameSchema = z.enum(['openai', 'custom', 'llm']);
export type KeyName = z.infer<typeof keyNameSchema>;

/** Commands: page to main. The schema checks the single argument. */
export const commandSchemas = {
  /** The page is loaded and listening; answers with the state and everything shown so far. */
  ready: z.undefined(),
  'talk.press': z.undefined(),
  'talk.release': z.undefined(),
  'talk.mode': talkModeSchema,
  'talk.mute': z.boolean(),
  interrupt: z.undefined(),
  'text.send': z.string().trim().min(1).max(16_000),
  'conversation.clear': z.undefined(),
  /** Connects again now. */
  'connection.retry': z.undefined(),
  'settings.update': settingsPatchSchema,
  'key.set': z.strictObject({ name: keyNameSchema, value: z.string().trim().min(1).max(1000) }),
  'key.clear': keyNameSchema,
  'microphone.status': z.strictObject({
    status: microphoneStatusSchema,
    detail: z.string().max(500),
  }),
  /** Opens the system's page for the microphone permission, where there is one. */
  'microphone.help': z.undefined(),
  /** Asks for the two audio ports, which arrive as `window` messages (`AudioPortsMessage`). */
  'audio.ports': z.undefined(),
} as const;

export type CommandName = keyof typeof commandSchemas;
export type CommandArgument<C extends CommandName> = z.infer<(typeof commandSchemas)[C]>;

export interface CommandResults {
  ready: { state: AppState; history: ConversationEvent[] };
  'settings.update': CommandResult;
  'key.set': CommandResult;
  'key.clear': CommandResult;
}
export type CommandResultOf<C extends CommandName> = C extends keyof CommandResults
  ? CommandResults[C]
  : // biome-ignore lint/suspicious/noConfusingVoidType: what a handler without an answer returns.
    void;

/** A command that can fail for a reason the user must see; `problem` selects the sentence. */
export type CommandResult = { ok: true } | { ok: false; problem: Problem };

/** Events: main to page. */
export interface AppEvents {
  /** The whole state, at every change of it. */
  state: AppState;
  /** What `reduceConversation` folds, in order. */
  conversation: ConversationEvent;
  /** A short-lived note that does not change the state, for instance "conversation cleared". */
  notice: Problem;
}
export type AppEventName = keyof AppEvents;

/** Server events without audio bytes, and what the client itself knows about the conversation. */
export type ConversationEvent = ServerEvent | ClientNote;

/** Facts that are not on the wire; names start with `client.` so they cannot collide with server events. */
export type ClientNote =
  /** The user heard only part of an item before it was cut. `heardText` is the text up to there. */
  | {
      type: 'client.interrupted';
      itemId: string;
      audioEndMs: number;
      receivedMs: number;
      heardText: string;
    }
  /** The first sound of an item reached the output. */
  | { type: 'client.playback_started'; itemId: string }
  /** All sound of an item reached the output. */
  | { type: 'client.playback_finished'; itemId: string }
  /** The connection was lost while this response was open; what was received of it stays. */
  | { type: 'client.response_lost'; responseId: string }
  /** Everything shown is to be forgotten. */
  | { type: 'client.cleared' };

/** What one glance must tell. Derived in the main process (`deriveActivity`), never stored. */
export type Activity = 'idle' | 'connecting' | 'listening' | 'thinking' | 'speaking' | 'trouble';

export type ConnectionState = 'disconnected' | 'connecting' | 'connected' | 'recovering' | 'closing';

/** Where a key comes from. `storable` is false where the system offers no real protection for it. */
export interface KeyStatus {
  source: 'none' | 'stored' | 'environment';
  storable: boolean;
}

export interface HotkeyStatus {
  accelerator: string;
  /** 'hold' has key-down and key-up; 'toggle' starts with one press and ends with the next. */
  kind: 'hold' | 'toggle' | 'unavailable';
}

/** Reasons the user sees a sentence for; each has an entry `problem.<code>` in every locale. */
export const PROBLEM_CODES = [
  'microphone-denied',
  'microphone-missing',
  'microphone-failed',
  'speaker-failed',
  'key-missing',
  'key-rejected',
  'key-not-storable',
  'model-rejected',
  'server-refused',
  'server-unreachable',
  'server-lost',
  'local-server-stopped',
  'local-server-failed',
  'engine-missing',
  'url-invalid',
  'hotkey-taken',
  'session-expired',
  'server-error',
  'settings-invalid',
  'settings-not-saved',
  'not-heard',
  'llm-unreachable',
  'echo-heard',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  code: ProblemCode;
  /** The technical reason, shown on request; never contains a key. */
  detail: string;
}

/** Everything the page needs besides the conversation; small, sent whole. */
export interface AppState {
  version: string;
  activity: Activity;
  connection: ConnectionState;
  /** Where the conversation goes, for people: "this computer" or a host name. */
  serverLabel: string;
  talkMode: TalkModeState;
  microphone: { status: MicrophoneStatus; wanted: boolean };
  hotkey: HotkeyStatus;
  keys: Record<KeyName, KeyStatus>;
  settings: Settings;
  /** 'en' or 'zh', after `system` was resolved. */
  language: 'en' | 'zh';
  /** Engines of the local server by stage; empty when another server is used. */
  engines: Record<string, string>;
  /** A chat server found on its usual port that is not in use yet; null when none. */
  offeredLlm: { baseUrl: string; models: string[] } | null;
  /** What is wrong now, most important first; empty when all is well. */
  problems: Problem[];
}

export type TalkModeState =
  | { mode: 'push-to-talk'; talking: 'idle' | 'holding' | 'latched' }
  | { mode: 'free-mic'; talking: 'muted' | 'listening' };

/** The `window` message that brings the two ports from the preload to the page. */
export interface AudioPortsMessage {
  type: 'parley.audio-ports';
}
