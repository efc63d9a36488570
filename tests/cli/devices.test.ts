import { describe, expect, it } from 'vitest';
import { createClockSpeaker } from '../../src/cli/clock-speaker';
import { speechEnd } from '../../src/cli/converse';
import { createWavMicrophone } from '../../src/cli/wav-microphone';
import { FADE_FRAMES } from '../../src/shared/playback-line';
import { createManualClock } from '../helpers/client-clock';

describe('the WAV microphone', () => {
  function scene() {
    const clock = createManualClock();
    const microphone = createWavMicrophone(clock);
    const chunks: { at: number; samples: number[] }[] = [];
    microphone.onChunk((pcm) => chunks.push({ at: clock.now(), samples: [...pcm] }));
    const advance = async (ms: number) => {
      clock.advance(ms);
      await Promise.resolve();
    };
    return { clock, microphone, chunks, advance };
  }
  const counting = (length: number) => Int16Array.from({ length }, (_, i) => i + 1);

  it('delivers 20 ms of silence every 20 ms while it is started', async () => {
    const { microphone, chunks, advance } = scene();
    await advance(100);
    microphone.start(300);
    await advance(100);
    await microphone.stop();
    await advance(100);
    expect(chunks.map((c) => c.at)).toEqual([120, 140, 160, 180, 200]);
    expect(chunks.every((c) => c.samples.length === 480 && c.samples.every((s) => s === 0))).toBe(true);
  });

  it('speaks in real time, then is silent, and tells when the last sample was delivered', async () => {
    const { clock, microphone, chunks, advance } = scene();
    microphone.start(0);
    await advance(40);
    let doneAt = -1;
    void microphone.say(counting(1000)).then(() => {
      doneAt = clock.now();
    });
    await advance(40);
    expect(doneAt).toBe(-1);
    await advance(20);
    expect(doneAt).toBe(100);
    await advance(20);
    expect(chunks.flatMap((c) => c.samples)).toEqual([
      ...Array(960).fill(0),
      ...counting(1000),
      ...Array(440 + 480).fill(0),
    ]);
  });

  it('speaks several sounds one behind the other', async () => {
    const { microphone, chunks, advance } = scene();
    microphone.start(0);
    const both = Promise.all([microphone.say(counting(700)), microphone.say(counting(300))]);
    await advance(60);
    await both;
    expect(chunks.flatMap((c) => c.samples).slice(0, 1000)).toEqual([...counting(700), ...counting(300)]);
  });

  it('loses nothing when its timer comes late', async () => {
    const { microphone, advance } = scene();
    const late: number[] = [];
    microphone.onChunk((pcm) => late.push(pcm.length));
    microphone.start(0);
    await advance(0);
    await advance(20 * 50);
    expect(late.length).toBe(50);
  });

  it('does not leave a speaker waiting when it is closed, nor over nothing', async () => {
    const { microphone, advance } = scene();
    microphone.start(0);
    const waiting = microphone.say(counting(24_000));
    await advance(20);
    microphone.close();
    await waiting;
    await microphone.say(new Int16Array(0));
  });
});

