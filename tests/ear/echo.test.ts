/** Our own answer in the microphone, in simulated rooms; the bench does the same with real devices. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEar, type Ear } from '../../src/ear';
import { silentLogger } from '../../src/shared/log';
import { MODELS_DIR } from '../helpers/sound';
import { listen } from './listen';
import {
  atLevel,
  atPeak,
  echoOf,
  gain,
  join,
  mix,
  noise,
  type Room,
  type Sound,
  samples,
  silence,
} from './sounds';
import { speak, story } from './voices';

/** How long the canceller ahead of us lets the echo through. */
const LAPSE_MS = 120;

let answer: Sound;
let otherAnswer: Sound;
let interjections: { name: string; sound: Sound }[] = [];
let ear: Ear;

beforeAll(async () => {
  answer = atPeak(await story({ voice: 'slt' }), -6);
  otherAnswer = atPeak(await story({ voice: 'rms' }), -6);
  interjections = await Promise.all(
    [
      ['stop', 'awb'] as const,
      ['wait', 'rms'] as const,
      ['hold on', 'kal16'] as const,
      ['what about tomorrow', 'rms'] as const,
      ['excuse me', 'awb'] as const,
      ['no', 'slt'] as const,
      ['no', 'awb'] as const,
    ].map(async ([text, voice]) => ({ name: `${voice} ${text}`, sound: await speak(text, { voice }) })),
  );
}, 60_000);

/** Each room is a new one to the ear. */
beforeEach(async () => {
  ear = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });
});

const inRoom = (sound: Sound, room: Room): Sound =>
  mix(
    { sound: echoOf(sound, room).subarray(0, sound.length) },
    { sound: atLevel(noise(sound.length / samples(1), 1), -68) },
  );

const ROOMS: Record<string, Room> = {
  'close to it': { delayMs: 45, gainDb: -6, reverbMs: 0 },
  'on a table': { delayMs: 45, gainDb: -16, reverbMs: 0 },
  'across a room': { delayMs: 70, gainDb: -26, reverbMs: 250 },
  'with slow devices': { delayMs: 250, gainDb: -16, reverbMs: 150 },
  'with a loudspeaker that bends': { delayMs: 120, gainDb: -12, reverbMs: 120, bend: 0.2 },
};

describe('our own answer is no voice', () => {
  it.each(Object.entries(ROOMS))('%s', (_name, room) => {
    const heard = listen(ear, inRoom(answer, room), answer);
    expect(heard.totalVoiceMs).toBe(0);
    expect(heard.echoMs).toBeGreaterThan(5000);
  });

  it('when a canceller ahead of us takes a second to learn', () => {
    const echo = echoOf(answer, { delayMs: 60, gainDb: 0, reverbMs: 150 }).subarray(0, answer.length);
    const left = echo.map((s, i) => s * gain(Math.max(-90, -16 - (40 * i) / samples(1000))));
    expect(listen(ear, left, answer).totalVoiceMs).toBe(0);
  });

  it('when a canceller ahead of us loses hold now and then', () => {
    const echo = inRoom(answer, ROOMS['on a table'] as Room).subarray(0, answer.length);
    const lapses = Array.from({ length: 40 }, (_, i) => 2500 + i * 700 + ((i * 137) % 300));
    const hasHold = (ms: number) => ms > 800 && !lapses.some((at) => ms >= at && ms < at + LAPSE_MS);
    const left = echo.map((s, i) => s * gain(hasHold(i / samples(1)) ? -55 : 0));
    expect(listen(ear, left, answer).totalVoiceMs).toBe(0);
  });

  it.each([{ levels: [-6, -16, -26] }, { levels: [-26, -16, -6] }])(
    'when somebody turns the volume: $levels dB',
    ({ levels }) => {
      const echo = echoOf(otherAnswer, { delayMs: 45, gainDb: 0, reverbMs: 0 }).subarray(
        0,
        otherAnswer.length,
      );
      const turned = echo.map(
        (s, i) => s * gain(levels[Math.min(2, Math.floor(i / samples(8000)))] as number),
      );
      expect(listen(ear, turned, otherAnswer).totalVoiceMs).toBe(0);
    },
  );

  it('would be one without knowing what is rendered', () => {
    const room = ROOMS['on a table'] as Room;
    expect(listen(ear, inRoom(answer.subarray(0, samples(4000)), room)).totalVoiceMs).toBeGreaterThan(2000);
  });

  it('with headphones there is no echo to tell of', () => {
    expect(listen(ear, atLevel(noise(8000, 1), -70), answer.subarray(0, samples(8000))).echoMs).toBe(0);
  });
});

