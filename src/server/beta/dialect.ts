/** Another vocabulary for the same conversation, at the session's edge: the session itself knows GA only. */

import { ClientError, toWireError } from '../wire/errors';
import { newId } from '../wire/ids';
import type { Fields } from './fields';

export interface Dialect {
  /** What the client said, as GA events. Throws a ClientError for what this dialect does not have. */
  toServer(event: Fields): Fields[];
  /** What the session says, as the client's events; none for what the dialect has no word for. Never throws. */
  toClient(event: Fields): Fields[];
}

/** The half of a session that sees the socket. */
interface Wire {
  receive(data: Buffer, isBinary: boolean): void;
}

export interface Interpreter {
  /** Takes a frame of the client's for the session. */
  receive(session: Wire, data: Buffer, isBinary: boolean): void;
  /** Takes a text frame of the session's for the client. */
  send(text: string): void;
}

/** Puts `dialect` between a session and `toClient`, which takes one text frame; with null, GA passes untouched. */
export function interpret(dialect: Dialect | null, toClient: (text: string) => void): Interpreter {
  if (dialect === null) {
    return { receive: (session, data, isBinary) => session.receive(data, isBinary), send: toClient };
  }
  return {
    receive(session, data, isBinary) {
      const event = isBinary ? null : parse(data);
      // What is no event at all is answered by the session: that is the same in every dialect.
      if (event === null) return session.receive(data, isBinary);
      try {
        for (const translated of dialect.toServer(event)) {
          // Sound is most of what comes, and is the same in both.
          const frame = translated === event ? data : Buffer.from(JSON.stringify(translated));
          session.receive(frame, false);
        }
      } catch (cause) {
        if (!(cause instanceof ClientError)) throw cause;
        const eventId = typeof event.event_id === 'string' ? event.event_id : null;
        const error = toWireError(cause, eventId);
        toClient(JSON.stringify({ event_id: newId('event'), type: 'error', error }));
      }
    },
    send(text) {
      for (const event of dialect.toClient(JSON.parse(text))) toClient(JSON.stringify(event));
    },
  };
}

/** The JSON object with a string `type` that a frame holds, else null. */
function parse(data: Buffer): Fields | null {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return typeof value === 'object' && value !== null && typeof (value as Fields).type === 'string'
      ? (value as Fields)
      : null;
  } catch {
    return null;
  }
}
