import { describe, expect, it } from 'vitest';
import { createFreeMicBench, type FreeMicBench, samplesOf } from '../helpers/client-ear';
import { brief } from '../helpers/client-session';

const taken = (b: FreeMicBench) => brief(b.connection.take());

describe('while an answer is to be heard', () => {
  it('nothing of the microphone is sent, and everything before and after', () => {
    const b = createFreeMicBench();
    b.quiet(200);
    expect(taken(b)).toEqual(['append 200']);
    b.answer('r1', 'a1', 1000);
    b.quiet(1000);
    expect(taken(b)).toEqual([]);
    expect(b.session.state.playing).toBe(false);
    b.quiet(220);
    expect(taken(b)).toEqual([]);
    b.quiet(120);
    // Of the quiet after the answer 150 ms, before what follows.
    expect(taken(b)).toEqual(['append 250']);
    expect(b.speaker.commands).toEqual([]);
  });

  it('what the answer sounds like in the room is not sent after it', () => {
    const b = createFreeMicBench();
    b.answer('r1', 'a1', 1000);
    b.quiet(1200, { echo: true });
    b.quiet(100);
    expect(taken(b)).toEqual(['append 60']);
  });

  it('who begins to speak as it ends is sent from before the beginning', () => {
    const b = createFreeMicBench();
    b.answer('r1', 'a1', 1000);
    b.quiet(1060);
    b.voice(100);
    expect(taken(b)).toEqual(['append 500']);
    expect(samplesOf(b.connection.sent)).toEqual([]);
  });

  it('a likely sound ducks it, and lets it swell back', () => {
    const b = createFreeMicBench();
    b.answer();
    b.go(60, 'likely');
    expect(b.speaker.ducked).toBe(true);
    b.quiet(200);
    expect(b.speaker.commands).toEqual(['duck', 'swell']);
    expect(taken(b)).toEqual([]);
  });

  it.each([
    ['a cough', 400, { wordless: true }],
    ['a knock like a voice', 80, {}],
  ])('%s holds it, then it plays on and nothing was sent', (_name, ms, options) => {
    const b = createFreeMicBench();
    b.answer();
    b.quiet(1000);
    b.go(40, 'likely');
    b.voice(ms, options);
    expect(b.speaker.held).toBe(true);
    expect(b.session.state).toMatchObject({ userSpeaking: true, playing: true });
    b.quiet(200, options);
    expect(b.speaker.commands).toEqual(['duck', 'hold', 'resume', 'swell']);
    expect(b.session.state).toMatchObject({ userSpeaking: false, playing: true });
    b.quiet(1000);
    expect(taken(b)).toEqual([]);
    expect(b.events.filter((e) => e.type === 'client.interrupted')).toEqual([]);
  });

  it('a voice cuts it off, and is heard from before its beginning', async () => {
    const b = createFreeMicBench();
    b.quiet(100);
    b.beginAnswer();
    b.quiet(1000);
    b.connection.take();
    b.voice(600);
    await b.settle();
    const sent = b.connection.take();
    // 300 ms of prefix and a margin of 100 ms before the voice.
    expect(brief(sent)).toEqual(['cancel r1', 'append 1000', 'truncate a1 1020']);
    expect(samplesOf(sent)).toEqual(b.spoken.slice(-24_000));
    expect(b.speaker.commands).toEqual(['hold', 'flush']);
    expect(b.session.state.userSpeaking).toBe(true);
    b.voice(200);
    expect(taken(b)).toEqual(['append 200']);
    b.server.done('r1', 'cancelled');
    b.turn('u2');
    b.server.created('r2');
    b.server.audio('r2', 'a2', 1000);
    b.quiet(100);
    expect(taken(b)).toEqual([]);
    expect(b.session.state).toMatchObject({ userSpeaking: false, playing: true });
  });

  it('a response that is done is not cancelled', async () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(600);
    await b.settle();
    expect(taken(b)).toEqual(['append 600', 'truncate a1 20']);
  });
});

