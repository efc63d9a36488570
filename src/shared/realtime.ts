/**
 * The Realtime wire protocol: names and types come from the `openai` package (types only), so that a new
 * protocol version shows up as type errors here and in the server's handler table.
 */
import type * as Beta from 'openai/resources/beta/realtime/realtime';
import type * as Api from 'openai/resources/realtime/realtime';

export type ClientEvent = Api.RealtimeClientEvent;
export type ServerEvent = Api.RealtimeServerEvent;
export type ClientEventType = ClientEvent['type'];
export type ServerEventType = ServerEvent['type'];
export type ServerEventOf<T extends ServerEventType> = Extract<ServerEvent, { type: T }>;

/** Of the older (beta) dialect, which the local server speaks beside GA. */
export type BetaClientEventType = Beta.RealtimeClientEvent['type'];
export type BetaServerEventType = Beta.RealtimeServerEvent['type'];

export type Item = Api.ConversationItem;
export type RealtimeSessionConfig = Api.RealtimeSessionCreateRequest;
export type RealtimeResponse = Api.RealtimeResponse;
export type RealtimeErrorBody = Api.RealtimeErrorEvent['error'];

/** Path of the WebSocket endpoint below an origin. */
export const REALTIME_PATH = '/v1/realtime';

/** Close codes the service uses after an `error` event (REALTIME: errors and close codes). */
export const CLOSE = { authentication: 3000, invalidRequest: 4000, notFound: 4004 } as const;

/**
 * Parses what a server sent. Unknown types pass through: a client ignores what it does not know.
 * Returns null for anything that is not a JSON object with a string `type`; never throws.
 */
export function parseServerEvent(text: string): ServerEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return typeof (value as { type?: unknown }).type === 'string' ? (value as ServerEvent) : null;
  } catch {
    return null;
  }
}
