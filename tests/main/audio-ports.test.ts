import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type AudioPort, createAudioPorts } from '../../src/main/audio-ports';
import type { CaptureEvent, PlaybackEvent } from '../../src/shared/audio-port';

/** The near end of a channel, with the worklet's side in the test's hands. */
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
    const chunks: number[] = [];
    ports.microphone.onChunk((pcm) => chunks.push(pcm.length));
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
    expect(chunks).toEqual([480, 100]);
    expect(capture.sent).toEqual([{ type: 'start', preRollMs: 300 }, { type: 'stop' }]);
  });

  it('a worklet that comes up later is started too', () => {
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
  it('a flush is answered with its own items', async () => {
    const { ports, playback } = connected();
    const first = ports.speaker.flush();
    const second = ports.speaker.flush();
    const item = { itemId: 'a', contentIndex: 0, renderedFrames: 240, receivedFrames: 480 };
    playback.say({ type: 'flushed', flushId: 2, items: [], frame: 9 });
    playback.say({ type: 'flushed', flushId: 1, items: [item], frame: 9 });
    expect(await first).toEqual([item]);
    expect(await second).toEqual([]);
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
