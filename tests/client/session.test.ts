import { describe, expect, it } from 'vitest';
import { deriveActivity } from '../../src/client/activity';
import { RENEW_AFTER_MS } from '../../src/client/session';
import type { Activity, ConnectionState } from '../../src/shared/ipc';
import { brief, createSessionBench } from '../helpers/client-session';

describe('session set-up', () => {
  it('says everything explicitly, for push-to-talk', () => {
    const b = createSessionBench({}, false);
    b.connection.up();
    const [update] = b.connection.take();
    expect(update).toEqual({
      type: 'session.update',
      event_id: expect.any(String),
      session: {
        type: 'realtime',
        output_modalities: ['audio'],
        instructions: 'Be brief.',
        audio: {
          input: {
            format: { type: 'audio/pcm', rate: 24000 },
            transcription: { model: 'gpt-transcribe' },
            turn_detection: null,
          },
          output: { format: { type: 'audio/pcm', rate: 24000 }, voice: 'marin' },
        },
      },
    });
  });

  it('asks for server turn detection in free mic', () => {
    const b = createSessionBench({ talkMode: 'free-mic', language: 'en' }, false);
    b.connection.up();
    expect(b.connection.take()[0]).toMatchObject({
      session: {
        audio: {
          input: {
            transcription: { model: 'gpt-transcribe', language: 'en' },
            turn_detection: {
              type: 'server_vad',
              threshold: 0.5,
              prefix_padding_ms: 300,
              silence_duration_ms: 500,
              create_response: true,
              interrupt_response: true,
            },
          },
        },
      },
    });
  });

  it('changes the voice at once before the session has spoken', () => {
    const b = createSessionBench();
    b.session.update({ voice: 'cedar' });
    expect(b.connection.take()).toMatchObject([{ session: { audio: { output: { voice: 'cedar' } } } }]);
    expect(b.connection.renewals).toBe(0);
  });

  it('says nothing when nothing changed that the server knows', () => {
    const b = createSessionBench();
    b.session.update({ preRoll: false, voice: 'marin', instructions: 'Be brief.' });
    expect(b.connection.take()).toEqual([]);
    b.session.update({ instructions: 'Be long.' });
    expect(b.connection.take()).toMatchObject([{ session: { instructions: 'Be long.' } }]);
  });

  it('changes the voice by a fresh session afterwards, when nobody speaks', () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.text('r1', 'a1', 'Hello.');
    b.server.audio('r1', 'a1', 200);
    b.session.update({ voice: 'cedar' });
    const [update] = b.only(b.connection.take(), 'session.update');
    expect(update?.session).not.toHaveProperty('audio.output.voice');
    b.server.audioDone('r1', 'a1');
    b.server.done('r1');
    expect(b.connection.renewals).toBe(0);
    b.speaker.render(200);
    expect(b.connection.renewals).toBe(1);
    const sent = b.connection.take();
    expect(sent[0]).toMatchObject({ session: { audio: { output: { voice: 'cedar' } } } });
    expect(brief(sent)).toEqual(['session.update', 'item assistant output_text Hello.']);
  });

  it('is renewed after 55 minutes, as soon as it is idle', () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.clock.advance(RENEW_AFTER_MS);
    expect(b.connection.renewals).toBe(0);
    b.server.done('r1');
    expect(b.connection.renewals).toBe(1);
    expect(b.problems).toEqual([]);
    b.clock.advance(RENEW_AFTER_MS - 1);
    expect(b.connection.renewals).toBe(1);
    b.clock.advance(1);
    expect(b.connection.renewals).toBe(2);
  });
});

