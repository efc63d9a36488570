import type { z } from 'zod';
import { clientEventSchemas, type ParsedClientEvent } from './client-event-schema';
import { ClientError } from './errors';

export type ParseResult =
  | { ok: true; event: ParsedClientEvent; eventId: string | null }
  | { ok: false; error: ClientError; eventId: string | null };

const failed = (error: ClientError, eventId: string | null = null): ParseResult => ({
  ok: false,
  error,
  eventId,
});

/** Checks one text frame against the protocol. Never throws; what is wrong comes back as a ClientError. */
export function parseClientEvent(text: string): ParseResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed(new ClientError('invalid_json', 'The message is not valid JSON.'));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed(new ClientError('invalid_event', 'The message must be a JSON object with a "type".'));
  }
  const { type, event_id } = value as { type?: unknown; event_id?: unknown };
  const eventId = typeof event_id === 'string' ? event_id : null;
  if (type === undefined) {
    return failed(
      new ClientError('invalid_event', 'The event has no "type". Each event needs one.', 'type'),
      eventId,
    );
  }
  if (typeof type !== 'string' || !isClientEventType(type)) {
    const supported = Object.keys(clientEventSchemas).join(', ');
    return failed(
      new ClientError('invalid_value', `Unknown event type. Supported types are: ${supported}.`, 'type'),
      eventId,
    );
  }
  const result = clientEventSchemas[type].safeParse(value);
  if (result.success) return { ok: true, event: result.data as ParsedClientEvent, eventId };
  return failed(describe(result.error, value), eventId);
}

function isClientEventType(type: string): type is keyof typeof clientEventSchemas {
  return Object.hasOwn(clientEventSchemas, type);
}

type Issue = z.core.$ZodIssue;

/** The first thing that is wrong, in the protocol's error codes. Values are not repeated: they may be private. */
export function describe(error: z.ZodError, root: unknown): ClientError {
  const { issue, path } = mostSpecific(error.issues[0] as Issue, []);
  if (issue.code === 'unrecognized_keys') {
    const param = dotted([...path, issue.keys[0] as string]);
    return new ClientError('unknown_parameter', `Unknown parameter: '${param}'.`, param);
  }
  const param = dotted(path);
  const at = valueAt(root, path);
  if (at === undefined) {
    return new ClientError('missing_required_parameter', `Missing required parameter: '${param}'.`, param);
  }
  if (issue.code === 'invalid_type') {
    return new ClientError(
      'invalid_type',
      `Invalid type for '${param}': expected ${issue.expected}, got ${typeName(at)}.`,
      param,
    );
  }
  return new ClientError('invalid_value', `Invalid value for '${param}': ${issue.message}.`, param);
}

/** Of a union that matched nothing, the complaint of the branch that got furthest into the value. */
function mostSpecific(issue: Issue, base: PropertyKey[]): { issue: Issue; path: PropertyKey[] } {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { issue, path };
  const deeper = issue.errors
    .flatMap((issues) => (issues[0] === undefined ? [] : [mostSpecific(issues[0], path)]))
    .filter((found) => found.path.length > path.length || found.issue.code === 'unrecognized_keys');
  return deeper.sort((a, b) => b.path.length - a.path.length)[0] ?? { issue, path };
}

function dotted(path: PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function valueAt(root: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    root,
  );
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
