import { describe, expect, it } from 'vitest';
import { REST_AFTER_MS } from '../../src/client/free-mic';
import { MARGIN_MS } from '../../src/client/mic-gate';
import { CHUNK_MS, msToSamples } from '../../src/shared/audio';
import { createFreeMicBench, type FreeMicBench, positionsOf, samplesOf } from '../helpers/client-ear';

/** A generator of numbers 0..1 that gives the same ones for the same seed. */
function random(seed: number) {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Speaks at random over answers of random length, and plays a server that follows its protocol. Gives the stretches that
 * became turns, from their first sample to their last.
 */
async function converse(b: FreeMicBench, next: () => number) {
  const turns: [number, number][] = [];
  let count = 0;
  const pick = (...ms: number[]) => ms[Math.floor(next() * ms.length)] ?? CHUNK_MS;
  for (let round = 0; round < 12; round++) {
    count += 1;
    if (next() < 0.8) b.answer(`r${count}`, `a${count}`, pick(300, 700, 1500, 3000, 5000));
    b.quiet(pick(0, 20, 200, 640, 2000));
    const from = b.spoken.length;
    const wasAnswering = b.session.state.playing || b.speaker.queuedMs > 0;
    const ms = pick(40, 160, 300, 500, 640, 900, 2500);
    b.go(pick(0, 0, 60, 200), 'likely');
    b.voice(ms, { wordless: next() < 0.3 });
    const to = b.spoken.length;
    const wordless = b.ear.wordless;
    b.quiet(200, { wordless });
    await b.settle();
    const onTrial = b.connection.sent.some((e) => e.event_id?.startsWith('guard_')) && b.speaker.held;
    const dropped = b.speaker.commands.at(-1) === 'resume' || b.speaker.commands.at(-1) === 'swell';
    if (!dropped || !wasAnswering) turns.push([from, to]);
    if (onTrial || b.session.state.userSpeaking) {
      b.quiet(500);
      b.turn(`u${count}`);
      b.updated();
      b.server.heard(`u${count}`, next() < 0.5 ? 'stop' : 'mm-hm');
      await b.settle();
      const [create] = b.only(b.connection.sent.slice(-1), 'response.create');
      if (create) b.server.done('none');
      b.updated();
    }
    b.speaker.commands.length = 0;
    if (b.speaker.queuedMs > 0) b.quiet(b.speaker.queuedMs);
    b.quiet(pick(300, 500, 1000));
  }
  return turns;
}

describe('nothing that was said is lost', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    'seed %i: every turn is sent once, in order, with its prefix',
    async (seed) => {
      const b = createFreeMicBench();
      const turns = await converse(b, random(seed));
      const sent = positionsOf(samplesOf(b.connection.sent));
      expect(turns.length).toBeGreaterThan(0);
      expect(
        sent.filter((at, i) => i > 0 && at <= (sent[i - 1] as number)),
        'sent twice or out of order',
      ).toEqual([]);
      const isSent = new Set(sent);
      for (const [from, to] of turns) {
        let missing = 0;
        for (let at = from; at < to; at += 2) if (!isSent.has(at)) missing += 1;
        expect(missing, `turn ${from}..${to}`).toBe(0);
      }
      expect(b.problems).toEqual([]);
    },
  );
});

it.each([0, 300, 2000])(
  'the prefix of %i ms and a margin are sent with an interruption',
  async (prefixPaddingMs) => {
    const b = createFreeMicBench({
      turnDetection: { threshold: 0.5, prefixPaddingMs, silenceDurationMs: 500 },
    });
    b.answer('r1', 'a1', 20_000);
    b.quiet(5000);
    b.go(100, 'likely');
    b.voice(600);
    await b.settle();
    const expected = msToSamples(prefixPaddingMs + MARGIN_MS + 700);
    expect(samplesOf(b.connection.sent)).toEqual(b.spoken.slice(-expected));
  },
);

it('a noise that goes on for long before the voice does not fill the memory', () => {
  const b = createFreeMicBench();
  b.answer('r1', 'a1', 200_000);
  b.go(60_000, 'likely');
  b.voice(600);
  expect(samplesOf(b.connection.sent).length).toBe(msToSamples(30_000));
});

describe('silence', () => {
  it('is sent for a while only, and a sound is sent from before its onset', async () => {
    const b = createFreeMicBench();
    b.quiet(REST_AFTER_MS + 5000);
    const before = samplesOf(b.connection.sent).length;
    expect(before).toBeLessThanOrEqual(msToSamples(REST_AFTER_MS));
    expect(before).toBeGreaterThan(msToSamples(REST_AFTER_MS - 100));
    b.go(100, 'likely');
    b.voice(400);
    await b.settle();
    const expected = msToSamples(300 + MARGIN_MS + 500);
    expect(samplesOf(b.connection.sent).slice(before)).toEqual(b.spoken.slice(-expected));
  });

  it('is not waited for then: not before, not during an answer or a turn, and not without an ear', () => {
    const b = createFreeMicBench();
    b.quiet(REST_AFTER_MS - 100);
    expect(b.microphone.rests.includes(true)).toBe(false);
    b.quiet(200);
    expect(b.microphone.rests.at(-1)).toBe(true);
    b.answer('r1', 'a1', 1000);
    expect(b.microphone.rests.at(-1)).toBe(false);
    b.quiet(1100);
    expect(b.microphone.rests.at(-1)).toBe(false);
    b.quiet(400);
    expect(b.microphone.rests.at(-1)).toBe(true);
    b.voice(20);
    expect(b.microphone.rests.at(-1)).toBe(false);
    b.quiet(REST_AFTER_MS + 400);
    expect(b.microphone.rests.at(-1)).toBe(true);
    b.session.setEar(null);
    expect(b.microphone.rests.at(-1)).toBe(false);
  });

  it('goes on being sent while the server hears somebody speak', () => {
    const b = createFreeMicBench();
    b.server.speechStarted('u1');
    b.quiet(REST_AFTER_MS + 1000);
    expect(samplesOf(b.connection.sent)).toEqual(b.spoken);
  });

  it('is not made up for when an answer has come and gone', async () => {
    const b = createFreeMicBench();
    b.quiet(REST_AFTER_MS + 1000);
    const before = samplesOf(b.connection.sent).length;
    b.answer('r1', 'a1', 1000);
    b.quiet(4000);
    await b.settle();
    expect(samplesOf(b.connection.sent).length - before).toBeLessThanOrEqual(msToSamples(300));
  });
});
