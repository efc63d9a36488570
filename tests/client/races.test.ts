import { describe, expect, it } from 'vitest';
import { createFreeMicBench, type FreeMicBench, samplesOf } from '../helpers/client-ear';
import { brief } from '../helpers/client-session';

/**
 * What crosses on the way between server, client and speaker (REALTIME: interruption). Every row ends with the next
 * answer, which must play: no race mutes the session or leaves it waiting.
 */
type Race = [name: string, play: (b: FreeMicBench) => unknown, sent: string[]];

const truncateId = (b: FreeMicBench) =>
  b.only(b.connection.sent, 'conversation.item.truncate').at(-1)?.event_id;
const cancelId = (b: FreeMicBench) => b.only(b.connection.sent, 'response.cancel').at(-1)?.event_id;

async function run(b: FreeMicBench, play: Race[1]) {
  await play(b);
  await b.settle();
  const sent = brief(b.connection.take());
  expect(b.problems).toEqual([]);
  b.server.created('r9');
  b.server.audio('r9', 'a9', 400);
  b.server.audioDone('r9', 'a9');
  b.server.done('r9');
  expect(b.speaker.queuedMs).toBe(400);
  b.quiet(1000);
  expect(b.session.state).toMatchObject({ playing: false, responseOpen: false, userSpeaking: false });
  expect(b.speaker.held).toBe(false);
  expect(b.speaker.ducked).toBe(false);
  return sent;
}

describe('the server hears the user', () => {
  it.each<Race>([
    [
      'speech_started after done, still playing',
      (b) => {
        b.answer();
        b.speaker.render(500);
        b.turn('u2');
      },
      ['truncate a1 500'],
    ],
    [
      'speech_started with nothing rendered yet',
      (b) => {
        b.answer();
        b.turn('u2');
      },
      ['truncate a1 0'],
    ],
    [
      'a delta after the cut, then done(cancelled)',
      (b) => {
        b.beginAnswer();
        b.speaker.render(500);
        b.turn('u2');
        b.server.audio('r1', 'a1', 300);
        b.server.text('r1', 'a1', ' eleven');
        b.server.done('r1', 'cancelled');
        b.server.audio('r1', 'a1', 300);
        expect(b.speaker.queuedMs).toBe(0);
      },
      ['truncate a1 500'],
    ],
    [
      'done(cancelled) before the speaker answers the flush',
      (b) => {
        b.beginAnswer();
        b.speaker.render(500);
        b.speaker.holdFlush = true;
        b.turn('u2');
        b.server.done('r1', 'cancelled');
        b.speaker.answerFlush();
      },
      ['truncate a1 500'],
    ],
    [
      'the speaker answers the flush after the next answer began',
      async (b) => {
        b.answer();
        b.speaker.render(500);
        b.speaker.holdFlush = true;
        b.turn('u2');
        b.server.created('r2');
        b.server.audio('r2', 'a2', 200);
        expect(b.speaker.queuedMs).toBe(200);
        b.speaker.answerFlush();
        await b.settle();
        expect(b.session.state.responseOpen).toBe(true);
        b.server.done('r2');
        b.speaker.render(200);
      },
      ['truncate a1 500'],
    ],
    [
      'two queued, the first half played, after a hold that was taken back',
      (b) => {
        b.speaker.rewindMs = 200;
        b.answer('r1', 'a1', 1000);
        b.answer('r2', 'a2', 1000);
        b.quiet(600);
        b.voice(80);
        b.quiet(200);
        expect(b.speaker.commands).toEqual(['hold', 'resume']);
        // 600 ms and one chunk before the hold, 200 back, 100 on: what was heard twice counts once.
        b.speaker.render(100);
        b.turn('u2');
      },
      ['append 880', 'truncate a1 620', 'truncate a2 0'],
    ],
    [
      'a hold that was taken back, and played on beyond it',
      (b) => {
        b.speaker.rewindMs = 200;
        b.answer('r1', 'a1', 2000);
        b.quiet(600);
        b.voice(80);
        b.quiet(200);
        b.speaker.render(500);
        b.turn('u2');
        expect(b.events.filter((e) => e.type === 'client.playback_started')).toHaveLength(1);
      },
      ['append 880', 'truncate a1 920'],
    ],
    [
      'while held, for sound from before the answer: the kept sound follows',
      (b) => {
        b.quiet(100);
        b.answer();
        b.voice(200);
        b.server.speechStarted('u2');
        b.server.speechStopped('u2');
        b.server.committed('u2');
      },
      ['append 300', 'truncate a1 20'],
    ],
  ])('%s', async (_name, play, sent) => {
    expect(await run(createFreeMicBench(), play)).toEqual(sent);
  });
});

