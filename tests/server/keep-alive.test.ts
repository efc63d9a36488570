import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepAlive } from '../../src/server/keep-alive';

class FakeSocket extends EventEmitter {
  pings = 0;
  isPaused = false;
  terminated = 0;
  ping(): void {
    this.pings++;
  }
  terminate(): void {
    this.terminated++;
  }
}

let socket: FakeSocket;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  socket = new FakeSocket();
  stop = keepAlive(socket as never);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

it('pings every 20 seconds, as long as the client answers', () => {
  for (let count = 1; count <= 10; count++) {
    vi.advanceTimersByTime(20_000);
    expect(socket.pings).toBe(count);
    socket.emit('pong');
  }
  expect(socket.terminated).toBe(0);
});

it('cuts the connection after three pings without an answer', () => {
  vi.advanceTimersByTime(60_000);
  expect([socket.pings, socket.terminated]).toEqual([3, 0]);
  vi.advanceTimersByTime(20_000);
  expect([socket.pings, socket.terminated]).toEqual([3, 1]);
});

it('asks nothing of a client that is not read from', () => {
  socket.isPaused = true;
  vi.advanceTimersByTime(200_000);
  expect([socket.pings, socket.terminated]).toEqual([0, 0]);
  socket.isPaused = false;
  vi.advanceTimersByTime(20_000);
  expect(socket.pings).toBe(1);
});

it('stops when told', () => {
  stop();
  vi.advanceTimersByTime(100_000);
  expect(socket.pings).toBe(0);
});
