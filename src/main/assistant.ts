/** The desktop assistant: one conversation with the server the settings name, and everything people see of it. */
import { listModels } from '../client/chat-models';
import { createConnection } from '../client/connection';
import { createSession } from '../client/session';
import type { Ear } from '../ear';
import type {
  AppState,
  CommandResult,
  ConversationEvent,
  HotkeyStatus,
  KeyName,
  MicrophoneStatus,
  Problem,
} from '../shared/ipc';
import { type Logger, toError } from '../shared/log';
import { defaultSettings, type Settings, type SettingsPatch, type TalkMode } from '../shared/settings';
import { buildState } from './app-state';
import type { AudioPorts } from './audio-ports';
import { connectionKey, keyInUse, sessionConfig } from './from-settings';
import { createHistory } from './history';
import type { KeyStore } from './keys';
import type { Language } from './language';
import { createLocalServer, type LocalServerState } from './local-server';
import { createProblemBoard, engineProblem } from './problems';
import { observeConnection, type Recorder } from './recorder';
import type { SettingsStore } from './settings';
import { freeMicKeyDown, idleTalkKey, keyDown, keyUp, type TalkAction } from './talk-key';
import { resolveTarget } from './target';

export interface AssistantOptions {
  version: string;
  settings: SettingsStore;
  keys: KeyStore;
  audio: AudioPorts;
  recorder: Recorder | null;
  folders: { models: string; state: string };
  /** File of the local server's process. */
  serverFile: string;
  /** The language that the setting comes to on this system. */
  language(setting: Settings['language']): Language;
  /** Takes another combination as the push-to-talk hotkey. */
  bindHotkey(accelerator: string): HotkeyStatus;
  log: Logger;
  onState(state: AppState): void;
  onConversation(event: ConversationEvent): void;
  onNotice(problem: Problem): void;
}

export interface Assistant {
  readonly state: AppState;
  history(): ConversationEvent[];
  start(): void;
  close(): Promise<void>;
  /**
   * The talk key, wherever it is: hotkey, Space or button. In free mic it mutes and unmutes; where no voice interrupts, it
   * first cuts the answer off.
   */
  talkDown(): void;
  talkUp(): void;
  setMode(mode: TalkMode): void;
  setMuted(muted: boolean): void;
  interrupt(): void;
  sendText(text: string): void;
  clear(): void;
  retry(): void;
  updateSettings(patch: SettingsPatch): CommandResult;
  setKey(name: KeyName, value: string): CommandResult;
  clearKey(name: KeyName): CommandResult;
  setMicrophoneStatus(status: MicrophoneStatus, detail: string): void;
  /** Looks for a language model on this computer, to offer it. */
  findLlm(): void;
  /** Takes over what hears the user before the server does; null where there is none. */
  setEar(ear: Ear | null): void;
}

/** Where Ollama listens unless told otherwise. */
const OLLAMA_BASE_URL = defaultSettings.llm.baseUrl;
const OLLAMA_TIMEOUT_MS = 1000;

const MICROPHONE_PROBLEMS: Partial<Record<MicrophoneStatus, Problem['code']>> = {
  denied: 'microphone-denied',
  missing: 'microphone-missing',
  failed: 'microphone-failed',
};

