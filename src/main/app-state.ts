/** The state the page and the tray are shown, from the parts that hold it. Pure. */
import { deriveActivity, type SessionState } from '../client/activity';
import type {
  AppState,
  ConnectionState,
  HotkeyStatus,
  KeyName,
  KeyStatus,
  MicrophoneStatus,
  Problem,
} from '../shared/ipc';
import type { Settings } from '../shared/settings';
import type { LocalServerState } from './local-server';
import type { TalkKeyState } from './talk-key';
import { serverHost } from './target';

export interface StateParts {
  version: string;
  connection: ConnectionState;
  session: SessionState;
  talkKey: TalkKeyState;
  microphoneStatus: MicrophoneStatus;
  /** There was a connection since the program began. */
  wasConnected: boolean;
  hotkey: HotkeyStatus;
  keys: Record<KeyName, KeyStatus>;
  settings: Settings;
  language: 'en' | 'zh';
  localServer: LocalServerState;
  offeredLlm: AppState['offeredLlm'];
  problems: Problem[];
}

/** Problems that stand in the way of a conversation; the others are shown without changing the picture. */
const BLOCKING: ReadonlySet<Problem['code']> = new Set([
  'microphone-denied',
  'microphone-missing',
  'microphone-failed',
  'key-missing',
  'key-rejected',
  'model-rejected',
  'server-refused',
  'server-unreachable',
  'url-invalid',
  'local-server-failed',
  'engine-missing',
]);

export function buildState(parts: StateParts): AppState {
  const { settings, session, localServer, problems } = parts;
  return {
    version: parts.version,
    activity: deriveActivity({
      connection: parts.connection,
      session,
      trouble: problems.some(({ code }) => BLOCKING.has(code)),
    }),
    connection: parts.connection,
    serverLabel: serverHost(settings),
    talkMode: talkModeState(session, parts.talkKey),
    microphone: { status: parts.microphoneStatus, wanted: microphoneWanted(parts) },
    hotkey: parts.hotkey,
    keys: parts.keys,
    settings,
    language: parts.language,
    engines: settings.service === 'local' && localServer.state === 'running' ? localServer.engines : {},
    offeredLlm: parts.offeredLlm,
    problems,
  };
}

function talkModeState(session: SessionState, talkKey: TalkKeyState): AppState['talkMode'] {
  if (session.talkMode === 'free-mic') {
    return { mode: 'free-mic', talking: session.muted ? 'muted' : 'listening' };
  }
  switch (talkKey.state) {
    case 'idle':
    case 'ending':
      return { mode: 'push-to-talk', talking: 'idle' };
    case 'holding':
      return { mode: 'push-to-talk', talking: 'holding' };
    case 'latched':
      return { mode: 'push-to-talk', talking: 'latched' };
    default:
      return talkKey satisfies never;
  }
}

/**
 * Whether the page keeps the microphone open. Free mic waits for the first connection, since nobody would hear; muted, the
 * device is let go, so that the system's own indicator tells the truth.
 */
function microphoneWanted({ session, settings, wasConnected }: StateParts): boolean {
  if (session.talkMode === 'free-mic') return !session.muted && wasConnected;
  return settings.preRoll || session.recording;
}