describe('a short word: its transcript decides', () => {
  function wordSaid() {
    const b = createFreeMicBench();
    b.answer();
    b.quiet(1000);
    b.voice(400);
    expect(b.connection.take()).toEqual([]);
    b.quiet(200);
    expect(taken(b)).toEqual(['guard', 'append 1000']);
    b.quiet(300);
    expect(taken(b)).toEqual(['append 300']);
    b.turn('u2');
    expect(b.speaker.commands).toEqual(['hold']);
    expect(b.session.state).toMatchObject({ userSpeaking: true, playing: true });
    return b;
  }

  it('asks for nothing but turn detection without consequences', () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    expect(b.connection.sent[0]).toEqual({
      type: 'session.update',
      event_id: expect.any(String),
      session: {
        type: 'realtime',
        audio: {
          input: {
            turn_detection: {
              type: 'server_vad',
              threshold: 0.5,
              prefix_padding_ms: 300,
              silence_duration_ms: 500,
              create_response: false,
              interrupt_response: false,
            },
          },
        },
      },
    });
  });

  it.each(['Mm-hm.', '', '嗯'])('%j: the item goes and the answer plays on', (transcript) => {
    const b = wordSaid();
    b.server.heard('u2', transcript);
    expect(taken(b)).toEqual(['delete u2', 'unguard']);
    expect(b.speaker.commands).toEqual(['hold', 'resume']);
    expect(b.session.state).toMatchObject({ userSpeaking: false, responseOpen: false, playing: true });
    expect(b.session.conversation.entries.map((e) => e.id)).toEqual(['a1']);
    b.quiet(500);
    expect(taken(b)).toEqual([]);
  });

  it('a word cuts it off: the response is asked for once the server knows what was heard', async () => {
    const b = wordSaid();
    b.server.heard('u2', 'Stop.');
    expect(taken(b)).toEqual(['unguard']);
    await b.settle();
    expect(taken(b)).toEqual(['truncate a1 1020', 'create']);
    expect(b.speaker.commands).toEqual(['hold', 'flush']);
    expect(b.session.conversation.entries.map((e) => e.id)).toEqual(['a1', 'u2']);
  });

  it.each([120, 200])('a short stop is tried as a word: %i ms of voice', async (ms) => {
    const b = createFreeMicBench();
    b.answer();
    b.quiet(1000);
    b.voice(ms);
    expect(taken(b)).toEqual([]);
    b.quiet(200);
    // What was said, the pause after it, and 400 ms before it.
    expect(taken(b)).toEqual(['guard', `append ${ms + 600}`]);
    b.turn('u2');
    expect(b.speaker.commands).toEqual(['hold']);
    b.server.heard('u2', 'Stop.');
    await b.settle();
    expect(taken(b)).toEqual(['unguard', 'truncate a1 1020', 'create']);
    expect(b.speaker.commands).toEqual(['hold', 'flush']);
  });

  it('words that could not be recognised do too', async () => {
    const b = wordSaid();
    b.connection.serve({
      type: 'conversation.item.input_audio_transcription.failed',
      item_id: 'u2',
      content_index: 0,
      error: { code: 'x' },
    });
    await b.settle();
    expect(taken(b)).toEqual(['unguard', 'truncate a1 1020', 'create']);
  });

  it('no transcript within three seconds does too', async () => {
    const b = wordSaid();
    b.clock.advance(3000);
    await b.settle();
    expect(taken(b)).toEqual(['unguard', 'truncate a1 1020', 'create']);
    // A transcript that comes after all changes nothing.
    b.server.heard('u2', 'Mm-hm.');
    expect(taken(b)).toEqual([]);
  });

  it('a server that hears no turn in it: forgotten, and the answer plays on', () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    b.connection.take();
    b.clock.advance(2500);
    expect(taken(b)).toEqual(['clear', 'unguard']);
    expect(b.speaker.commands).toEqual(['hold', 'resume']);
    expect(b.session.state.userSpeaking).toBe(false);
  });

  it('the user goes on: cut off, and the server answers by itself', async () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    b.server.speechStarted('u2');
    b.connection.take();
    b.voice(200);
    await b.settle();
    expect(taken(b)).toEqual(['append 180', 'unguard', 'append 20', 'truncate a1 20']);
    b.updated();
    b.updated();
    b.quiet(600);
    b.server.speechStopped('u2');
    b.server.committed('u2');
    b.server.created('r2');
    expect(taken(b)).toEqual(['append 600']);
  });

  it('committed before the server knew that the guard is lifted: asked for unless it answers', async () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    b.updated();
    b.server.speechStarted('u2');
    b.voice(200);
    await b.settle();
    b.connection.take();
    b.server.committed('u2');
    b.server.heard('u2', 'stop it');
    await b.settle();
    expect(taken(b)).toEqual([]);
    b.clock.advance(300);
    await b.settle();
    expect(taken(b)).toEqual(['create']);
  });

  it('a server that refuses the guard goes on by its own rules', async () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    const [update] = b.only(b.connection.take(), 'session.update');
    b.server.error('unknown_parameter', update?.event_id);
    await b.settle();
    expect(taken(b)).toEqual(['truncate a1 20']);
    expect(b.speaker.commands).toEqual(['hold', 'flush']);
    expect(b.problems).toEqual([]);
    b.turn('u2');
    b.server.created('r2');
    b.server.audio('r2', 'a2', 100);
    expect(b.speaker.queuedMs).toBe(100);
  });

  it('a changed setting does not lift the guard', () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(400);
    b.quiet(200);
    b.connection.take();
    b.session.update({ instructions: 'Be kind.' });
    const guarded = { create_response: false, interrupt_response: false };
    expect(b.connection.take()).toMatchObject([
      { session: { instructions: 'Be kind.', audio: { input: { turn_detection: guarded } } } },
    ]);
  });
});

