import { z } from 'zod';

/** What the user chooses, as it is kept on disk. Keys are not settings: they live in the system's key store. */

/** Where a conversation goes: our own server on this computer, OpenAI, or any compatible server. */
export const serviceSchema = z.enum(['local', 'openai', 'custom']);
export type Service = z.infer<typeof serviceSchema>;

export const talkModeSchema = z.enum(['push-to-talk', 'free-mic']);
export type TalkMode = z.infer<typeof talkModeSchema>;

/** The voices the protocol names. */
export const VOICES = [
  'alloy',
  'ash',
  'ballad',
  'cedar',
  'coral',
  'echo',
  'marin',
  'sage',
  'shimmer',
  'verse',
] as const;

const url = z.string().trim().max(2000);
const name = z.string().trim().max(200);

const turnDetectionSchema = z.strictObject({
  /** Speech probability from which sound counts as speech, 0..1. */
  threshold: z.number().min(0).max(1),
  /** Milliseconds kept from before speech began. */
  prefixPaddingMs: z.number().int().min(0).max(2000),
  /** Milliseconds of silence that end a turn. */
  silenceDurationMs: z.number().int().min(100).max(5000),
});

/** What may cut an answer off besides the talk key, which always does. */
export const interruptionPolicySchema = z.enum(['at-once', 'after-words', 'by-key']);
export type InterruptionPolicy = z.infer<typeof interruptionPolicySchema>;

const interruptionSchema = z.strictObject({
  /** 'at-once': a voice; 'after-words': `words` recognised words; 'by-key': no voice. */
  when: interruptionPolicySchema,
  words: z.number().int().min(1).max(10),
});

const llmSchema = z.strictObject({
  kind: z.enum(['builtin', 'openai-compatible']),
  /** Base URL of a chat-completions server, for instance Ollama's. */
  baseUrl: url,
  model: name,
});

export const settingsSchema = z.strictObject({
  service: serviceSchema,
  /** Base URL of a compatible server (`service: 'custom'`): http(s) or ws(s). */
  customBaseUrl: url,
  /** Model asked for at OpenAI or a compatible server. */
  model: name,
  voice: z.enum(VOICES),
  instructions: z.string().max(16_000),

  talkMode: talkModeSchema,
  /** Electron accelerator of the push-to-talk hotkey. */
  hotkey: z.string().min(1).max(100),

  /** Device ids as the browser gives them; '' is the system's default. */
  microphoneId: z.string().max(500),
  speakerId: z.string().max(500),
  /** Keeps the microphone open between turns, so that the 300 ms before the key press are kept too. */
  preRoll: z.boolean(),
  echoCancellation: z.boolean(),
  /** Off by default: it costs the recognisers words, and they take noise out themselves (docs/adr/0005). */
  noiseSuppression: z.boolean(),
  autoGainControl: z.boolean(),

  turnDetection: turnDetectionSchema,
  interruption: interruptionSchema,
  /** The language model of the local server. */
  llm: llmSchema,

  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh']),
});

export type Settings = z.infer<typeof settingsSchema>;

export const defaultSettings: Settings = {
  service: 'local',
  customBaseUrl: '',
  model: 'gpt-realtime-2.1',
  voice: 'marin',
  instructions:
    'You are Parley, a friendly voice assistant. Answer in one or two short spoken sentences. Never use lists, markdown or emoji.',
  talkMode: 'push-to-talk',
  hotkey: 'Control+Shift+Space',
  microphoneId: '',
  speakerId: '',
  preRoll: true,
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: true,
  turnDetection: { threshold: 0.5, prefixPaddingMs: 300, silenceDurationMs: 500 },
  interruption: { when: 'at-once', words: 2 },
  llm: { kind: 'builtin', baseUrl: 'http://127.0.0.1:11434/v1', model: '' },
  theme: 'system',
  language: 'system',
};

/** A change to some settings; nested objects may be partial too. */
export const settingsPatchSchema = settingsSchema
  .extend({
    turnDetection: turnDetectionSchema.partial(),
    interruption: interruptionSchema.partial(),
    llm: llmSchema.partial(),
  })
  .partial();

export type SettingsPatch = z.infer<typeof settingsPatchSchema>;

/** `settings` with `patch` laid over it. Throws a ZodError when the result is not valid. */
export function patchSettings(settings: Settings, patch: SettingsPatch): Settings {
  return settingsSchema.parse({
    ...settings,
    ...patch,
    turnDetection: { ...settings.turnDetection, ...patch.turnDetection },
    interruption: { ...settings.interruption, ...patch.interruption },
    llm: { ...settings.llm, ...patch.llm },
  });
}

/**
 * Settings from whatever a file held: every top-level field that is valid is taken, the rest is the default.
 * `rejected` names the fields that were present and not valid.
 */
export function readSettings(raw: unknown): { settings: Settings; rejected: string[] } {
  let settings = defaultSettings;
  const rejected: string[] = [];
  if (typeof raw !== 'object' || raw === null) return { settings, rejected };
  for (const [field, value] of Object.entries(raw)) {
    const patch = settingsPatchSchema.safeParse({ [field]: value });
    if (patch.success) settings = patchSettings(settings, patch.data);
    else rejected.push(field);
  }
  return { settings, rejected };
}
