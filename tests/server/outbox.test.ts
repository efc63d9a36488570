import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Outbox } from '../../src/server/outbox';

const KIB = 1024;
const MIB = KIB * KIB;

/** A socket whose peer takes what it is told to. */
class FakeSocket {
  readonly sent: Array<{ bytes: number; taken: () => void }> = [];
  paused = false;
  send(text: string, taken: () => void): void {
    this.sent.push({ bytes: text.length, taken });
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  take(): void {
    this.sent.shift()?.taken();
  }
}

let socket: FakeSocket;
let outbox: Outbox;
let tooSlow: number;

function open(maxBytes: number): void {
  socket = new FakeSocket();
  tooSlow = 0;
  outbox = new Outbox(socket as never, {
    maxBytes,
    maxStallMs: 10_000,
    onTooSlow: () => {
      tooSlow++;
    },
  });
}
const text = (bytes: number) => 'x'.repeat(bytes);

beforeEach(() => {
  vi.useFakeTimers();
  open(4 * MIB);
});
afterEach(() => vi.useRealTimers());

it('has room for a client that keeps up', () => {
  for (let count = 0; count < 1000; count++) {
    outbox.send(text(64 * KIB));
    expect(outbox.room()).toBeUndefined();
    socket.take();
  }
  expect([outbox.waiting, socket.paused, tooSlow]).toEqual([0, false, 0]);
});

it('reads nothing and wants nothing more while a mebibyte waits, until half of it is taken', async () => {
  for (let count = 0; count < 17; count++) outbox.send(text(64 * KIB));
  expect(socket.paused).toBe(true);
  let roomAgain = false;
  void outbox.room()?.then(() => {
    roomAgain = true;
  });
  for (let count = 0; count < 8; count++) socket.take();
  await Promise.resolve();
  expect([roomAgain, socket.paused]).toEqual([false, true]);
  socket.take();
  await Promise.resolve();
  expect([roomAgain, socket.paused, outbox.room()]).toEqual([true, false, undefined]);
  vi.advanceTimersByTime(60_000);
  expect(tooSlow).toBe(0);
});

it('cuts off a client that takes nothing for too long, and frees who waits', async () => {
  outbox.send(text(2 * MIB));
  const room = outbox.room();
  vi.advanceTimersByTime(9_999);
  expect(tooSlow).toBe(0);
  vi.advanceTimersByTime(1);
  expect([tooSlow, socket.paused]).toEqual([1, false]);
  await room;
  outbox.send('more');
  expect(socket.sent).toHaveLength(1);
});

it('gives more time to one that takes little', () => {
  for (let count = 0; count < 100; count++) outbox.send(text(30 * KIB));
  for (let count = 0; count < 50; count++) {
    vi.advanceTimersByTime(9_000);
    socket.take();
  }
  expect(tooSlow).toBe(0);
});

it('lets one event go over the limit and no more', () => {
  outbox.send(text(20 * MIB));
  expect(tooSlow).toBe(0);
  outbox.send('x');
  outbox.send('x');
  expect([tooSlow, socket.sent.length]).toEqual([1, 1]);
});

it('counts bytes, not characters', () => {
  outbox.send('ü€😀');
  expect(outbox.waiting).toBe(9);
});

it('is silent once closed', () => {
  outbox.send(text(2 * MIB));
  outbox.close();
  vi.advanceTimersByTime(60_000);
  socket.take();
  expect([tooSlow, socket.paused, outbox.room()]).toEqual([0, false, undefined]);
});
