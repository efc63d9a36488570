import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClientLink } from '../../src/server/client-link';
import { DEFAULT_LIMITS, type Limits } from '../../src/server/limits';
import { startTestServer, TestClient } from '../helpers/server-client';

class FakeSocket {
  readonly events: Array<{ type: string; error: { type: string; code: string; message: string } }> = [];
  closed: [number, string] | null = null;
  send(text: string, taken?: () => void): void {
    this.events.push(JSON.parse(text));
    taken?.();
  }
  close(code: number, reason: string): void {
    this.closed = [code, reason];
  }
  pause(): void {}
  resume(): void {}
}

let socket: FakeSocket;
let ends: number;

function open(limits: Partial<Limits> = {}): ClientLink {
  return new ClientLink(socket as never, {
    kind: 'realtime',
    limits: { ...DEFAULT_LIMITS, ...limits },
    metrics: null,
    onEnd: () => {
      ends++;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  ends = 0;
});
afterEach(() => vi.useRealTimers());

describe('a session', () => {
  it('ends after an hour, with the error and the close that OpenAI sends', () => {
    const link = open();
    vi.advanceTimersByTime(60 * 60 * 1000 - 1);
    expect([socket.events, socket.closed, ends]).toEqual([[], null, 0]);
    vi.advanceTimersByTime(1);
    const message = 'Your session hit the maximum duration of 60 minutes.';
    expect(socket.events).toMatchObject([
      { type: 'error', error: { type: 'invalid_request_error', code: 'session_expired', message } },
    ]);
    expect([socket.closed, ends]).toEqual([[1001, message], 1]);
    link.send('{"type":"late"}');
    expect(link.takes(Buffer.from('{}'))).toBe(false);
    expect(socket.events).toHaveLength(1);
  });

  it('that was closed before does not expire', () => {
    open().close();
    vi.advanceTimersByTime(2 * 60 * 60 * 1000);
    expect([socket.closed, ends]).toEqual([null, 0]);
  });
});

it('a client that floods is told of each event that is refused, and then closed', () => {
  const link = open({ eventsPerSecond: 2 });
  const passed = Array.from({ length: 70 }, () => link.takes(Buffer.from('{}'))).filter(Boolean).length;
  expect(passed).toBe(60);
  expect(socket.events.map(({ error }) => error.code)).toEqual(Array(3).fill('rate_limit_exceeded'));
  expect([socket.closed, ends]).toEqual([[1008, 'rate_limit_exceeded'], 1]);
});

describe('over a real socket', () => {
  beforeEach(() => vi.useRealTimers());

  it('a session tells when it expires, and does', async () => {
    const server = await startTestServer({}, { limits: { maxSessionMs: 1500 } });
    const before = Math.floor((Date.now() + 1500) / 1000);
    const client = await TestClient.open(server.url);
    const { expires_at: expiresAt } = client.events[0]?.session ?? {};
    expect(expiresAt).toBeGreaterThanOrEqual(before);
    expect((await client.next('error')).error.code).toBe('session_expired');
    expect(await client.closed).toEqual({
      code: 1001,
      reason: 'Your session hit the maximum duration of 2 seconds.',
    });
    await server.close();
  });

  it('a message that is too large closes, and others are served on', async () => {
    const server = await startTestServer({}, { limits: { maxFrameBytes: 1000 } });
    const other = await TestClient.open(server.url);
    const client = await TestClient.open(server.url);
    client.send('x'.repeat(1001));
    expect((await client.closed).code).toBe(1009);
    await other.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    await server.close();
  });

  it('one session too many is refused, and let in once another has gone', async () => {
    const server = await startTestServer({}, { limits: { maxSessions: 2 } });
    const first = await TestClient.open(server.url);
    await TestClient.open(server.url);
    const third = await TestClient.connect(server.url);
    expect((await third.next('error')).error).toMatchObject({ code: 'session_limit_exceeded' });
    expect((await third.closed).code).toBe(1013);
    first.close();
    for (;;) {
      const next = await TestClient.connect(server.url);
      const opened = await Promise.race([next.next('session.created'), next.closed]);
      if ('type' in opened) break;
    }
    await server.close();
  });
});