it('two minutes of our own answer in a room, then a real interjection is heard', () => {
  const long = join(answer, otherAnswer, silence(300), answer, otherAnswer, answer);
  const whole = long.subarray(0, samples(120_000));
  const mic = inRoom(join(whole, answer.subarray(0, samples(3000))), ROOMS['on a table'] as Room);
  const interjection = atPeak(interjections[3]?.sound as Sound, -14);
  const heard = listen(
    ear,
    mix({ sound: mic }, { sound: interjection, atMs: 120_000 }),
    join(whole, answer.subarray(0, samples(3000))),
  );
  expect(whole.length).toBe(samples(120_000));
  expect(heard.voiceMs).toBeGreaterThan(120_000);
  expect(heard.voiceMs).toBeLessThan(120_600);
}, 120_000);

describe('somebody speaks over the answer', () => {
  it('with headphones, in the answer\u2019s own voice too: there is no echo to tell of', async () => {
    const told: string[] = [];
    const own = [
      ...interjections,
      { name: 'slt at length', sound: answer.subarray(samples(20_000), samples(22_000)) },
    ];
    for (const { name, sound } of own) {
      const fresh = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });
      const part = answer.subarray(0, samples(8000));
      const air = { sound: atLevel(noise(8000, 1), -68) };
      const said = [1500, 4500].map((atMs) => ({ sound: atPeak(sound, -6), atMs }));
      if (listen(fresh, mix(air, ...said).subarray(0, part.length), part).echoMs > 0) told.push(name);
    }
    expect(told).toEqual([]);
  });

  it.each([
    { room: 'across a room', peakDb: -18 },
    { room: 'on a table', peakDb: -14 },
    { room: 'with slow devices', peakDb: -14 },
  ])(
    '$room, with peaks at $peakDb dBFS',
    async ({ room, peakDb }) => {
      const missed: string[] = [];
      const late: number[] = [];
      for (const { name, sound } of interjections) {
        for (const atMs of [3000, 7000]) {
          const own = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });
          const part = answer.subarray(0, samples(atMs + 1600));
          const voice = atPeak(sound, peakDb);
          const alone = listen(
            await createEar({ modelsDir: MODELS_DIR, log: silentLogger }),
            join(silence(1000), voice, silence(300)),
          );
          const mic = mix({ sound: inRoom(part, ROOMS[room] as Room) }, { sound: voice, atMs });
          const heard = listen(own, mic, part);
          if (heard.voiceMs === null) missed.push(`${name} at ${atMs}`);
          else late.push(heard.voiceMs - atMs - ((alone.voiceMs as number) - 1000));
        }
      }
      expect(missed).toEqual([]);
      late.sort((a, b) => a - b);
      expect(late[Math.floor(late.length / 2)]).toBeLessThanOrEqual(100);
    },
    120_000,
  );

  it('with headphones, in the first second of the first answer', async () => {
    const missed: string[] = [];
    // A voice built of the answer's own recordings is the answer, for 80 % of a "no".
    const others = interjections.filter(({ name }) => !name.startsWith('slt'));
    for (const { name, sound } of others) {
      const own = await createEar({ modelsDir: MODELS_DIR, log: silentLogger });
      const part = answer.subarray(0, samples(2300));
      const air = { sound: atLevel(noise(2300, 1), -68) };
      const mic = mix(air, { sound: atPeak(sound, -14), atMs: 700 });
      if (listen(own, mic.subarray(0, part.length), part).voiceMs === null) missed.push(name);
    }
    expect(missed).toEqual([]);
  });
});