describe('after so many words', () => {
  const afterWords = { interruption: { when: 'after-words', words: 2 } } as const;

  it('plays on softly until they are there', async () => {
    const b = createFreeMicBench(afterWords);
    b.answer();
    b.quiet(1000);
    b.voice(400);
    expect(taken(b)).toEqual(['guard', 'append 800']);
    expect(b.speaker.commands).toEqual(['duck']);
    b.server.speechStarted('u2');
    b.voice(2000);
    b.connection.serve({
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: 'u2',
      content_index: 0,
      delta: 'please',
    });
    expect(b.speaker.commands).toEqual(['duck']);
    b.connection.serve({
      type: 'conversation.item.input_audio_transcription.delta',
      item_id: 'u2',
      content_index: 0,
      delta: ' stop',
    });
    await b.settle();
    expect(b.speaker.commands).toEqual(['duck', 'flush']);
    expect(taken(b)).toEqual(['append 2000', 'unguard', 'truncate a1 3400']);
  });

  it('fewer words: it swells back and their item goes', () => {
    const b = createFreeMicBench(afterWords);
    b.answer();
    b.voice(400);
    b.quiet(600);
    b.turn('u2');
    b.connection.take();
    b.server.heard('u2', 'hello');
    expect(taken(b)).toEqual(['delete u2', 'unguard']);
    expect(b.speaker.commands).toEqual(['duck', 'swell']);
    expect(b.session.state).toMatchObject({ userSpeaking: false, playing: true });
  });

  it('the answer ends meanwhile: an ordinary turn', () => {
    const b = createFreeMicBench(afterWords);
    b.answer('r1', 'a1', 1000);
    b.voice(400);
    b.server.speechStarted('u2');
    b.connection.take();
    b.voice(700);
    expect(taken(b)).toEqual(['append 580', 'unguard', 'append 120']);
    expect(b.speaker.commands).toEqual(['duck', 'swell']);
  });
});

describe('by key', () => {
  const byKey = { interruption: { when: 'by-key', words: 2 } } as const;

  it.each([true, false])('no voice interrupts, with an ear: %s', async (withEar) => {
    const b = createFreeMicBench(byKey, withEar);
    b.beginAnswer('r1', 'a1', 3000);
    b.voice(1000);
    b.server.speechStarted('u2');
    b.server.speechStopped('u2');
    expect(b.speaker.commands).toEqual([]);
    expect(taken(b)).toEqual([]);
    b.session.interrupt();
    await b.settle();
    expect(b.speaker.commands).toEqual(['flush']);
    expect(taken(b)).toEqual(['cancel r1', 'truncate a1 1000']);
  });

  it('who speaks as the answer ends is heard from the beginning', () => {
    const b = createFreeMicBench(byKey);
    b.answer('r1', 'a1', 1000);
    b.quiet(800);
    b.voice(300);
    // 300 ms, and 400 ms from before.
    expect(taken(b)).toEqual(['append 700']);
  });

  it('tells the server not to interrupt', () => {
    const b = createFreeMicBench();
    b.session.update(byKey);
    expect(b.connection.take()).toMatchObject([
      {
        session: {
          audio: { input: { turn_detection: { create_response: true, interrupt_response: false } } },
        },
      },
    ]);
  });
});

describe('the ear', () => {
  it('hears what is rendered, and forgets when the microphone was off', async () => {
    const b = createFreeMicBench();
    b.speaker.tellRendered(new Int16Array(480), 9600);
    expect(b.ear.references).toEqual([9600]);
    const { resets } = b.ear;
    b.session.setMuted(true);
    await b.settle();
    b.session.setMuted(false);
    await b.settle();
    expect(b.ear.resets).toBeGreaterThan(resets);
  });

  it('knows no room of a device that was opened anew', () => {
    const b = createFreeMicBench();
    b.microphone.open();
    expect(b.ear.rooms).toBe(1);
  });

  it('that fails is done without: the held answer plays on, the server decides', async () => {
    const b = createFreeMicBench();
    b.answer();
    b.voice(80);
    expect(b.speaker.held).toBe(true);
    b.ear.failing = true;
    b.quiet(100);
    expect(b.speaker.held).toBe(false);
    expect(b.logged.map((entry) => entry.message)).toContain('the ear failed');
    expect(taken(b)).toEqual(['append 100']);
    b.server.speechStarted('u2');
    await b.settle();
    expect(taken(b)).toEqual(['truncate a1 100']);
  });

  it('that comes late takes over from then on', () => {
    const b = createFreeMicBench({}, false);
    b.answer();
    b.quiet(100);
    expect(taken(b)).toEqual(['append 100']);
    b.session.setEar(b.ear);
    b.quiet(100);
    expect(taken(b)).toEqual([]);
  });

  it('tells of echo, until an answer had none', () => {
    const b = createFreeMicBench();
    b.answer('r1', 'a1', 3000);
    b.quiet(980, { echo: true });
    expect(b.session.state.echo).toBe(false);
    b.quiet(20, { echo: true });
    expect(b.session.state.echo).toBe(true);
    expect(b.states.at(-1)?.echo).toBe(true);
    b.quiet(3000);
    expect(b.session.state.echo).toBe(true);
    b.answer('r2', 'a2', 2000);
    b.quiet(2500);
    expect(b.session.state.echo).toBe(false);
    expect(b.states.at(-1)?.echo).toBe(false);
  });
});
