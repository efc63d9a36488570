// @vitest-environment node
/** Half an hour of sound through the real processor, the microphone's reader and both desks, counted: nothing missing, nothing twice, no message. */
import { expect, it } from 'vitest';
import { CaptureClock } from '../../../src/renderer/audio/capture-clock';
import { CaptureDesk } from '../../../src/renderer/audio/capture-desk';
import type { CaptureEvent, PlaybackEvent } from '../../../src/shared/audio-port';
import { Bell } from '../../../src/shared/bell';
import { PlaybackDesk } from '../../../src/shared/playback-desk';
import { allocatePlaybackMemory, FADE_FRAMES } from '../../../src/shared/playback-line';
import { createAudioThread } from '../../helpers/audio-thread';

const QUANTUM = 128;
const QUANTA = (30 * 60 * 24_000) / QUANTUM;
const FRAMES = QUANTA * QUANTUM;
/** An answer of two minutes every three, which arrives a second of sound at a time, 40 ms apart. */
const ANSWER_SECONDS = 120;
const EVERY_QUANTA = (180 * 24_000) / QUANTUM;
const DELTA_QUANTA = 8;
const VALUE = 1000;
/** Now and then the worker is late by a third of a second. */
const LATE_EVERY = 1000;
const LATE_QUANTA = 60;

it('a conversation of 30 minutes has no gap, no underrun and no message of the audio thread', async () => {
  const thread = createAudioThread();
  const bellMemory = Bell.allocate();
  const bell = new Bell(bellMemory);
  const playbackMemory = allocatePlaybackMemory();
  const playback = await thread.create('src/renderer/audio/playback.worklet.ts', {
    memory: playbackMemory,
    bell: bellMemory,
  });
  const clock = new CaptureClock(() => thread.currentFrame);
  const captureDesk = new CaptureDesk();
  const playbackDesk = new PlaybackDesk(playbackMemory, () => thread.currentFrame / 24);

  const count = { chunks: 0, captured: 0, wrong: 0, rendered: 0, sounding: 0 };
  const told: Record<string, number> = {};
  const faults: string[] = [];
  captureDesk.attach((event: CaptureEvent) => {
    if (event.type !== 'chunk') return;
    const pcm = new Int16Array(event.audio);
    if (event.frame !== count.captured || pcm.length !== 480) faults.push(`chunk at ${event.frame}`);
    for (let i = 0; i < pcm.length; i++) if (pcm[i] !== 0 - ((event.frame + i) % 30_000)) count.wrong++;
    count.captured += pcm.length;
    count.chunks++;
  });
  playbackDesk.attach((event: PlaybackEvent) => {
    told[event.type] = (told[event.type] ?? 0) + 1;
    if (event.type === 'rendered') count.rendered += event.audio.byteLength / 2;
    if (event.type === 'finished' && event.heard.renderedFrames !== ANSWER_SECONDS * 24_000) {
      faults.push(`${event.heard.itemId} was heard for ${event.heard.renderedFrames} frames`);
    }
  });
  captureDesk.obey({ type: 'start', preRollMs: 0 });
  playbackDesk.obey({ type: 'record', on: true });

  const input = new Float32Array(QUANTUM);
  const output = new Float32Array(QUANTUM);
  const outputs = [[output]];
  const delta = new Int16Array(24_000).fill(VALUE);
  let rung = -1;
  for (let quantum = 0; quantum < QUANTA; quantum++) {
    const frame = quantum * QUANTUM;
    thread.currentFrame = frame;
    for (let i = 0; i < QUANTUM; i++) input[i] = -((frame + i) % 30_000) / 0x8000;
    thread.currentFrame = frame + QUANTUM;
    captureDesk.take(input, clock.place(QUANTUM, 0));
    thread.currentFrame = frame;
    playback.process([], outputs, {});
    for (let i = 0; i < QUANTUM; i++) if (output[i] === VALUE / 0x8000) count.sounding++;

    const answer = Math.floor(quantum / EVERY_QUANTA);
    const since = quantum % EVERY_QUANTA;
    if (since % DELTA_QUANTA === 0 && since < ANSWER_SECONDS * DELTA_QUANTA) {
      const itemId = `answer-${answer}`;
      playbackDesk.obey({ type: 'play', itemId, contentIndex: 0, audio: delta.buffer.slice(0) });
      if (since === (ANSWER_SECONDS - 1) * DELTA_QUANTA) playbackDesk.obey({ type: 'end', itemId });
      playbackDesk.pump();
    }
    // The worker comes when it is called, and only then.
    if (bell.count !== rung && quantum % LATE_EVERY >= LATE_QUANTA) {
      rung = bell.count;
      playbackDesk.pump();
    }
  }
  captureDesk.obey({ type: 'stop' });
  playbackDesk.obey({ type: 'record', on: false });

  const answers = QUANTA / EVERY_QUANTA;
  const answered = answers * ANSWER_SECONDS * 24_000;
  expect(faults).toEqual([]);
  expect(count).toEqual({
    chunks: FRAMES / 480,
    captured: FRAMES,
    wrong: 0,
    // Each answer begins with a fade and ends with a run-down.
    rendered: answered + answers * FADE_FRAMES,
    sounding: answered - answers * FADE_FRAMES,
  });
  expect(told).toMatchObject({ started: answers, finished: answers });
  expect(told).not.toHaveProperty('underrun');
  expect(thread.posted).toBe(0);
  // It is called for every chunk and every 20 ms that are recorded, not for every quantum.
  expect(bell.count).toBeLessThan(QUANTA / 2);
}, 120_000);