describe('the clock speaker', () => {
  function scene() {
    const clock = createManualClock();
    const log: string[] = [];
    const speaker = createClockSpeaker(clock, (itemId) => log.push(`${clock.now()} sound ${itemId}`));
    speaker.onStarted((itemId) => log.push(`${clock.now()} started ${itemId}`));
    speaker.onFinished(({ itemId, renderedFrames }) =>
      log.push(`${clock.now()} finished ${itemId} ${renderedFrames}`),
    );
    return { clock, log, speaker };
  }
  const flat = (length: number) => new Int16Array(length).fill(8000);

  it('plays in real time and tells when an item began and ended', () => {
    const { clock, log, speaker } = scene();
    clock.advance(1000);
    speaker.play('a', 0, flat(24_000));
    speaker.end('a');
    clock.advance(2000);
    expect(log).toEqual(['1010 sound a', '1010 started a', '2000 finished a 24000']);
    expect(speaker.idle).toBe(true);
    expect(clock.nextMs()).toBeNull();
  });

  it('counts what was heard up to a flush, and is silent then', async () => {
    const { clock, speaker } = scene();
    speaker.play('a', 0, flat(24_000));
    speaker.play('b', 0, flat(24_000));
    speaker.end('a');
    clock.advance(500);
    expect(await speaker.flush()).toEqual([
      { itemId: 'a', contentIndex: 0, renderedFrames: 12_000 + 48, receivedFrames: 24_000 },
      { itemId: 'b', contentIndex: 0, renderedFrames: 0, receivedFrames: 24_000 },
    ]);
    speaker.play('a', 0, flat(100));
    clock.advance(500);
    expect(speaker.idle).toBe(true);
    expect(speaker.recording().length).toBe(12_000 + 48);
  });

  it('of nothing flushes nothing', async () => {
    const { speaker } = scene();
    expect(await speaker.flush()).toEqual([]);
    expect(speaker.recording().length).toBe(0);
  });

  it('records what was rendered, and a pause between answers', () => {
    const { clock, speaker } = scene();
    for (const itemId of ['a', 'b']) {
      speaker.play(itemId, 0, flat(2400));
      speaker.end(itemId);
      clock.advance(60_000);
    }
    const recording = speaker.recording();
    // Each begins after silence, so its first 2 ms fade in.
    expect(recording.filter((s) => s === 8000).length).toBe(2 * (2400 - FADE_FRAMES));
    expect(recording.length).toBeLessThan(24_000);
    expect(recording.slice(3000, 12_000).every((s) => s === 0)).toBe(true);
  });

  it('holds and goes on, and counts what was heard once', async () => {
    const { clock, log, speaker } = scene();
    speaker.play('a', 0, flat(24_000));
    speaker.end('a');
    clock.advance(500);
    const held = await speaker.hold();
    expect(held).toEqual([
      { itemId: 'a', contentIndex: 0, renderedFrames: 12_000 + FADE_FRAMES, receivedFrames: 24_000 },
    ]);
    const before = speaker.recording().length;
    clock.advance(1000);
    expect(speaker.idle).toBe(false);
    const waited = speaker.recording().subarray(before);
    expect(waited.every((s) => s === 0)).toBe(true);
    speaker.resume();
    clock.advance(1000);
    expect(speaker.idle).toBe(true);
    expect(log.filter((line) => line.includes('started'))).toEqual(['10 started a']);
    expect(log.at(-1)).toMatch(/finished a 24000$/);
    // A quarter of a second is heard twice, for there is no pause in this sound.
    const sounding = speaker.recording().filter((s) => s !== 0).length;
    expect(sounding).toBeGreaterThan(24_000 + 5900);
    expect(sounding).toBeLessThan(24_000 + 6200);
  });

  it('holds where nothing plays, and a flush ends that', async () => {
    const { clock, speaker } = scene();
    expect(await speaker.hold()).toEqual([]);
    speaker.play('a', 0, flat(2400));
    clock.advance(200);
    expect(await speaker.flush()).toEqual([
      { itemId: 'a', contentIndex: 0, renderedFrames: 0, receivedFrames: 2400 },
    ]);
    speaker.play('b', 0, flat(2400));
    speaker.end('b');
    clock.advance(200);
    expect(speaker.recording().filter((s) => s === 8000).length).toBe(2400 - FADE_FRAMES);
  });

  it('plays softly while ducked', () => {
    const { clock, speaker } = scene();
    speaker.duck(true);
    speaker.play('a', 0, flat(4800));
    clock.advance(100);
    expect(speaker.recording()[1000]).toBe(800);
    speaker.duck(false);
    clock.advance(100);
    expect(speaker.recording()[4700]).toBe(8000);
  });

  it('gives what it renders on the clock of the microphone', async () => {
    const { clock, speaker } = scene();
    const microphone = createWavMicrophone(clock);
    const rendered: [frame: number, samples: number][] = [];
    const captured: number[] = [];
    speaker.onRendered((pcm, frame) => rendered.push([frame, pcm.length]));
    microphone.onChunk((_pcm, frame) => captured.push(frame));
    clock.advance(1000);
    microphone.start(0);
    clock.advance(500);
    speaker.play('a', 0, flat(960));
    speaker.end('a');
    clock.advance(500);
    await microphone.stop();
    expect(captured).toEqual(Array.from({ length: 50 }, (_, i) => 24_000 + i * 480));
    expect(rendered).toEqual([
      [36_000, 480],
      [36_480, 480],
      [36_960, FADE_FRAMES],
    ]);
  });

  it('keeps its own copy of what it is given', () => {
    const { clock, speaker } = scene();
    const pcm = flat(2400);
    speaker.play('a', 0, pcm);
    pcm.fill(0);
    clock.advance(100);
    expect(speaker.recording()[100]).toBe(8000);
  });
});

describe('speechEnd', () => {
  const cases: [name: string, pcm: Int16Array, expected: number][] = [
    ['speech to the end', new Int16Array(4800).fill(3000), 4800],
    ['silence behind', Int16Array.from({ length: 4800 }, (_, i) => (i < 2400 ? 3000 : 0)), 2400],
    ['faint noise behind', Int16Array.from({ length: 4800 }, (_, i) => (i < 2400 ? 3000 : 30)), 2400],
    ['nothing loud at all', new Int16Array(4800), 4800],
    ['nothing', new Int16Array(0), 0],
  ];
  it.each(cases)('%s', (_name, pcm, expected) => {
    expect(speechEnd(pcm)).toBe(expected);
  });
});
