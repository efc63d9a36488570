import { describe, expect, it } from 'vitest';
import { brief, createSessionBench } from '../helpers/client-session';

describe('push-to-talk', () => {
  it('clears, appends, commits and asks for one response', async () => {
    const b = createSessionBench();
    b.session.press();
    expect(b.microphone.starts).toEqual([300]);
    expect(b.session.state.recording).toBe(true);
    b.microphone.lateMs = 20;
    b.microphone.hear(500);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['clear', 'append 520', 'commit', 'create']);
    expect(b.session.state).toMatchObject({ recording: false, responseOpen: true });
    expect(b.microphone.running).toBe(false);
  });

  it('puts samples on the wire as little-endian PCM16, once encoded', () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(20, -2);
    const [append] = b.only(b.connection.take(), 'input_audio_buffer.append');
    expect(
      Buffer.from(append?.audio ?? '', 'base64')
        .subarray(0, 4)
        .toString('hex'),
    ).toBe('fefffeff');
  });

  it('starts without pre-roll when the setting is off', () => {
    const b = createSessionBench({ preRoll: false });
    b.session.press();
    expect(b.microphone.starts).toEqual([0]);
  });

  it('commits nothing shorter than 100 ms and says so', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(80);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['clear', 'append 80', 'clear']);
    expect(b.problems.map((p) => p.code)).toEqual(['not-heard']);
    expect(b.session.state).toMatchObject({ recording: false, responseOpen: false });
  });

  it('interrupts the answer, and asks for the next one when that is done', async () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.text('r1', 'a1', 'one two');
    b.server.audio('r1', 'a1', 1000);
    b.speaker.render(400);
    b.session.press();
    expect(b.speaker.queuedMs).toBe(0);
    b.microphone.hear(200);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual([
      'cancel r1',
      'clear',
      'append 200',
      'truncate a1 400',
      'commit',
    ]);
    b.server.done('r1', 'cancelled');
    expect(brief(b.connection.take())).toEqual(['create']);
  });

  it('waits when the server says that another response runs', async () => {
    const b = createSessionBench();
    b.session.sendText('one');
    const [create] = b.only(b.connection.take(), 'response.create');
    b.server.error('conversation_already_has_active_response', create?.event_id);
    expect(b.connection.take()).toEqual([]);
    b.server.done('r-unknown');
    expect(brief(b.connection.take())).toEqual(['create']);
    expect(b.problems).toEqual([]);
  });

  it('asks for one response only, however many turns wait', async () => {
    const b = createSessionBench();
    for (const text of ['one', 'two', 'three']) b.session.sendText(text);
    expect(brief(b.connection.take()).filter((line) => line === 'create')).toHaveLength(1);
    b.server.created('r1');
    b.server.done('r1', 'cancelled');
    expect(brief(b.connection.take())).toEqual(['create']);
    b.server.created('r2');
    b.server.done('r2');
    expect(b.connection.take()).toEqual([]);
  });

  it('a second press while the first turn is being ended begins a turn of its own', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(200);
    b.session.release();
    b.session.press();
    await b.settle();
    b.microphone.hear(300);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual([
      'clear',
      'append 200',
      'commit',
      'create',
      'clear',
      'append 300',
      'commit',
    ]);
  });

  it('ignores a release without a press, and a press while pressed', async () => {
    const b = createSessionBench();
    b.session.release();
    b.session.press();
    b.session.press();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['clear']);
    expect(b.microphone.starts).toEqual([300]);
  });

  it('a stuck key ends the turn after five minutes and loses nothing', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(1000);
    b.clock.advance(5 * 60_000 - 1);
    await b.settle();
    expect(b.microphone.running).toBe(true);
    b.clock.advance(1);
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['clear', 'append 1000', 'commit', 'create']);
    b.session.release();
    await b.settle();
    expect(b.connection.take()).toEqual([]);
  });

  it('a commit the server finds empty is a notice', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(200);
    b.session.release();
    await b.settle();
    const [commit] = b.only(b.connection.take(), 'input_audio_buffer.commit');
    b.server.error('input_audio_buffer_commit_empty', commit?.event_id);
    expect(b.problems.map((p) => p.code)).toEqual(['not-heard']);
  });
});