describe('answers', () => {
  it('play to their end and are told of', () => {
    const b = createSessionBench();
    b.server.created('r1');
    expect(b.session.state.responseOpen).toBe(true);
    b.server.text('r1', 'a1', 'Hello.');
    b.server.audio('r1', 'a1', 300);
    b.server.audio('r1', 'a1', 300);
    b.server.audioDone('r1', 'a1');
    b.server.done('r1');
    b.speaker.render(100);
    expect(b.session.state).toMatchObject({ playing: true, responseOpen: false });
    b.speaker.render(500);
    expect(b.session.state.playing).toBe(false);
    expect(b.events.map((e) => e.type).filter((type) => type.startsWith('client.'))).toEqual([
      'client.playback_started',
      'client.playback_finished',
    ]);
  });

  it('end with the response when the server forgets to end their audio', () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.audio('r1', 'a1', 100);
    b.speaker.render(100);
    b.server.done('r1');
    expect(b.session.state.playing).toBe(false);
  });

  it('pass on to the page without any sound', () => {
    const b = createSessionBench();
    const audio = 'QUJDRA==';
    b.server.created('r1');
    b.server.audio('r1', 'a1', 100);
    b.connection.serve({
      type: 'conversation.item.added',
      item: {
        id: 'u1',
        type: 'message',
        role: 'user',
        content: [{ type: 'input_audio', audio, transcript: null }],
      },
    });
    b.connection.serve({
      type: 'response.content_part.added',
      item_id: 'a1',
      part: { type: 'audio', audio },
    });
    b.connection.serve({ type: 'conversation.item.retrieved', item: { id: 'u1', content: [{ audio }] } });
    b.connection.serve({ type: 'something.new' });
    expect(b.events.map((e) => e.type)).toEqual([
      'session.created',
      'response.created',
      'conversation.item.added',
      'response.content_part.added',
      'something.new',
    ]);
    expect(JSON.stringify(b.events)).not.toContain(audio);
  });

  it('what a server gets wrong ends nothing', () => {
    const b = createSessionBench();
    for (const event of [
      { type: 'response.created' },
      { type: 'response.done' },
      { type: 'response.output_audio.delta' },
      { type: 'response.output_audio.delta', response_id: 'r', item_id: 'a', content_index: 0, delta: '!' },
      { type: 'error' },
      { type: 'conversation.item.input_audio_transcription.completed' },
    ]) {
      b.connection.serve(event);
    }
    b.server.created('r1');
    b.server.audio('r1', 'a1', 100);
    expect(b.speaker.queuedMs).toBe(100);
  });

  it('that fail are a problem with the reason', () => {
    const b = createSessionBench();
    b.server.created('r1');
    b.server.done('r1', 'failed', {
      error: { code: 'insufficient_quota', message: 'You are out of credit.' },
    });
    expect(b.problems).toEqual([{ code: 'server-error', detail: 'You are out of credit.' }]);
    b.session.sendText('again');
    expect(brief(b.connection.take())).toEqual(['item user input_text again', 'create']);
  });
});

describe('errors of the server', () => {
  it('are problems, without keys', () => {
    const b = createSessionBench();
    b.server.error('unknown_parameter', 'session_1', 'no such field, sk-secret12345');
    expect(b.problems).toEqual([{ code: 'server-error', detail: 'no such field, [key]' }]);
    expect(JSON.stringify(b.logged)).not.toContain('secret');
  });

  it('a response.create that is never answered is given up after 30 s', () => {
    const b = createSessionBench();
    b.session.sendText('one');
    b.session.sendText('two');
    b.connection.take();
    b.clock.advance(30_000);
    expect(b.problems.map((p) => p.code)).toEqual(['server-error']);
    expect(brief(b.connection.take())).toEqual(['create']);
    b.server.created('r1');
    b.clock.advance(60_000);
    expect(b.problems).toHaveLength(1);
  });

  it('a refused response.create does not block the next one', () => {
    const b = createSessionBench();
    b.session.sendText('one');
    const [create] = b.only(b.connection.take(), 'response.create');
    b.server.error('rate_limit_exceeded', create?.event_id);
    expect(b.problems).toHaveLength(1);
    expect(b.session.state.responseOpen).toBe(false);
    b.session.sendText('two');
    expect(brief(b.connection.take())).toEqual(['item user input_text two', 'create']);
  });
});

