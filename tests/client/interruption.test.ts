import { describe, expect, it } from 'vitest';
import { cutOf } from '../../src/client/playback-ledger';
import type { SessionConfig } from '../../src/client/session-config';
import { brief, createSessionBench } from '../helpers/client-session';

type Bench = ReturnType<typeof createSessionBench>;

/** Runs `play` and gives what was sent, and what was told of interruptions. */
async function run(config: Partial<SessionConfig>, play: (bench: Bench) => unknown) {
  const bench = createSessionBench(config);
  await play(bench);
  await bench.settle();
  const interrupted = bench.events.flatMap((e) =>
    e.type === 'client.interrupted' ? [`${e.itemId} ${e.audioEndMs}/${e.receivedMs} "${e.heardText}"`] : [],
  );
  return { bench, sent: brief(bench.connection.take()), interrupted };
}

/** An answer of one second whose words are spread evenly. */
function answer({ server }: Bench, response = 'r1', item = 'a1') {
  server.created(response);
  server.text(response, item, 'one two three four');
  server.audio(response, item, 1000);
}
function whole(bench: Bench, response = 'r1', item = 'a1') {
  answer(bench, response, item);
  bench.server.audioDone(response, item);
  bench.server.done(response);
}

const freeMic = { talkMode: 'free-mic' } as const;
const cutIn = (bench: Bench) => bench.server.speechStarted('u2');

describe('interruption in free mic: the server cancels by itself', () => {
  type Case = [string, (bench: Bench) => unknown, string[], string[]];
  it.each<Case>([
    ['nothing runs', cutIn, [], []],
    [
      'while it is generated and played',
      (b) => {
        answer(b);
        b.speaker.render(500);
        cutIn(b);
        b.server.done('r1', 'cancelled');
      },
      ['truncate a1 500'],
      ['a1 500/1000 "one two"'],
    ],
    [
      'fully generated, half played',
      (b) => {
        whole(b);
        b.speaker.render(500);
        cutIn(b);
      },
      ['truncate a1 500'],
      ['a1 500/1000 "one two"'],
    ],
    [
      'fully generated, not begun',
      (b) => {
        whole(b);
        cutIn(b);
      },
      ['truncate a1 0'],
      ['a1 0/1000 ""'],
    ],
    [
      'fully played: nothing to cut',
      (b) => {
        whole(b);
        b.speaker.render(1000);
        cutIn(b);
      },
      [],
      [],
    ],
    [
      'two queued, the first half played',
      (b) => {
        whole(b);
        whole(b, 'r2', 'a2');
        b.speaker.render(500);
        cutIn(b);
      },
      ['truncate a1 500', 'truncate a2 0'],
      ['a1 500/1000 "one two"', 'a2 0/1000 ""'],
    ],
    [
      'two queued, in the second one',
      (b) => {
        whole(b);
        whole(b, 'r2', 'a2');
        b.speaker.render(1250);
        cutIn(b);
      },
      ['truncate a2 250'],
      ['a2 250/1000 "one"'],
    ],
    [
      'a fraction of a millisecond is floored',
      (b) => {
        answer(b);
        b.speaker.render(333.4);
        cutIn(b);
      },
      ['truncate a1 333'],
      ['a1 333/1000 "one"'],
    ],
    [
      'run dry: all that came was heard, and more was to come',
      (b) => {
        answer(b);
        b.speaker.render(2000);
        cutIn(b);
      },
      ['truncate a1 1000'],
      ['a1 1000/1000 "one two three four"'],
    ],
    [
      'between response.created and the first delta',
      (b) => {
        b.server.created('r1');
        cutIn(b);
        b.server.done('r1', 'cancelled');
      },
      [],
      [],
    ],
    [
      'audio in flight after the cut dies by its id',
      (b) => {
        answer(b);
        b.speaker.render(100);
        cutIn(b);
        b.server.audio('r1', 'a1', 400);
        expect(b.speaker.queuedMs).toBe(0);
      },
      ['truncate a1 100'],
      ['a1 100/1000 ""'],
    ],
    [
      'audio that comes after the cut for an item of a finished response',
      (b) => {
        whole(b);
        b.speaker.render(100);
        cutIn(b);
        b.server.audio('r1', 'a1', 400);
        cutIn(b);
        expect(b.speaker.flushes).toBe(1);
      },
      ['truncate a1 100'],
      ['a1 100/1000 ""'],
    ],
    [
      'audio of a new item of the cancelled response: the server learns that nobody heard it',
      (b) => {
        b.server.created('r1');
        cutIn(b);
        b.server.audio('r1', 'a1', 400);
        b.server.audio('r1', 'a1', 400);
        expect(b.speaker.queuedMs).toBe(0);
      },
      ['truncate a1 0'],
      ['a1 0/0 ""'],
    ],
    [
      'again while the speaker is still answering',
      async (b) => {
        answer(b);
        b.speaker.render(500);
        b.speaker.holdFlush = true;
        cutIn(b);
        cutIn(b);
        b.session.interrupt();
        expect(b.speaker.flushes).toBe(1);
        b.speaker.answerFlush();
      },
      ['truncate a1 500'],
      ['a1 500/1000 "one two"'],
    ],
  ])('%s', async (_name, play, sent, interrupted) => {
    const result = await run(freeMic, play);
    expect(result.sent).toEqual(sent);
    expect(result.interrupted).toEqual(interrupted);
    expect(result.bench.problems).toEqual([]);
    expect(result.bench.speaker.queuedMs).toBe(0);
  });
});

