import { describe, expect, it } from 'vitest';
import { brief, createSessionBench } from '../helpers/client-session';

const shown = (b: ReturnType<typeof createSessionBench>) =>
  b.session.conversation.entries.map((e) => `${e.role}:${e.text}:${e.status}`);

describe('a lost connection', () => {
  it('lets the answer play on, marks it, and replays what was heard', () => {
    const b = createSessionBench();
    b.session.sendText('tell me');
    b.server.created('r1');
    b.server.text('r1', 'a1', 'It is noon.');
    b.server.audio('r1', 'a1', 1000);
    b.speaker.render(300);
    b.connection.take();
    b.connection.down();
    expect(b.session.state).toMatchObject({ playing: true, responseOpen: false });
    expect(b.speaker.queuedMs).toBe(700);
    b.speaker.render(700);
    expect(b.session.state.playing).toBe(false);
    expect(shown(b)).toEqual(['user:tell me:completed', 'assistant:It is noon.:lost']);
    b.connection.up();
    expect(brief(b.connection.take())).toEqual([
      'session.update',
      'item user input_text tell me',
      'item assistant output_text It is noon.',
    ]);
  });

  it('replays an interrupted answer as far as it was heard', async () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.text('r1', 'a1', 'one two three four');
    b.server.audio('r1', 'a1', 1000);
    b.server.audioDone('r1', 'a1');
    b.server.done('r1');
    b.speaker.render(500);
    b.session.interrupt();
    await b.settle();
    b.connection.down();
    b.connection.up();
    expect(brief(b.connection.take()).slice(-1)).toEqual(['item assistant output_text one two']);
  });

  it('shows the replayed items once, though the new session announces them', () => {
    const b = createSessionBench();
    b.session.sendText('hello');
    b.connection.down();
    b.connection.up();
    const [create] = b.only(b.connection.take(), 'conversation.item.create').slice(-1);
    const before = b.events.length;
    b.connection.serve({ type: 'conversation.item.added', item: create?.item, previous_item_id: null });
    b.connection.serve({ type: 'conversation.item.done', item: create?.item, previous_item_id: null });
    expect(b.events.length).toBe(before);
    expect(shown(b)).toEqual(['user:hello:completed']);
  });

  it('interrupting the answer of the lost session sends no truncate to the new one', async () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.text('r1', 'a1', 'one two three four');
    b.server.audio('r1', 'a1', 1000);
    b.speaker.render(500);
    b.connection.down();
    b.connection.up();
    b.connection.take();
    b.session.interrupt();
    await b.settle();
    expect(b.connection.take()).toEqual([]);
    expect(b.session.conversation.entries[0]).toMatchObject({ status: 'interrupted', heardText: 'one two' });
  });

  it('asks again for an answer that had not begun, once', () => {
    const b = createSessionBench();
    b.session.sendText('hello');
    b.server.created('r1');
    b.connection.down();
    b.connection.take();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'item user input_text hello', 'create']);
    // A question that brings the server down is not asked for ever.
    b.server.created('r2');
    b.connection.down();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'item user input_text hello']);
  });

  it('counts for each question anew, and from the first time a server could be asked', () => {
    const b = createSessionBench({}, false);
    const lines = () => brief(b.connection.take()).filter((line) => line === 'create').length;
    b.session.sendText('one');
    b.connection.up();
    expect(lines()).toBe(1);
    b.connection.down();
    b.connection.up();
    expect(lines()).toBe(1);
    b.session.sendText('two');
    b.connection.take();
    b.connection.down();
    b.connection.up();
    expect(lines()).toBe(1);
    b.connection.down();
    b.connection.up();
    expect(lines()).toBe(0);
  });

  it('asks again for the answer to a turn of free mic that was understood', () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    b.server.speechStopped('u1');
    b.server.committed('u1');
    b.server.heard('u1', 'what time is it');
    b.connection.down();
    b.connection.up();
    expect(brief(b.connection.take()).slice(1)).toEqual(['item user input_text what time is it', 'create']);
  });

  it('marks a turn of free mic that was not understood yet', () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    b.connection.down();
    expect(shown(b)).toEqual(['user::failed']);
    expect(b.session.state.userSpeaking).toBe(false);
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update']);
  });

  it('keeps a text that is written meanwhile', () => {
    const b = createSessionBench({}, false);
    b.session.sendText('hello');
    expect(shown(b)).toEqual(['user:hello:completed']);
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'item user input_text hello', 'create']);
  });

  it('keeps a turn that is spoken meanwhile', async () => {
    const b = createSessionBench();
    b.connection.down();
    b.session.press();
    b.microphone.hear(400);
    b.session.release();
    await b.settle();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'append 400', 'commit', 'create']);
  });

  it('in the middle of a spoken turn: the new session hears it from the beginning', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(200);
    b.connection.down();
    b.microphone.hear(300);
    b.connection.take();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'append 500']);
    b.microphone.hear(100);
    b.session.release();
    await b.settle();
    expect(brief(b.connection.take())).toEqual(['append 100', 'commit', 'create']);
  });

  it('before a committed turn was understood: it is sent again and shown once', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(300);
    b.session.release();
    await b.settle();
    b.server.committed('u1');
    expect(shown(b)).toEqual(['user::in_progress']);
    b.connection.down();
    expect(shown(b)).toEqual([]);
    b.connection.take();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'append 300', 'commit', 'create']);
    b.server.committed('u2');
    b.server.heard('u2', 'hello');
    expect(shown(b)).toEqual(['user:hello:completed']);
  });

  it('after a turn was understood: its sound is not sent again', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(300);
    b.session.release();
    await b.settle();
    b.server.committed('u1');
    b.server.heard('u1', 'hello');
    b.server.created('r1');
    b.server.text('r1', 'a1', 'Hi');
    b.connection.down();
    b.connection.take();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual([
      'session.update',
      'item user input_text hello',
      'item assistant output_text Hi',
    ]);
  });

  it('keeps a minute of sound, the newest', async () => {
    const b = createSessionBench();
    b.connection.down();
    b.session.press();
    b.microphone.hear(70_000);
    b.session.release();
    await b.settle();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'append 60000', 'commit', 'create']);
  });

  it('gives a turn up that was sent twice', async () => {
    const b = createSessionBench();
    b.session.press();
    b.microphone.hear(300);
    b.session.release();
    await b.settle();
    for (let i = 0; i < 2; i++) {
      b.connection.down();
      b.connection.take();
      b.connection.up();
    }
    expect(brief(b.connection.take())).toEqual(['session.update']);
  });

  it('cancelled answers are not asked for again', () => {
    const b = createSessionBench();
    b.session.sendText('hello');
    b.server.created('r1');
    b.session.interrupt();
    b.connection.down();
    b.connection.take();
    b.connection.up();
    expect(brief(b.connection.take())).toEqual(['session.update', 'item user input_text hello']);
  });
});