describe('clear', () => {
  it('deletes what the server knows, and nothing late brings it back', async () => {
    const b = createSessionBench();
    b.session.sendText('hello');
    const [item] = b.only(b.connection.take(), 'conversation.item.create');
    b.server.created('r1');
    b.server.text('r1', 'a1', 'Hi');
    b.server.audio('r1', 'a1', 1000);
    b.session.clear();
    await b.settle();
    expect(brief(b.connection.take())).toEqual([
      'cancel r1',
      `delete ${item?.item.id}`,
      'delete a1',
      'truncate a1 0',
    ]);
    b.server.text('r1', 'a1', ' there');
    b.server.text('r1', 'a9', 'other item');
    b.server.error('item_truncate_invalid_item_id', 'truncate_9');
    b.server.done('r1', 'cancelled');
    expect(b.session.conversation.entries).toEqual([]);
    expect(b.problems).toEqual([]);
    expect(b.events.filter((e) => e.type === 'client.cleared')).toHaveLength(1);
    b.session.sendText('new');
    expect(b.session.conversation.entries.map((e) => e.text)).toEqual(['new']);
  });

  it('deletes what was replayed to a later session, and no notice', () => {
    const b = createSessionBench();
    b.session.sendText('hello');
    b.server.created('r1');
    b.server.done('r1', 'failed', { error: { message: 'x' } });
    b.connection.down();
    b.connection.up();
    b.connection.take();
    b.session.clear();
    expect(brief(b.connection.take())).toEqual([expect.stringMatching(/^delete msg_/)]);
  });

  it('keeps what is being said right now', () => {
    const b = createSessionBench({ talkMode: 'free-mic' });
    b.server.speechStarted('u1');
    b.session.clear();
    b.server.committed('u1');
    b.server.heard('u1', 'hello');
    expect(b.session.conversation.entries.map((e) => e.text)).toEqual(['hello']);
    expect(b.connection.take()).toEqual([]);
  });
});

it('close silences, stops the microphone and closes the socket', async () => {
  const b = createSessionBench({ talkMode: 'free-mic' });
  b.server.created('r1');
  b.server.audio('r1', 'a1', 1000);
  await b.session.close();
  expect(b.speaker.queuedMs).toBe(0);
  expect(b.microphone.running).toBe(false);
  expect(b.connection.status.state).toBe('disconnected');
  expect(b.clock.nextMs()).toBeNull();
});

describe('deriveActivity', () => {
  const idle = {
    talkMode: 'push-to-talk' as const,
    muted: false,
    recording: false,
    userSpeaking: false,
    responseOpen: false,
    playing: false,
    echo: false,
  };
  const free = { ...idle, talkMode: 'free-mic' as const };
  type Case = [string, ConnectionState, typeof idle | typeof free, boolean, Activity];
  it.each<Case>([
    ['at rest', 'connected', idle, false, 'idle'],
    ['off', 'disconnected', idle, false, 'idle'],
    ['connecting', 'connecting', idle, false, 'connecting'],
    ['renewing', 'recovering', idle, false, 'connecting'],
    ['lost', 'recovering', idle, true, 'trouble'],
    ['refused', 'disconnected', idle, true, 'trouble'],
    ['key held', 'connected', { ...idle, recording: true }, false, 'listening'],
    ['key held while the server is away', 'recovering', { ...idle, recording: true }, true, 'listening'],
    ['free mic', 'connected', free, false, 'listening'],
    ['free mic, muted', 'connected', { ...free, muted: true }, false, 'idle'],
    ['answer asked for', 'connected', { ...free, responseOpen: true }, false, 'thinking'],
    ['answer playing', 'connected', { ...free, responseOpen: true, playing: true }, false, 'speaking'],
    ['answer playing on after a loss', 'recovering', { ...free, playing: true }, true, 'speaking'],
    ['user speaks over it', 'connected', { ...free, userSpeaking: true, playing: true }, false, 'listening'],
  ])('%s', (_name, connection, session, trouble, expected) => {
    expect(deriveActivity({ connection, session, trouble })).toBe(expected);
  });
});