describe('the client cuts in', () => {
  it.each<Race>([
    [
      'a cancel that arrives after done',
      (b) => {
        b.beginAnswer();
        b.speaker.render(500);
        b.session.interrupt();
        b.server.audioDone('r1', 'a1');
        b.server.done('r1');
        b.server.error('response_cancel_not_active', cancelId(b));
      },
      ['cancel r1', 'truncate a1 500'],
    ],
    [
      'a truncate that is refused because it is over-long',
      async (b) => {
        b.beginAnswer();
        b.speaker.render(500);
        b.session.interrupt();
        await b.settle();
        b.server.error(
          'invalid_value',
          truncateId(b),
          'Audio content of 400ms is already shorter than 500ms',
        );
        b.server.done('r1', 'cancelled');
      },
      ['cancel r1', 'truncate a1 500'],
    ],
    [
      'a truncate after the item was deleted',
      async (b) => {
        b.answer();
        b.speaker.render(500);
        b.session.clear();
        await b.settle();
        b.server.error('item_truncate_invalid_item_id', truncateId(b));
      },
      ['delete a1', 'truncate a1 500'],
    ],
    [
      'created after the cancel was asked for',
      (b) => {
        b.session.sendText('hi');
        b.connection.take();
        b.session.interrupt();
        b.server.created('r1');
        b.server.audio('r1', 'a1', 300);
        expect(b.speaker.queuedMs).toBe(0);
        b.server.done('r1', 'cancelled');
      },
      ['cancel', 'truncate a1 0'],
    ],
    [
      'two in a row',
      async (b) => {
        b.beginAnswer();
        b.speaker.render(500);
        b.session.interrupt();
        b.session.interrupt();
        b.server.done('r1', 'cancelled');
        b.beginAnswer('r2', 'a2');
        b.speaker.render(200);
        await b.settle();
        b.session.interrupt();
        b.server.done('r2', 'cancelled');
      },
      ['cancel r1', 'truncate a1 500', 'cancel r2', 'truncate a2 200'],
    ],
    [
      'with nothing rendered yet',
      (b) => {
        b.beginAnswer();
        b.session.interrupt();
        b.server.done('r1', 'cancelled');
      },
      ['cancel r1', 'truncate a1 0'],
    ],
    [
      'while the user is heard: their words become a turn',
      (b) => {
        b.answer();
        b.voice(200);
        b.session.interrupt();
        b.turn('u2');
      },
      ['append 200', 'truncate a1 20'],
    ],
    [
      'while a word is on trial, before it is committed',
      (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.session.interrupt();
        b.updated();
        b.updated();
        b.turn('u2');
      },
      ['guard', 'append 600', 'unguard', 'truncate a1 20'],
    ],
    [
      'while the words on trial are awaited: even a backchannel is answered then',
      async (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.turn('u2');
        b.session.interrupt();
        await b.settle();
        b.server.heard('u2', 'okay');
      },
      ['guard', 'append 600', 'truncate a1 20', 'unguard', 'create'],
    ],
    [
      'between the words on trial and the request: nothing is asked for',
      (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.turn('u2');
        b.server.heard('u2', 'stop');
        b.session.interrupt();
      },
      ['guard', 'append 600', 'unguard', 'truncate a1 20'],
    ],
    [
      'the conversation is cleared while a word is on trial',
      (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.turn('u2');
        b.session.clear();
        b.server.heard('u2', 'stop');
      },
      ['guard', 'append 600', 'delete a1', 'delete u2', 'unguard', 'truncate a1 20'],
    ],
    [
      'the conversation is cleared while the user is heard',
      (b) => {
        b.answer();
        b.voice(200);
        b.session.clear();
        b.turn('u2');
      },
      ['append 200', 'delete a1', 'truncate a1 20'],
    ],
  ])('%s', async (_name, play, sent) => {
    const b = createFreeMicBench();
    const all = await run(b, play);
    expect(all).toEqual(sent);
  });
});

