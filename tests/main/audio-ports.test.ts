import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type AudioPort, createAudioPorts } from '../../src/main/audio-ports';
import type { CaptureEvent, PlaybackEvent } from '../../src/shared/audio-port';

/** The near end of a channel, with the page's side in the test's hands. */
function fakePort() {
  const emitter = new EventEmitter();
  const sent: unknown[] = [];
  const port: AudioPort = {
    postMessage: (message) => void sent.push(message),
    on: (_event, listener) => emitter.on('message', listener),
    start: () => undefined,
    close: () => void emitter.removeAllListeners(),
  };
  return { port, sent, say: (data: CaptureEvent | PlaybackEvent) => emitter.emit('message', { data }) };
}

function connected() {
  const ports = createAudioPorts(null);
  const capture = fakePort();
  const playback = fakePort();
  ports.connect(capture.port, playback.port);
  return { ports, capture, playback };
}

describe('microphone over a port', () => {
  it('gives every chunk, and stop waits for the last one', async () => {
    const { ports, capture } = connected();
    const chunks: [samples: number, frame: number][] = [];
    ports.microphone.onChunk((pcm, frame) => chunks.push([pcm.length, frame]));
    ports.microphone.start(300);
    capture.say({ type: 'chunk', audio: new Int16Array(480).buffer, frame: 0 });
    let stopped = false;
    const stopping = ports.microphone.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    capture.say({ type: 'chunk', audio: new Int16Array(100).buffer, frame: 480 });
    capture.say({ type: 'stopped', frame: 580 });
    await stopping;
    expect(chunks).toEqual([
      [480, 0],
      [100, 480],
    ]);
    expect(capture.sent).toEqual([{ type: 'start', preRollMs: 300 }, { type: 'stop' }]);
  });

  it('at rest, several chunks that come together are given one by one', () => {
    const { ports, capture } = connected();
    const chunks: [samples: number, frame: number][] = [];
    ports.microphone.onChunk((pcm, frame) => chunks.push([pcm.length, frame]));
    ports.microphone.start(0);
    for (const on of [true, true, false, true]) ports.microphone.rest(on);
    capture.say({ type: 'chunk', audio: new Int16Array(960).buffer, frame: 1000 });
    expect(chunks).toEqual([
      [480, 1000],
      [480, 1480],
    ]);
    capture.say({ type: 'ready', frame: 5000 });
    ports.microphone.start(0);
    ports.microphone.rest(false);
    expect(capture.sent).toEqual([
      { type: 'start', preRollMs: 0 },
      { type: 'rest', on: true },
      { type: 'rest', on: false },
      { type: 'rest', on: true },
      // A page that was loaded anew.
      { type: 'start', preRollMs: 0 },
      { type: 'rest', on: true },
      { type: 'start', preRollMs: 0 },
    ]);
  });

  it('a page that comes up later is started too', () => {
    const ports = createAudioPorts(null);
    ports.microphone.start(0);
    const capture = fakePort();
    ports.connect(capture.port, fakePort().port);
    capture.say({ type: 'ready', frame: 0 });
    expect(capture.sent).toEqual([{ type: 'start', preRollMs: 0 }]);
  });

  it('stop does not wait for a page that is gone', async () => {
    const { ports } = connected();
    ports.microphone.start(0);
    const stopping = ports.microphone.stop();
    ports.disconnect();
    await stopping;
  });
});

describe('speaker over a port', () => {
  const item = { itemId: 'a', contentIndex: 0, renderedFrames: 240, receivedFrames: 480 };

  it('a flush is answered with its own items', async () => {
    const { ports, playback } = connected();
    const first = ports.speaker.flush();
    const second = ports.speaker.flush();
    playback.say({ type: 'flushed', flushId: 2, items: [], frame: 9 });
    playback.say({ type: 'flushed', flushId: 1, items: [item], frame: 9 });
    expect(await first).toEqual([item]);
    expect(await second).toEqual([]);
  });

  it('a hold is answered with its own items, and is no answer to a flush', async () => {
    const { ports, playback } = connected();
    const holding = ports.speaker.hold();
    const flushing = ports.speaker.flush();
    playback.say({ type: 'held', holdId: 1, items: [item], frame: 9 });
    playback.say({ type: 'flushed', flushId: 1, items: [], frame: 9 });
    expect(await holding).toEqual([item]);
    expect(await flushing).toEqual([]);
    expect(playback.sent).toEqual([
      { type: 'hold', holdId: 1 },
      { type: 'flush', flushId: 1 },
    ]);
  });

  it('a hold is answered empty without a page, and when the page goes', async () => {
    expect(await createAudioPorts(null).speaker.hold()).toEqual([]);
    const { ports } = connected();
    const holding = ports.speaker.hold();
    ports.disconnect();
    expect(await holding).toEqual([]);
  });

  it('ducks and goes on', () => {
    const { ports, playback } = connected();
    ports.speaker.duck(true);
    ports.speaker.duck(false);
    ports.speaker.resume();
    expect(playback.sent).toEqual([
      { type: 'duck', on: true },
      { type: 'duck', on: false },
      { type: 'resume' },
    ]);
  });

  it('asks for what is rendered once somebody listens, and of every later page too', () => {
    const { ports, playback } = connected();
    playback.say({ type: 'ready', frame: 0 });
    expect(playback.sent).toEqual([]);
    const heard: [number, number][] = [];
    ports.speaker.onRendered((pcm, frame) => heard.push([pcm.length, frame]));
    expect(playback.sent).toEqual([{ type: 'record', on: true }]);
    playback.say({ type: 'rendered', audio: new Int16Array(480).buffer, frame: 960 });
    expect(heard).toEqual([[480, 960]]);
    const later = fakePort();
    ports.connect(fakePort().port, later.port);
    later.say({ type: 'ready', frame: 0 });
    expect(later.sent).toEqual([{ type: 'record', on: true }]);
  });

  it('knows the latency of the output, and forgets it with the page', () => {
    const { ports, playback } = connected();
    playback.say({ type: 'latency', outputMs: 48 });
    expect(ports.outputMs).toBe(48);
    ports.disconnect();
    expect(ports.outputMs).toBe(0);
  });

  it('posts a copy of just the samples', () => {
    const { ports, playback } = connected();
    ports.speaker.play('a', 0, new Int16Array([1, 2, 3, 4]).subarray(1, 3));
    const { audio } = playback.sent[0] as { audio: ArrayBuffer };
    expect([...new Int16Array(audio)]).toEqual([2, 3]);
  });

  it('a flush is answered empty without a page, and when the page goes', async () => {
    expect(await createAudioPorts(null).speaker.flush()).toEqual([]);
    const { ports } = connected();
    const flushing = ports.speaker.flush();
    ports.disconnect();
    expect(await flushing).toEqual([]);
  });
});
