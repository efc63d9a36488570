/**
 * What is on its way to one client. A client that reads more slowly than it is spoken to must not fill this computer's
 * memory: first no more sound is made for it and nothing is read from it, then it is cut off.
 */
import type { WebSocket } from 'ws';

export interface OutboxOptions {
  /** Bytes that may wait; one message may go over it. */
  maxBytes: number;
  /** Milliseconds in which a client with a full outbox may take nothing. */
  maxStallMs: number;
  /** Called once: what waits is all that the client gets. */
  onTooSlow(): void;
}

/** From here on the outbox is full: seconds of sound, more than any network needs to stay busy. */
const FULL_BYTES = 1024 * 1024;

export class Outbox {
  /** Given to the socket and not yet taken by the operating system, in bytes. */
  waiting = 0;
  private readonly fullBytes: number;
  private closed = false;
  private stall: NodeJS.Timeout | null = null;
  /** Settles when there is room again; null while there is. */
  private roomAgain: { promise: Promise<void>; resolve(): void } | null = null;

  constructor(
    private readonly socket: Pick<WebSocket, 'send' | 'pause' | 'resume'>,
    private readonly options: OutboxOptions,
  ) {
    this.fullBytes = Math.min(FULL_BYTES, options.maxBytes);
  }

  /** Sends one text frame, or lets it go when the client is too slow. */
  send(text: string): void {
    if (this.closed) return;
    if (this.waiting > this.options.maxBytes) {
      this.tooSlow();
      return;
    }
    const bytes = Buffer.byteLength(text);
    this.waiting += bytes;
    if (this.waiting > this.fullBytes) this.fill();
    this.socket.send(text, () => this.taken(bytes));
  }

  /** Settles when the client has taken most of what waits; undefined when there is room now. */
  room(): Promise<void> | undefined {
    return this.roomAgain?.promise;
  }

  /** Nothing is sent from now on; who waits for room waits no longer. */
  close(): void {
    this.closed = true;
    this.empty();
  }

  private taken(bytes: number): void {
    this.waiting -= bytes;
    if (this.roomAgain === null) return;
    if (this.waiting <= this.fullBytes / 2) this.empty();
    else this.watch();
  }

  private fill(): void {
    if (this.roomAgain !== null) return;
    let resolve = () => {};
    const promise = new Promise<void>((settle) => {
      resolve = settle;
    });
    this.roomAgain = { promise, resolve };
    // Its requests would only be answered with more.
    this.socket.pause();
    this.watch();
  }

  private empty(): void {
    if (this.stall !== null) clearTimeout(this.stall);
    this.stall = null;
    const { roomAgain } = this;
    this.roomAgain = null;
    if (roomAgain === null) return;
    this.socket.resume();
    roomAgain.resolve();
  }

  private watch(): void {
    if (this.stall !== null) clearTimeout(this.stall);
    this.stall = setTimeout(() => this.tooSlow(), this.options.maxStallMs);
    this.stall.unref();
  }

  private tooSlow(): void {
    this.close();
    this.options.onTooSlow();
  }
}
