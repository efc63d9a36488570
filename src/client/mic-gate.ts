/** The way of the microphone's sound to the server: open, or shut with the sound kept for when it opens. */
import type { Hearing } from '../ear';
import { msToSamples, type Pcm16 } from '../shared/audio';
import type { ClientEvent } from '../shared/realtime';
import { createKeptSound } from './kept-sound';
import { createSentSound } from './sent-sound';
import { appendEvent } from './spoken-turns';

/** Milliseconds sent from before the onset, besides what the server's turn detection wants to see. */
export const MARGIN_MS = 100;
/** Milliseconds in which a room fades. */
export const ROOM_MS = 150;

export interface MicGate {
  /** Keeps a chunk; `open` or a release sends it. While `undecided`, all of the stretch is kept. */
  add(pcm: Pcm16, hearing: Hearing, undecided: boolean): void;
  /** Sends everything that is kept. */
  open(): void;
  /** Sends the running stretch, or the last one, from before its onset; forgets what lies before. */
  releaseStretch(): void;
  /** The same for the turn of somebody who gets the floor: it is remembered until `forgetTurn`. */
  releaseTurn(): void;
  forgetTurn(): void;
  /**
   * A chunk of `ms` milliseconds has gone by; true while the gate stays shut for what was played: as long as an answer
   * is to be heard and until it has faded from the room, unless somebody speaks.
   */
  fading(answering: boolean, hearing: Hearing, ms: number): boolean;
  /** The gate opens at once. */
  endFading(): void;
  /** The next session gets what the lost one heard of a turn. */
  sendAgain(): void;
  /** Forgets the stream. */
  drop(): void;
}

export interface MicGateOptions {
  prefixPaddingMs(): number;
  outputMs(): number;
  connected(): boolean;
  send(event: ClientEvent): void;
}

export function createMicGate({ prefixPaddingMs, outputMs, connected, send }: MicGateOptions): MicGate {
  const kept = createKeptSound();
  const sent = createSentSound();
  /** Where the running stretch, or the last one, began. */
  let onset = 0;
  let tailMs = 0;
  let tailEcho = false;

  const release = (from: number) => {
    for (const pcm of kept.take(from)) {
      sent.add(pcm);
      if (connected()) send(appendEvent(pcm));
    }
  };
  const padded = () => onset - msToSamples(prefixPaddingMs() + MARGIN_MS);

  return {
    add(pcm, hearing, undecided) {
      const running = hearing.stretchMs > 0;
      if (running) onset = kept.end + pcm.length - msToSamples(hearing.stretchMs);
      kept.add(pcm, running || undecided ? padded() : Number.POSITIVE_INFINITY);
    },
    open: () => release(0),
    releaseStretch: () => release(padded()),
    releaseTurn() {
      sent.begin();
      release(padded());
    },
    forgetTurn: sent.forget,
    fading(answering, hearing, ms) {
      if (answering) {
        tailMs = outputMs() + ROOM_MS;
        tailEcho = false;
        return true;
      }
      if (tailMs <= 0) return false;
      tailMs -= ms;
      tailEcho ||= hearing.echo;
      if (hearing.sound === 'voice') tailMs = 0;
      if (tailMs > 0) return true;
      // Quiet from before a turn is its prefix, unless it holds the end of our own answer.
      const quietMs = tailEcho ? 0 : Math.min(prefixPaddingMs(), ROOM_MS);
      release(hearing.stretchMs > 0 ? padded() : kept.end - msToSamples(quietMs));
      return false;
    },
    endFading() {
      tailMs = 0;
    },
    sendAgain() {
      for (const pcm of sent.again()) send(appendEvent(pcm));
    },
    drop() {
      kept.take(kept.end);
      tailMs = 0;
    },
  };
}
