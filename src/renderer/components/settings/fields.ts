/** Every setting the sheet shows: where it stands, what it belongs to on the wire, and when it has a meaning. */
import type { AppState } from '../../../shared/ipc';
import { defaultSettings, type Settings, type SettingsPatch } from '../../../shared/settings';

export const SECTIONS = ['conversation', 'sound', 'talking', 'local', 'look'] as const;
export type Section = (typeof SECTIONS)[number];

export type FieldId =
  | 'service'
  | 'customBaseUrl'
  | 'openaiKey'
  | 'customKey'
  | 'model'
  | 'voice'
  | 'instructions'
  | 'microphoneId'
  | 'speakerId'
  | 'preRoll'
  | 'echoCancellation'
  | 'noiseSuppression'
  | 'autoGainControl'
  | 'talkMode'
  | 'hotkey'
  | 'interruption'
  | 'interruptionWords'
  | 'threshold'
  | 'silenceDurationMs'
  | 'prefixPaddingMs'
  | 'engines'
  | 'llmKind'
  | 'llmBaseUrl'
  | 'llmModel'
  | 'llmKey'
  | 'theme'
  | 'language';

export interface Field {
  id: FieldId;
  section: Section;
  /** The name on the wire or in the browser, shown in small print and found by search. */
  wire: string | null;
  /** False hides a field that would do nothing now. */
  shown(app: Pick<AppState, 'settings' | 'engines'>): boolean;
}

const always = (): boolean => true;
const remote: Field['shown'] = ({ settings }) => settings.service !== 'local';
const local: Field['shown'] = ({ settings }) => settings.service === 'local';
const chatServer: Field['shown'] = (app) => local(app) && app.settings.llm.kind === 'openai-compatible';

const turn = 'audio.input.turn_detection';

export const FIELDS: readonly Field[] = [
  { id: 'service', section: 'conversation', wire: null, shown: always },
  {
    id: 'customBaseUrl',
    section: 'conversation',
    wire: '/v1/realtime',
    shown: ({ settings }) => settings.service === 'custom',
  },
  {
    id: 'openaiKey',
    section: 'conversation',
    wire: 'OPENAI_API_KEY',
    shown: ({ settings }) => settings.service === 'openai',
  },
  {
    id: 'customKey',
    section: 'conversation',
    wire: 'PARLEY_KEY',
    shown: ({ settings }) => settings.service === 'custom',
  },
  { id: 'model', section: 'conversation', wire: 'model', shown: remote },
  { id: 'voice', section: 'conversation', wire: 'audio.output.voice', shown: always },
  { id: 'instructions', section: 'conversation', wire: 'instructions', shown: always },

  { id: 'microphoneId', section: 'sound', wire: 'deviceId', shown: always },
  { id: 'speakerId', section: 'sound', wire: 'sinkId', shown: always },
  { id: 'preRoll', section: 'sound', wire: null, shown: always },
  { id: 'echoCancellation', section: 'sound', wire: 'echoCancellation', shown: always },
  { id: 'noiseSuppression', section: 'sound', wire: 'noiseSuppression', shown: always },
  { id: 'autoGainControl', section: 'sound', wire: 'autoGainControl', shown: always },

  { id: 'talkMode', section: 'talking', wire: 'turn_detection', shown: always },
  { id: 'hotkey', section: 'talking', wire: null, shown: always },
  { id: 'interruption', section: 'talking', wire: null, shown: always },
  {
    id: 'interruptionWords',
    section: 'talking',
    wire: null,
    shown: ({ settings }) => settings.interruption.when === 'after-words',
  },
  { id: 'silenceDurationMs', section: 'talking', wire: `${turn}.silence_duration_ms`, shown: always },
  { id: 'threshold', section: 'talking', wire: `${turn}.threshold`, shown: always },
  { id: 'prefixPaddingMs', section: 'talking', wire: `${turn}.prefix_padding_ms`, shown: always },

  {
    id: 'engines',
    section: 'local',
    wire: 'VAD, STT, LLM, TTS',
    shown: (app) => local(app) && Object.keys(app.engines).length > 0,
  },
  { id: 'llmKind', section: 'local', wire: 'LLM', shown: local },
  { id: 'llmBaseUrl', section: 'local', wire: '/chat/completions', shown: chatServer },
  { id: 'llmModel', section: 'local', wire: 'model', shown: chatServer },
  { id: 'llmKey', section: 'local', wire: 'PARLEY_LLM_KEY', shown: chatServer },

  { id: 'theme', section: 'look', wire: null, shown: always },
  { id: 'language', section: 'look', wire: null, shown: always },
];

/** The section a field stands in. */
export function sectionOf(id: FieldId): Section {
  return FIELDS.find((field) => field.id === id)?.section ?? 'conversation';
}

/** Fields whose words contain every word of `query`; `wordsOf` gives a field's label and description. */
export function searchFields(
  fields: readonly Field[],
  query: string,
  wordsOf: (id: FieldId) => string,
): Field[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  return fields.filter((field) => {
    const words = `${wordsOf(field.id)} ${field.wire ?? ''}`.toLowerCase();
    return wanted.every((word) => words.includes(word));
  });
}

/** Settings that stand at the top level; the rest are in `turnDetection`, `interruption` and `llm`. */
export type PlainSetting = Exclude<keyof Settings, 'turnDetection' | 'interruption' | 'llm'>;

/** One setting as the sheet edits it. */
export interface Setting<T> {
  read(settings: Settings): T;
  patch(value: T): SettingsPatch;
}

export function plain<K extends PlainSetting>(key: K): Setting<Settings[K]> {
  return { read: (s) => s[key], patch: (value) => ({ [key]: value }) as SettingsPatch };
}

export function turnDetection<K extends keyof Settings['turnDetection']>(key: K): Setting<number> {
  return { read: (s) => s.turnDetection[key], patch: (value) => ({ turnDetection: { [key]: value } }) };
}

export function interruption<K extends keyof Settings['interruption']>(
  key: K,
): Setting<Settings['interruption'][K]> {
  return {
    read: (s) => s.interruption[key],
    patch: (value) => ({ interruption: { [key]: value } }) as SettingsPatch,
  };
}

export function llm<K extends keyof Settings['llm']>(key: K): Setting<Settings['llm'][K]> {
  return { read: (s) => s.llm[key], patch: (value) => ({ llm: { [key]: value } }) as SettingsPatch };
}

export function defaultOf<T>(setting: Setting<T>): T {
  return setting.read(defaultSettings);
}