describe('the ear hears the user', () => {
  it.each<Race>([
    [
      'sound that comes while the answer is held waits, and dies with it',
      (b) => {
        b.beginAnswer();
        b.quiet(480);
        b.voice(300);
        b.server.audio('r1', 'a1', 500);
        expect(b.speaker.queuedMs).toBe(10_000);
        b.voice(300);
        b.server.audio('r1', 'a1', 500);
        expect(b.speaker.queuedMs).toBe(0);
        b.server.done('r1', 'cancelled');
        b.server.audio('r1', 'a1', 500);
        b.turn('u2');
      },
      ['cancel r1', 'append 1000', 'truncate a1 500'],
    ],
    [
      'speech_started after the answer was cut cuts nothing twice',
      (b) => {
        b.beginAnswer();
        b.voice(620);
        b.server.speechStarted('u2');
        b.server.done('r1', 'cancelled', { reason: 'turn_detected' });
        b.quiet(700);
        b.server.speechStopped('u2');
        b.server.committed('u2');
        expect(b.speaker.flushes).toBe(1);
      },
      ['cancel r1', 'append 1320', 'truncate a1 20'],
    ],
    [
      'done and a cancel that finds nothing to cancel',
      (b) => {
        b.beginAnswer();
        b.voice(600);
        b.server.audioDone('r1', 'a1');
        b.server.done('r1');
        b.server.error('response_cancel_not_active', cancelId(b));
        b.turn('u2');
      },
      ['cancel r1', 'append 600', 'truncate a1 20'],
    ],
    [
      'muted while held: a word is on trial all the same, ended by silence',
      async (b) => {
        b.answer();
        b.voice(400);
        b.session.setMuted(true);
        await b.settle();
        b.turn('u2');
        b.server.heard('u2', 'stop');
      },
      ['guard', 'append 1200', 'unguard', 'truncate a1 20', 'create'],
    ],
    [
      'muted while held: no word, and the answer plays on',
      async (b) => {
        b.answer('r1', 'a1', 1000);
        b.voice(80);
        b.session.setMuted(true);
        await b.settle();
        expect(b.speaker.held).toBe(false);
        b.speaker.render(1000);
      },
      [],
    ],
    [
      'muted while a word is on trial',
      async (b) => {
        b.answer('r1', 'a1', 1000);
        b.voice(400);
        b.quiet(200);
        b.session.setMuted(true);
        await b.settle();
        b.turn('u2');
        b.server.heard('u2', 'mm-hm');
        b.speaker.render(1000);
      },
      ['guard', 'append 1400', 'delete u2', 'unguard'],
    ],
    [
      'push-to-talk chosen while held: what was said is a turn',
      async (b) => {
        b.answer();
        b.voice(400);
        b.session.update({ talkMode: 'push-to-talk' });
        await b.settle();
        b.server.committed('u2');
        b.server.created('r2');
        b.server.done('r2');
      },
      ['append 400', 'session.update', 'commit', 'create', 'truncate a1 20'],
    ],
    [
      'push-to-talk chosen while held: a cough is none',
      async (b) => {
        b.answer('r1', 'a1', 1000);
        b.voice(400, { wordless: true });
        b.session.update({ talkMode: 'push-to-talk' });
        await b.settle();
        b.speaker.render(1000);
      },
      ['session.update', 'clear'],
    ],
    [
      'push-to-talk chosen while the words on trial are awaited',
      async (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.turn('u2');
        b.session.update({ talkMode: 'push-to-talk' });
        await b.settle();
        b.server.created('r2');
        b.server.done('r2');
      },
      ['guard', 'append 600', 'unguard', 'session.update', 'clear', 'truncate a1 20', 'create'],
    ],
  ])('%s', async (_name, play, sent) => {
    expect(await run(createFreeMicBench(), play)).toEqual(sent);
  });
});