describe('free mic', () => {
  it('streams while it is not muted', async () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.microphone.hear(100);
    expect(brief(b.connection.take())).toEqual(['append 100']);
    b.session.setMuted(true);
    await b.settle();
    expect(b.microphone.running).toBe(false);
    b.session.setMuted(false);
    await b.settle();
    b.microphone.hear(40);
    expect(brief(b.connection.take())).toEqual(['append 40']);
    expect(b.microphone.starts).toEqual([0, 0]);
  });

  it('does not stream before the server is there', () => {
    const b = createSessionBench({ talkMode: 'free-mic' }, false);
    b.microphone.hear(100);
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update']);
  });

  it('muted in mid-sentence: silence lets the server end the turn', async () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    b.session.setMuted(true);
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['append 800']);
  });

  it('has no use for the key', () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.session.press();
    b.session.release();
    expect(b.connection.take()).toEqual([]);
  });

  it('asks for nothing: the server answers by itself', () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    expect(b.session.state).toMatchObject({ userSpeaking: true });
    b.server.speechStopped('u1');
    expect(b.session.state).toMatchObject({ userSpeaking: false, responseOpen: true });
    b.server.committed('u1');
    b.server.created('r1');
    b.server.done('r1');
    expect(b.session.state.responseOpen).toBe(false);
    expect(b.connection.take()).toEqual([]);
  });

  it.each([
    ['nothing is understood', (b: ReturnType<typeof createSessionBench>) => b.server.heard('u1', '')],
    ['no response comes for 15 s', (b: ReturnType<typeof createSessionBench>) => b.clock.advance(15_000)],
  ])('stops waiting for an answer when %s', (_name, happen) => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    b.server.speechStopped('u1');
    happen(b);
    expect(b.session.state.responseOpen).toBe(false);
  });
});

describe('the wait', () => {
  it('the key opens the connection, and the session is set up before the key is let go', async () => {
    const b = createSessionBench({}, false);
    await b.connection.close();
    const opened: string[] = [];
    b.connection.onStatus(({ state }) => opened.push(state));
    b.session.press();
    expect(opened).toEqual(['connecting']);
    b.microphone.hear(300);
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'append 300']);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['commit', 'create']);
  });

  it('commit and response.create go out in one go, with nothing between them', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(300);
    b.connection.take();
    const ticks: number[] = [];
    let tick = 0;
    const { send } = b.connection;
    b.connection.send = (event) => {
      ticks.push(tick);
      return send.call(b.connection, event);
    };
    b.session.release();
    for (; ticks.length === 0; tick++) await Promise.resolve();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['commit', 'create']);
    expect(new Set(ticks).size).toBe(1);
  });
});

describe('change of the talk mode', () => {
  it('to free mic while the key is held: the turn is committed, then the microphone streams', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(200);
    b.session.update({ talkMode: 'free-mic' });
    await b.settle();
    b.microphone.hear(100);
    expect(brief(b.connection.take())).toEqual([
      'clear',
      'append 200',
      'commit',
      'create',
      'session.update',
      'append 100',
    ]);
    expect(b.session.state).toMatchObject({ talkMode: 'free-mic', recording: false });
  });

  it('to push-to-talk in silence and in mid-sentence', async () => {
    const silent = createSessionBench({ talkMode: 'free-mic' });
    silent.session.update({ talkMode: 'push-to-talk' });
    await silent.settle();
    expect(brief(silent.connection.take())).toEqual(['session.update', 'clear']);
    expect(silent.microphone.running).toBe(false);

    const speaking = createSessionBench({ talkMode: 'free-mic' });
    speaking.server.speechStarted('u1');
    speaking.session.update({ talkMode: 'push-to-talk' });
    await speaking.settle();
    expect(brief(speaking.connection.take())).toEqual(['session.update', 'commit', 'create']);
  });
});