describe('interruption by the user: the client cancels', () => {
  type Case = [string, (bench: Bench) => unknown, string[]];
  it.each<Case>([
    ['nothing runs', (b) => b.session.interrupt(), []],
    [
      'a response is open',
      (b) => {
        answer(b);
        b.speaker.render(500);
        b.session.interrupt();
      },
      ['cancel r1', 'truncate a1 500'],
    ],
    [
      'done came before: no cancel',
      (b) => {
        whole(b);
        b.speaker.render(500);
        b.session.interrupt();
      },
      ['truncate a1 500'],
    ],
    [
      'twice: one cancel',
      (b) => {
        answer(b);
        b.session.interrupt();
        b.session.interrupt();
      },
      ['cancel r1', 'truncate a1 0'],
    ],
    [
      'asked for and not created yet: its audio dies',
      (b) => {
        b.session.sendText('hi');
        b.connection.take();
        b.session.interrupt();
        b.server.created('r1');
        b.server.audio('r1', 'a1', 300);
        b.server.done('r1', 'cancelled');
        expect(b.speaker.queuedMs).toBe(0);
      },
      ['cancel', 'truncate a1 0'],
    ],
    [
      'a done that crosses the cancel: its error is nothing to worry about',
      (b) => {
        answer(b);
        b.server.audioDone('r1', 'a1');
        b.session.interrupt();
        b.server.done('r1');
        b.server.error('response_cancel_not_active', 'cancel_2');
      },
      ['cancel r1', 'truncate a1 0'],
    ],
    [
      'by typing',
      (b) => {
        answer(b);
        b.speaker.render(500);
        b.session.sendText('stop');
        b.server.done('r1', 'cancelled');
      },
      ['cancel r1', 'item user input_text stop', 'create', 'truncate a1 500'],
    ],
  ])('%s', async (_name, play, sent) => {
    const result = await run({}, play);
    expect(result.sent).toEqual(sent);
    expect(result.bench.problems).toEqual([]);
    expect(result.bench.speaker.queuedMs).toBe(0);
  });

  it.each([
    ['invalid_value', 'Audio content of 900ms is already shorter than 1000ms'],
    ['unsupported_content_type', 'x'],
    ['item_truncate_invalid_item_id', 'x'],
  ])('a truncate refused with %s does not mute the session', async (code, message) => {
    const { bench } = await run({}, async (b) => {
      answer(b);
      b.speaker.render(100);
      b.session.interrupt();
      await b.settle();
      const truncate = b.only(b.connection.take(), 'conversation.item.truncate')[0];
      b.server.error(code, truncate?.event_id, message);
      b.server.done('r1', 'cancelled');
      whole(b, 'r2', 'a2');
    });
    expect(bench.problems).toEqual([]);
    expect(bench.speaker.queuedMs).toBe(1000);
  });

  it('a speaker that never answers holds nothing up for more than a second', async () => {
    const bench = createSessionBench();
    answer(bench);
    bench.speaker.render(100);
    bench.speaker.holdFlush = true;
    bench.session.press();
    bench.microphone.hear(200);
    bench.session.release();
    await bench.settle();
    expect(brief(bench.connection.take())).toEqual(['cancel r1', 'clear', 'append 200']);
    bench.clock.advance(1000);
    await bench.settle();
    expect(brief(bench.connection.take())).toEqual(['truncate a1 1000', 'commit']);
    bench.server.done('r1', 'cancelled');
    expect(brief(bench.connection.take())).toEqual(['create']);
  });
});

describe('cutOf', () => {
  const item = { samples: 24_000, started: true, ended: true };
  it.each([
    [item, { renderedFrames: 12_000 }, { audioEndMs: 500, receivedMs: 1000, whole: false }],
    [item, { renderedFrames: 12_011 }, { audioEndMs: 500, receivedMs: 1000, whole: false }],
    // A speaker that counts more than it was given cannot make the server refuse the truncate.
    [item, { renderedFrames: 99_000 }, { audioEndMs: 1000, receivedMs: 1000, whole: true }],
    [item, { renderedFrames: -1 }, { audioEndMs: 0, receivedMs: 1000, whole: false }],
    [
      { ...item, samples: 24_023, ended: false },
      { renderedFrames: 24_023 },
      { audioEndMs: 1000, receivedMs: 1000, whole: false },
    ],
    [{ ...item, started: false }, undefined, { audioEndMs: 0, receivedMs: 1000, whole: false }],
  ])('%o heard %o', (given, heard, expected) => {
    expect(cutOf(given, heard)).toEqual(expected);
  });
});
