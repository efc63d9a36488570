/** Named states of the whole window, as the main process could send them. */

import type { FieldId } from '../../../src/renderer/components/settings/fields';
import type { Conversation, ConversationEntry } from '../../../src/shared/conversation';
import { emptyConversation } from '../../../src/shared/conversation';
import type { AppState, Problem } from '../../../src/shared/ipc';
import { defaultSettings, type SettingsPatch } from '../../../src/shared/settings';

export interface Scene {
  app: Partial<Omit<AppState, 'settings'>>;
  settings?: SettingsPatch;
  entries?: ConversationEntry[];
  notice?: Problem;
  /** Opens the settings at this field. */
  open?: FieldId;
  /** How loud microphone and answer are, 0..1 RMS. */
  levels?: { microphone: number; answer: number };
}

export const baseState: AppState = {
  version: '0.1.0',
  activity: 'idle',
  connection: 'connected',
  serverLabel: 'this computer',
  talkMode: { mode: 'push-to-talk', talking: 'idle' },
  microphone: { status: 'open', wanted: true },
  hotkey: { accelerator: 'Control+Shift+Space', kind: 'hold' },
  keys: {
    openai: { source: 'none', storable: true },
    custom: { source: 'none', storable: true },
    llm: { source: 'none', storable: true },
  },
  settings: defaultSettings,
  language: 'en',
  engines: { vad: 'silero', stt: 'pocketsphinx', llm: 'builtin', tts: 'flite' },
  offeredLlm: null,
  problems: [],
};

let next = 0;
function turn(
  role: 'user' | 'assistant',
  text: string,
  more: Partial<ConversationEntry> = {},
): ConversationEntry {
  next += 1;
  return { id: `item_${next}`, role, text, partial: false, status: 'completed', speaking: false, ...more };
}

const two = [
  turn('user', 'what time is it'),
  turn('assistant', 'It is twenty past three in the afternoon.'),
  turn('user', 'how many miles are forty two kilometres'),
  turn('assistant', 'Forty-two kilometres are about twenty-six point one miles.'),
];

const interrupted = turn(
  'assistant',
  'A marathon is forty-two point one nine five kilometres long. The distance goes back to the London games of 1908, where the race began at Windsor Castle.',
  {
    status: 'interrupted',
    heardText: 'A marathon is forty-two point one nine five kilometres long. The distance goes back',
    unheardText: ' to the London games of 1908, where the race began at Windsor Castle.',
  },
);

const long = Array.from({ length: 6 }, () => [
  turn(
    'user',
    'and if I leave at half past seven in the morning, when would I have to be at the station at the latest',
  ),
  turn(
    'assistant',
    'The walk takes about eighteen minutes, so you would be there at twelve minutes to eight. The train leaves at eight, which gives you twelve minutes to spare. If it rains, take the tram at seven thirty-four instead: it stops right in front of the main hall.',
  ),
]).flat();

const problem = (code: Problem['code'], detail: string): Problem => ({ code, detail });
const loud = { microphone: 0.11, answer: 0 };
const answering = { microphone: 0.002, answer: 0.13 };

