/**
 * What passed over a socket, as lines to read and compare: `>` is the client's, `<` the server's. Ids are canonical,
 * sound is a number of bytes, and `event_id` is left out.
 */
import type { CanonicalIds } from './ids';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Wire = { type: string } & Record<string, Json>;

export class Trace {
  private readonly lines: string[] = [];
  private session: Json = null;
  /** Sound of one item whose line is not written yet. */
  private sound: { event: Wire; bytes: number } | null = null;

  /** `startedAt` is in milliseconds; `showSession` shows whole sessions and not only what changed. */
  constructor(
    private readonly ids: CanonicalIds,
    private readonly options: { startedAt: number; showSession: boolean },
  ) {}

  client(event: object): void {
    this.line('>', event as Wire);
  }

  clientFrame(data: string | Uint8Array): void {
    this.flush();
    this.lines.push(typeof data === 'string' ? `> ${data}` : `> <${data.length} bytes, binary>`);
  }

  server(received: object): void {
    const { event_id: _, ...event } = received as Wire;
    if (AUDIO_DELTAS.has(event.type as string) && typeof event.delta === 'string') {
      this.hear(event as Wire, Buffer.from(event.delta, 'base64').length);
      return;
    }
    // Words and their sound are made side by side; only the order of each is fixed.
    const beside = TRANSCRIPT_DELTAS.has(event.type as string) && event.item_id === this.sound?.event.item_id;
    if (beside) this.lines.push(this.print('<', event as Wire));
    else this.line('<', this.withSession(event as Wire));
  }

  note(text: string): void {
    this.flush();
    this.lines.push(`- ${text}`);
  }

  text(): string {
    this.flush();
    return this.lines.join('\n');
  }

  private hear(event: Wire, bytes: number): void {
    if (this.sound?.event.item_id !== event.item_id) this.flush();
    this.sound = { event, bytes: (this.sound?.bytes ?? 0) + bytes };
  }

  private flush(): void {
    if (this.sound === null) return;
    const { event, bytes } = this.sound;
    this.sound = null;
    this.lines.push(this.print('<', { ...event, delta: `<${bytes} bytes>` }));
  }

  private line(mark: '<' | '>', event: Wire): void {
    this.flush();
    this.lines.push(this.print(mark, event));
  }

  private print(mark: '<' | '>', event: Wire): string {
    return `${mark} ${this.ids.canonical(JSON.stringify(shortened(event)))}`;
  }

  private withSession(event: Wire): Wire {
    if (event.session === undefined) return event;
    const now = this.expiry(event.session);
    const before = this.session;
    this.session = now;
    if (this.options.showSession) return { ...event, session: now };
    if (before === null) return { ...event, session: '<as in session-update.txt>' };
    return { ...event, session: changes(before, now, '') };
  }

  private expiry(session: Json): Json {
    if (session === null || typeof session !== 'object' || Array.isArray(session)) return session;
    if (typeof session.expires_at !== 'number') return session;
    const minutes = Math.round((session.expires_at - this.options.startedAt / 1000) / 60);
    return { ...session, expires_at: `<in ${minutes} minutes>` };
  }
}

const AUDIO_DELTAS = new Set(['response.output_audio.delta', 'response.audio.delta']);
const TRANSCRIPT_DELTAS = new Set([
  'response.output_audio_transcript.delta',
  'response.audio_transcript.delta',
]);

const GONE = '<none>';

/** Fields of `now` that differ from `before`, by their path. */
function changes(before: Json, now: Json, path: string): { [path: string]: Json } {
  if (!isObject(before) || !isObject(now)) {
    return JSON.stringify(before) === JSON.stringify(now) ? {} : { [path]: now };
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return Object.assign(
    {},
    ...keys.map((key) =>
      changes(fieldOf(before, key), fieldOf(now, key), path === '' ? key : `${path}.${key}`),
    ),
  );
}

function fieldOf(object: { [key: string]: Json }, key: string): Json {
  const value = object[key];
  return value === undefined ? GONE : value;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sound in base64 and pictures become their length; what the clock decides becomes its type. */
function shortened<T extends Json>(value: T): T {
  return JSON.parse(JSON.stringify(value), (key, part: Json) => {
    // How much of a rate is left depends on the clock.
    if (typeof part === 'number' && (key === 'remaining' || key === 'reset_seconds')) return '<number>';
    if (typeof part !== 'string') return part;
    if (key === 'audio' && part.length > 0) {
      return `<${Buffer.from(part, 'base64').length} bytes>`;
    }
    if (key === 'image_url') return `<${part.length} characters>`;
    return part;
  });
}
