/**
 * The older (beta) dialect: flat sessions, `conversation.item.created`, `response.audio.delta`. The words are
 * translated in client.ts and server.ts; here is what must be remembered between them.
 */

import { ClientError } from '../wire/errors';
import { toGaItem, toGaResponse, toGaSession } from './client';
import type { Dialect } from './dialect';
import { BETA_CLIENT_EVENTS } from './events';
import { type Fields, fieldsOf } from './fields';
import { DEFAULT_TEMPERATURE, toBetaEvent } from './server';

export interface BetaOptions {
  kind: 'realtime' | 'transcription';
  /** What the session begins with. */
  temperature?: number | undefined;
  newId(prefix: 'event' | 'conv'): string;
}

/** An update that was passed on and is not yet answered: updates are answered in order, each once. */
interface Update {
  /** The id under which it was passed on. */
  id: string;
  /** The client's own, absent when it gave none. */
  clientId: string | undefined;
  temperature: number | undefined;
}

/** One session's dialect. */
export function createBetaDialect({ kind, newId, ...options }: BetaOptions): Dialect {
  const facts = {
    temperature: options.temperature ?? DEFAULT_TEMPERATURE,
    conversationId: newId('conv'),
  };
  const updates: Update[] = [];

  const passOn = (event: Fields): Fields => {
    const { session, temperature } = toGaSession(event.session, kind);
    const { event_id } = event;
    const translated = { ...event, type: 'session.update', session };
    // An id that is none is refused by the session, and then not repeated.
    if (event_id !== undefined && typeof event_id !== 'string') return translated;
    const id = event_id ?? newId('event');
    updates.push({ id, clientId: event_id, temperature });
    return { ...translated, event_id: id };
  };

  /** The error with the client's own event id: null when the client gave none. */
  const refused = (event: Fields): Fields => {
    const error = fieldsOf(event.error);
    const at = updates.findIndex(({ id }) => id === error?.event_id);
    if (at < 0) return event;
    const [update] = updates.splice(at, 1);
    return { ...event, error: { ...error, event_id: update?.clientId ?? null } };
  };

  return {
    toServer(event) {
      const type = checkType(event, kind);
      switch (type) {
        case 'session.update':
        case 'transcription_session.update':
          return [passOn(event)];
        case 'conversation.item.create':
          return [{ ...event, item: toGaItem(event.item, 'item') }];
        case 'response.create':
          return [{ ...event, response: toGaResponse(event.response) }];
        case 'input_audio_buffer.append':
        case 'input_audio_buffer.commit':
        case 'input_audio_buffer.clear':
        case 'conversation.item.retrieve':
        case 'conversation.item.truncate':
        case 'conversation.item.delete':
        case 'response.cancel':
        case 'output_audio_buffer.clear':
          return [event];
        default:
          return type satisfies never;
      }
    },

    toClient(event) {
      if (event.type === 'session.updated') {
        facts.temperature = updates.shift()?.temperature ?? facts.temperature;
      }
      const translated = toBetaEvent(event.type === 'error' ? refused(event) : event, facts);
      if (translated === null) return [];
      if (event.type !== 'session.created' || kind === 'transcription') return [translated];
      const { conversationId: id } = facts;
      const conversation = { id, object: 'realtime.conversation' };
      return [translated, { event_id: newId('event'), type: 'conversation.created', conversation }];
    },
  };
}

type ClientType = keyof typeof BETA_CLIENT_EVENTS;

function checkType({ type }: Fields, kind: BetaOptions['kind']): ClientType {
  if (typeof type !== 'string' || !Object.hasOwn(BETA_CLIENT_EVENTS, type)) {
    const supported = Object.keys(BETA_CLIENT_EVENTS).join(', ');
    throw new ClientError('invalid_value', `Unknown event type. Supported types are: ${supported}.`, 'type');
  }
  const foreign = kind === 'realtime' ? 'transcription_session.update' : 'session.update';
  if (type !== foreign) return type as ClientType;
  const own = kind === 'realtime' ? 'session.update' : 'transcription_session.update';
  throw new ClientError('invalid_value', `This is a ${kind} session; send '${own}' instead.`, 'type');
}
