/** The paths under which the protocol is served: OpenAI's, and the same as Azure has them. Pure. */
import { REALTIME_PATH } from '../../shared/realtime';

const AZURE_PATH = '/openai/v1/realtime';
/** Azure's preview of the beta's time (`?api-version=…&deployment=…`). */
const AZURE_PREVIEW_PATH = '/openai/realtime';

/** A path to which a WebSocket may connect; `beta` when only the older dialect was ever spoken there. */
export type SocketPath = { beta: boolean };

export function socketPath(path: string): SocketPath | null {
  switch (path) {
    case REALTIME_PATH:
    case AZURE_PATH:
      return { beta: false };
    case AZURE_PREVIEW_PATH:
      return { beta: true };
    default:
      return null;
  }
}

/** The calls that make a short-lived key; all but the first are of the older dialect. */
export type SecretsCall = 'client_secrets' | 'sessions' | 'transcription_sessions';

const SECRETS_PATHS: Record<string, SecretsCall> = {
  [`${REALTIME_PATH}/client_secrets`]: 'client_secrets',
  [`${REALTIME_PATH}/sessions`]: 'sessions',
  [`${REALTIME_PATH}/transcription_sessions`]: 'transcription_sessions',
  [`${AZURE_PATH}/client_secrets`]: 'client_secrets',
  '/openai/realtimeapi/sessions': 'sessions',
  '/openai/realtimeapi/transcription_sessions': 'transcription_sessions',
};

export function secretsCall(path: string): SecretsCall | null {
  return Object.hasOwn(SECRETS_PATHS, path) ? (SECRETS_PATHS[path] ?? null) : null;
}

const NOT_SERVED: ReadonlyArray<[string, string]> = [
  ['calls', 'Calls (WebRTC and SIP) are not served here; connect to /v1/realtime by WebSocket.'],
  ['translations', 'Translation sessions are not served here; connect to /v1/realtime by WebSocket.'],
];
const NO_LIVE = 'The Live API is not served here; connect to /v1/realtime by WebSocket.';

/** Why a path of OpenAI's that is known has nothing behind it; null for any other path. */
export function notServed(path: string): string | null {
  if (isAtOrBelow(path, '/v1/live')) return NO_LIVE;
  const found = NOT_SERVED.find(([name]) =>
    [REALTIME_PATH, AZURE_PATH].some((base) => isAtOrBelow(path, `${base}/${name}`)),
  );
  return found?.[1] ?? null;
}

function isAtOrBelow(path: string, base: string): boolean {
  return path === base || path.startsWith(`${base}/`);
}