describe('the connection is lost', () => {
  it.each<Race>([
    [
      'while held: a cough, and what came of the answer plays on',
      (b) => {
        b.answer('r1', 'a1', 1000);
        b.voice(300, { wordless: true });
        b.connection.down();
        b.quiet(200, { wordless: true });
        expect(b.speaker.held).toBe(false);
        b.connection.up();
        b.speaker.render(1000);
      },
      ['session.update', 'item assistant output_text one two three four five six seven eight nine ten'],
    ],
    [
      'while held: a word, which the next session gets',
      async (b) => {
        b.answer();
        b.voice(300);
        b.connection.down();
        b.quiet(200);
        await b.settle();
        b.quiet(500);
        b.connection.up();
        b.turn('u2');
        expect(samplesOf(b.connection.sent)).toEqual(b.spoken);
      },
      ['session.update', 'append 1000'],
    ],
    [
      'while a word is on trial: the next session gets all of it',
      async (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.server.speechStarted('u2');
        expect(brief(b.connection.take())).toEqual(['guard', 'append 600']);
        b.connection.down();
        await b.settle();
        expect(b.speaker.queuedMs).toBe(0);
        b.quiet(300);
        b.connection.up();
        expect(samplesOf(b.connection.sent)).toEqual(b.spoken);
        b.turn('u3');
        b.server.heard('u3', 'mm-hm');
        expect(b.session.conversation.entries.filter((e) => e.role === 'user').map((e) => e.id)).toEqual([
          'u3',
        ]);
      },
      ['session.update', 'append 900'],
    ],
    [
      'while the words on trial are awaited: shown once, under the new item',
      async (b) => {
        b.answer();
        b.voice(400);
        b.quiet(200);
        b.turn('u2');
        b.connection.take();
        b.connection.down();
        await b.settle();
        b.connection.up();
        b.turn('u3');
        b.server.heard('u3', 'stop');
        expect(b.session.conversation.entries.map((e) => e.id)).toEqual(['a1', 'u3']);
      },
      ['session.update', 'append 600'],
    ],
    [
      'after the user got the floor: the next session hears them from the beginning',
      async (b) => {
        b.answer();
        b.voice(700);
        b.server.speechStarted('u2');
        b.connection.take();
        await b.settle();
        b.connection.take();
        b.connection.down();
        b.voice(300);
        b.connection.up();
        expect(samplesOf(b.connection.sent)).toEqual(b.spoken);
        b.turn('u3');
      },
      ['session.update', 'append 1000'],
    ],
    [
      'twice: a turn that brings the server down is not sent for ever',
      async (b) => {
        b.answer();
        b.voice(700);
        await b.settle();
        b.connection.down();
        b.connection.up();
        b.connection.down();
        b.connection.take();
        b.connection.up();
        b.turn('u3');
      },
      ['session.update'],
    ],
  ])('%s', async (_name, play, sent) => {
    const b = createFreeMicBench();
    const all = await run(b, play);
    // What was played or heard is told to the next session as text; not the matter here.
    const matter = sent.some((line) => line.startsWith('item '))
      ? all
      : all.filter((l) => !l.startsWith('item '));
    expect(matter).toEqual(sent);
  });
});

it.each([
  ['held', (b: FreeMicBench) => b.voice(300)],
  [
    'a word is on trial',
    (b: FreeMicBench) => {
      b.voice(400);
      b.quiet(200);
    },
  ],
  ['the user has the floor', (b: FreeMicBench) => b.voice(700)],
])('closing while %s leaves nothing behind', async (_name, play) => {
  const b = createFreeMicBench();
  b.answer();
  play(b);
  await b.session.close();
  expect(b.speaker.queuedMs).toBe(0);
  expect(b.speaker.held).toBe(false);
  expect(b.microphone.running).toBe(false);
  expect(b.clock.nextMs()).toBeNull();
  expect(b.session.state.userSpeaking).toBe(false);
});