export function createAssistant(options: AssistantOptions): Assistant {
  const { version, settings, keys, audio, recorder, folders, log } = options;
  const history = createHistory();
  let talkKey = idleTalkKey;
  let microphoneStatus: MicrophoneStatus = 'off';
  let wasConnected = false;
  let hotkey: HotkeyStatus = { accelerator: settings.current.hotkey, kind: 'unavailable' };
  let offeredLlm: AppState['offeredLlm'] = null;
  let shown = '';

  const problems = createProblemBoard(() => refresh());
  const localServer = createLocalServer({
    version,
    file: options.serverFile,
    modelsDir: folders.models,
    stateDir: folders.state,
    log,
    onChange: (state) => onLocalServer(state),
  });
  const connection = observeConnection(
    createConnection({
      resolveTarget: () =>
        resolveTarget(settings.current, { key: keys.get, localServer: () => localServer.target() }),
      log,
    }),
    recorder,
  );
  const session = createSession({
    connection,
    microphone: audio.microphone,
    speaker: audio.speaker,
    config: sessionConfig(settings.current),
    log,
    ...(recorder && { trace: recorder.note }),
    outputMs: () => audio.outputMs,
  });

  const state = (): AppState =>
    buildState({
      version,
      connection: connection.status.state,
      session: session.state,
      talkKey,
      microphoneStatus,
      wasConnected,
      hotkey,
      keys: keys.status(),
      settings: settings.current,
      language: options.language(settings.current.language),
      localServer: localServer.current,
      offeredLlm: settings.current.llm.kind === 'builtin' ? offeredLlm : null,
      problems: problems.list(),
    });

  /** Tells the state when it differs from what was told last. */
  function refresh(): void {
    const next = state();
    const text = JSON.stringify(next);
    if (text === shown) return;
    shown = text;
    recorder?.note('state', { activity: next.activity, connection: next.connection });
    options.onState(next);
  }

  function onLocalServer(server: LocalServerState): void {
    switch (server.state) {
      case 'restarting': {
        const problem: Problem = { code: 'local-server-stopped', detail: server.detail };
        problems.set('local-server', problem);
        options.onNotice(problem);
        break;
      }
      case 'failed':
        problems.set('local-server', { code: 'local-server-failed', detail: server.detail });
        break;
      case 'off':
      case 'starting':
      case 'running':
        problems.set('local-server', null);
        break;
      default:
        server satisfies never;
    }
    problems.set('engine', server.state === 'running' ? engineProblem(server.engines) : null);
    refresh();
  }

  const talk = (action: TalkAction): void => {
    if (action === 'press') session.press();
    if (action === 'release') session.release();
    refresh();
  };
  const releaseTalkKey = (): void => {
    talkKey = idleTalkKey;
    session.release();
  };

  /** Starts or stops the local server as the settings want it. */
  const runLocalServer = (): void => {
    if (settings.current.service === 'local') localServer.start(settings.current.llm, keys.get('llm'));
    else localServer.stop();
  };
  const reconnect = async (): Promise<void> => {
    problems.set('connection', null);
    runLocalServer();
    await connection.close();
    connection.open();
  };
  const findOllama = async (): Promise<void> => {
    if (settings.current.llm.kind !== 'builtin') return;
    const signal = AbortSignal.timeout(OLLAMA_TIMEOUT_MS);
    const models = await listModels(OLLAMA_BASE_URL, null, signal).catch(() => []);
    offeredLlm = models.length > 0 ? { baseUrl: OLLAMA_BASE_URL, models } : null;
    refresh();
  };
  const bindHotkey = (): void => {
    hotkey = options.bindHotkey(settings.current.hotkey);
    const taken = hotkey.kind === 'unavailable';
    problems.set('hotkey', taken ? { code: 'hotkey-taken', detail: hotkey.accelerator } : null);
  };

  connection.onStatus(({ state: name, problem }) => {
    if (name === 'connected') wasConnected = true;
    if (name !== 'connecting' || problem) problems.set('connection', problem);
    refresh();
  });
  session.onState(({ echo }) => {
    problems.set('echo', echo ? { code: 'echo-heard', detail: '' } : null);
    refresh();
  });
  session.onProblem(options.onNotice);
  session.onConversation((event) => {
    history.add(event);
    if (event.type.startsWith('client.')) recorder?.note('note', { ...event });
    options.onConversation(event);
  });

  const apply = (before: Settings, after: Settings): void => {
    if (before.talkMode !== after.talkMode) releaseTalkKey();
    session.update(sessionConfig(after));
    if (before.hotkey !== after.hotkey) bindHotkey();
    if (connectionKey(before) !== connectionKey(after)) void reconnect();
    refresh();
  };

  const updateSettings = (patch: SettingsPatch): CommandResult => {
    const before = settings.current;
    try {
      settings.update(patch);
      problems.set('settings', null);
      return { ok: true };
    } catch (cause) {
      const error = toError(cause);
      const code = error.name === 'ZodError' ? 'settings-invalid' : 'settings-not-saved';
      return { ok: false, problem: { code, detail: error.message } };
    } finally {
      if (settings.current !== before) apply(before, settings.current);
    }
  };
  const changeKey = (name: KeyName, change: () => boolean): CommandResult => {
    try {
      if (!change()) return { ok: false, problem: { code: 'key-not-storable', detail: '' } };
    } catch (cause) {
      return { ok: false, problem: { code: 'settings-not-saved', detail: toError(cause).message } };
    }
    refresh();
    if (keyInUse(settings.current) === name) void reconnect();
    return { ok: true };
  };

  return {
    get state() {
      return state();
    },
    history: history.list,
    start() {
      problems.set('settings', settings.problem);
      bindHotkey();
      runLocalServer();
      session.start();
    },
    async close() {
      await session.close();
      localServer.stop();
    },
    talkDown() {
      const { talkMode, muted, playing } = session.state;
      if (talkMode === 'free-mic') {
        const { when } = settings.current.interruption;
        const action = freeMicKeyDown({ playing, muted, when });
        if (action === 'interrupt') session.interrupt();
        else session.setMuted(action === 'mute');
        return;
      }
      const next = keyDown(talkKey, performance.now());
      talkKey = next.key;
      talk(next.action);
    },
    talkUp() {
      const next = keyUp(talkKey, performance.now());
      talkKey = next.key;
      talk(next.action);
    },
    setMode: (talkMode) => void updateSettings({ talkMode }),
    setMuted: (muted) => session.setMuted(muted),
    interrupt: () => session.interrupt(),
    sendText: (text) => session.sendText(text),
    clear: () => session.clear(),
    retry: () => void reconnect(),
    updateSettings,
    setKey: (name, value) => changeKey(name, () => keys.set(name, value)),
    clearKey: (name) =>
      changeKey(name, () => {
        keys.clear(name);
        return true;
      }),
    setMicrophoneStatus(status, detail) {
      microphoneStatus = status;
      const code = MICROPHONE_PROBLEMS[status];
      problems.set('microphone', code ? { code, detail } : null);
      refresh();
    },
    findLlm: () => void findOllama(),
    setEar: session.setEar,
  };
}