export const SCENES: Record<string, Scene> = {
  empty: { app: {} },
  'empty-free-mic': { app: { activity: 'listening', talkMode: { mode: 'free-mic', talking: 'listening' } } },
  'empty-model': {
    app: {
      serverLabel: 'api.openai.com',
      engines: {},
      hotkey: { accelerator: 'Alt+Super+F8', kind: 'toggle' },
    },
    settings: { service: 'openai' },
  },
  idle: { app: {}, entries: two },
  listening: {
    app: { activity: 'listening', talkMode: { mode: 'push-to-talk', talking: 'holding' } },
    entries: [...two, turn('user', 'and how long is a', { partial: true, status: 'in_progress' })],
    levels: loud,
  },
  latched: {
    app: { activity: 'listening', talkMode: { mode: 'push-to-talk', talking: 'latched' } },
    entries: [...two, turn('user', '', { partial: true, status: 'in_progress' })],
    levels: loud,
  },
  opening: {
    app: {
      activity: 'listening',
      talkMode: { mode: 'push-to-talk', talking: 'holding' },
      microphone: { status: 'opening', wanted: true },
    },
    settings: { preRoll: false },
    entries: two,
  },
  thinking: {
    app: { activity: 'thinking' },
    entries: [...two, turn('user', 'and how long is a marathon')],
  },
  speaking: {
    app: { activity: 'speaking' },
    entries: [
      ...two,
      turn('user', 'and how long is a marathon'),
      turn('assistant', 'A marathon is forty-two point one nine five kilometres long. The distance', {
        partial: true,
        status: 'in_progress',
        speaking: true,
      }),
    ],
    levels: answering,
  },
  interrupted: {
    app: {
      activity: 'listening',
      talkMode: { mode: 'free-mic', talking: 'listening' },
    },
    entries: [
      ...two,
      turn('user', 'how long is a marathon'),
      interrupted,
      turn('user', 'stop, what day is it', { partial: true, status: 'in_progress' }),
    ],
    levels: loud,
  },
  marks: {
    app: { connection: 'recovering', activity: 'connecting' },
    entries: [
      { ...turn('user', ''), role: 'notice', notice: 'not-heard' },
      turn('user', 'tell me about tides'),
      turn('assistant', 'Tides rise and fall because the moon and the', { status: 'lost' }),
      turn('user', 'go on'),
      { ...turn('assistant', ''), role: 'notice', notice: 'response-lost', status: 'lost' },
      turn('user', 'hello'),
      {
        ...turn('assistant', 'The model is overloaded.'),
        role: 'notice',
        notice: 'response-failed',
        status: 'failed',
      },
    ],
  },
  muted: { app: { talkMode: { mode: 'free-mic', talking: 'muted' } }, entries: two },
  connecting: { app: { activity: 'connecting', connection: 'connecting' } },
  long: { app: {}, entries: long },
  'no-hotkey': {
    app: {
      hotkey: { accelerator: 'Control+Shift+Space', kind: 'unavailable' },
      problems: [problem('hotkey-taken', 'globalShortcut.register answered false for Control+Shift+Space')],
    },
    entries: two,
  },
  'microphone-denied': {
    app: {
      activity: 'trouble',
      microphone: { status: 'denied', wanted: true },
      problems: [problem('microphone-denied', 'NotAllowedError: Permission denied by system')],
    },
    entries: two,
  },
  'key-rejected': {
    app: {
      activity: 'trouble',
      connection: 'disconnected',
      serverLabel: 'api.openai.com',
      engines: {},
      keys: { ...baseState.keys, openai: { source: 'stored', storable: true } },
      problems: [problem('key-rejected', '401 invalid_api_key')],
    },
    settings: { service: 'openai' },
  },
  'local-server-stopped': {
    app: {
      activity: 'trouble',
      connection: 'recovering',
      problems: [
        problem('local-server-stopped', 'exit code 9'),
        problem('microphone-missing', 'NotFoundError: Requested device not found'),
      ],
    },
    entries: two,
    notice: problem('not-heard', ''),
  },
  'echo-heard': {
    app: {
      activity: 'speaking',
      talkMode: { mode: 'free-mic', talking: 'listening' },
      problems: [problem('echo-heard', 'the microphone carries the answer at -22 dB')],
    },
    entries: two,
    levels: answering,
  },
  'echo-heard-off': {
    app: {
      activity: 'listening',
      talkMode: { mode: 'free-mic', talking: 'listening' },
      problems: [problem('echo-heard', '')],
    },
    settings: { echoCancellation: false },
    entries: two,
  },
  'speaking-by-key': {
    app: { activity: 'speaking', talkMode: { mode: 'free-mic', talking: 'listening' } },
    settings: { interruption: { when: 'by-key' } },
    entries: two,
    levels: answering,
  },
  held: {
    app: { activity: 'listening', talkMode: { mode: 'free-mic', talking: 'listening' } },
    entries: [
      ...two,
      turn('user', 'and how long is a marathon'),
      turn('assistant', 'A marathon is forty-two point one nine five kilometres long. The distance', {
        partial: true,
        status: 'in_progress',
        speaking: true,
      }),
    ],
    levels: loud,
  },
  'settings-conversation': { app: {}, open: 'service' },
  'settings-openai': {
    app: {
      engines: {},
      serverLabel: 'api.openai.com',
      keys: { ...baseState.keys, openai: { source: 'stored', storable: true } },
    },
    settings: { service: 'openai', voice: 'coral', model: 'gpt-realtime-mini' },
    open: 'model',
  },
  'settings-refused': {
    app: { engines: {}, keys: { ...baseState.keys, custom: { source: 'none', storable: false } } },
    settings: { service: 'custom', customBaseUrl: 'https://voice.example.com/v1' },
    open: 'customKey',
  },
  'settings-sound': { app: {}, open: 'microphoneId', settings: { preRoll: false } },
  'settings-talking': { app: {}, open: 'talkMode', settings: { turnDetection: { silenceDurationMs: 800 } } },
  'settings-interruption': { app: {}, open: 'interruption' },
  'settings-interruption-words': {
    app: {},
    open: 'interruptionWords',
    settings: { interruption: { when: 'after-words', words: 3 } },
  },
  'settings-interruption-key': {
    app: {},
    open: 'interruption',
    settings: { interruption: { when: 'by-key' } },
  },
  'settings-local': {
    app: { offeredLlm: { baseUrl: 'http://127.0.0.1:11434/v1', models: ['llama3.2', 'qwen3'] } },
    open: 'llmKind',
  },
  'settings-chat': {
    app: {},
    settings: { llm: { kind: 'openai-compatible', model: 'llama3.2' } },
    open: 'llmBaseUrl',
  },
  'settings-look': { app: {}, open: 'theme' },
};

/** A conversation that shows `entries`; the reducer's own bookkeeping is not needed to look at it. */
export function conversationOf(entries: ConversationEntry[]): Conversation {
  return { ...emptyConversation, entries };
}
