/** Sound for the ear's tests at 24 kHz, made anew each time and the same every time: what is no voice, rooms, mixing. */
import { CHUNK_SAMPLES, floatToPcm16, type Pcm16, SAMPLE_RATE } from '../../src/shared/audio';

export type Sound = Float32Array;

export const samples = (ms: number): number => Math.round((ms * SAMPLE_RATE) / 1000);
export const silence = (ms: number): Sound => new Float32Array(samples(ms));
export const gain = (db: number): number => 10 ** (db / 20);

/** Even numbers in -1..1, the same for the same seed. */
export function random(seed: number): () => number {
  let state = seed * 2_654_435_761 + 12_345;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0;
    return ((state ^ (state >>> 13)) | 0) / 0x8000_0000;
  };
}

/** `sound` with its highest sample at `db` dBFS. */
export function atPeak(sound: Sound, db: number): Sound {
  const peak = sound.reduce((most, s) => Math.max(most, Math.abs(s)), 0);
  return peak === 0 ? sound : sound.map((s) => (s / peak) * gain(db));
}

/** `sound` with an RMS level of `db` dBFS. */
export function atLevel(sound: Sound, db: number): Sound {
  const level = Math.sqrt(sound.reduce((sum, s) => sum + s * s, 0) / Math.max(1, sound.length));
  return level === 0 ? sound : sound.map((s) => (s / level) * gain(db));
}

export function join(...parts: readonly Sound[]): Sound {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The sum of sounds, each beginning at its own time; as long as what ends last. */
export function mix(...parts: readonly { sound: Sound; atMs?: number }[]): Sound {
  const ends = parts.map(({ sound, atMs = 0 }) => samples(atMs) + sound.length);
  const all = new Float32Array(Math.max(0, ...ends));
  for (const { sound, atMs = 0 } of parts) {
    const from = samples(atMs);
    for (const [i, s] of sound.entries()) all[from + i] = (all[from + i] as number) + s;
  }
  return all;
}

export function* chunks(sound: Sound): Generator<Pcm16, void, undefined> {
  const pcm = floatToPcm16(sound);
  for (let at = 0; at < pcm.length; at += CHUNK_SAMPLES) yield pcm.subarray(at, at + CHUNK_SAMPLES);
}

/** Noise with `tilt` 0 white, 1 pink-like, 2 brown. */
export function noise(ms: number, tilt: 0 | 1 | 2 = 0, seed = 1): Sound {
  const next = random(seed);
  let slow = 0;
  let slower = 0;
  return silence(ms).map(() => {
    const white = next();
    slow = 0.9 * slow + white * 0.1;
    slower = 0.99 * slower + white * 0.01;
    switch (tilt) {
      case 0:
        return white * 0.3;
      case 1:
        return white * 0.05 + slow * 0.4 + slower;
      case 2:
        return slower * 3;
      default:
        return tilt satisfies never;
    }
  });
}

export const tone = (ms: number, hz: number): Sound =>
  silence(ms).map((_, i) => 0.3 * Math.sin((2 * Math.PI * hz * i) / SAMPLE_RATE));

/** A buzzing mains hum with its harmonics. */
export const hum = (ms: number, hz = 50): Sound =>
  silence(ms).map((_, i) => {
    let sum = 0;
    for (let h = 1; h <= 9; h++) sum += Math.sin((2 * Math.PI * hz * h * i) / SAMPLE_RATE) / h;
    return 0.15 * sum;
  });

/** One plucked string (a delay line that loses its high notes). */
function pluck(ms: number, hz: number, seed: number): Sound {
  const next = random(seed);
  const period = Math.round(SAMPLE_RATE / hz);
  const line = Float32Array.from({ length: period }, () => next());
  let at = 0;
  return silence(ms).map(() => {
    const s = line[at] as number;
    line[at] = 0.498 * (s + (line[(at + 1) % period] as number));
    at = (at + 1) % period;
    return 0.25 * s;
  });
}

const drum = (seed: number): Sound => noise(160, 0, seed).map((s, i) => s * Math.exp(-i / 700));
const thud = (): Sound =>
  silence(220).map((_, i) => 0.8 * Math.sin((2 * Math.PI * 70 * i) / SAMPLE_RATE) * Math.exp(-i / 1300));

/** Plucked chords, a bass, a melody and drums at 110 beats a minute. */
export function music(ms: number, seed = 1): Sound {
  const beat = 545;
  const chords = [
    [262, 330, 392],
    [220, 262, 330],
    [175, 220, 262],
    [196, 247, 294],
  ] as const;
  const scale = [523, 587, 659, 784, 880];
  const next = random(seed);
  const parts: { sound: Sound; atMs: number }[] = [];
  for (let n = 0; n * beat < ms; n++) {
    const chord = chords[Math.floor(n / 4) % 4] as readonly number[];
    for (const hz of chord) parts.push({ sound: pluck(2 * beat, hz, n + hz), atMs: n * beat });
    parts.push({ sound: pluck(beat, (chord[0] as number) / 2, n + 7), atMs: n * beat });
    const note = scale[Math.floor(Math.abs(next()) * 4.99)] as number;
    parts.push({ sound: pluck(beat, note, n + 99), atMs: n * beat + beat / 2 });
    parts.push({ sound: n % 2 === 0 ? thud() : drum(n), atMs: n * beat });
    parts.push({ sound: drum(n + 500).map((s) => s * 0.3), atMs: n * beat + beat / 2 });
  }
  return atLevel(mix(...parts).subarray(0, samples(ms)), -22);
}

/** An organ's held chords, with vibrato: harmonic like a voice, but no words. */
export function organ(ms: number): Sound {
  const chords = [
    [196, 247, 294],
    [220, 262, 330],
    [175, 220, 262],
  ] as const;
  return silence(ms).map((_, i) => {
    const t = i / SAMPLE_RATE;
    const chord = chords[Math.floor(t / 1.5) % 3] as readonly number[];
    let sum = 0;
    for (const hz of chord) {
      for (let h = 1; h <= 6; h++)
        sum += Math.sin(2 * Math.PI * hz * h * t + 0.3 * Math.sin(2 * Math.PI * 5.5 * t)) / h;
    }
    return 0.05 * sum;
  });
}

/** Resonances of a throat, one after another. */
function resonate(sound: Sound, peaks: readonly { hz: number; width: number }[]): Sound {
  let signal = sound;
  for (const { hz, width } of peaks) {
    const r = Math.exp((-Math.PI * width) / SAMPLE_RATE);
    const a = 2 * r * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
    let y1 = 0;
    let y2 = 0;
    signal = signal.map((x) => {
      const y = (1 - r) * x + a * y1 - r * r * y2;
      y2 = y1;
      y1 = y;
      return y;
    });
  }
  return signal;
}

/** A cough: a burst of breath, then a rough voiced tail; `bursts` in a row. */
export function cough(bursts = 1, seed = 1): Sound {
  const parts: Sound[] = [];
  for (let n = 0; n < bursts; n++) {
    const next = random(seed + n);
    const hz = 130 + 40 * next();
    let phase = 0;
    const burst = silence(280).map((_, i) => {
      const t = i / SAMPLE_RATE;
      phase += (hz * (1 + 0.15 * next()) * Math.exp(-t)) / SAMPLE_RATE;
      const breath = next() * Math.exp(-t / 0.06) * (1 - Math.exp(-t / 0.004));
      const rough = t > 0.05 ? ((phase % 1) - 0.5) * 0.7 * Math.exp(-(t - 0.05) / 0.07) : 0;
      return breath + rough;
    });
    parts.push(
      atPeak(
        mix(
          {
            sound: resonate(burst, [
              { hz: 700, width: 400 },
              { hz: 1600, width: 700 },
            ]),
          },
          { sound: burst.map((s) => s * 0.02) },
        ),
        -12,
      ),
      silence(120),
    );
  }
  return join(...parts);
}

/** Somebody types: clicks at an uneven pace. */
export function typing(ms: number, seed = 3): Sound {
  const next = random(seed);
  const parts: { sound: Sound; atMs: number }[] = [];
  for (let at = 50; at < ms - 100; at += 130 + 70 * next()) {
    parts.push({ sound: noise(30, 0, Math.round(at)).map((s, i) => s * Math.exp(-i / 90)), atMs: at });
    parts.push({
      sound: tone(40, 900 + 300 * next()).map((s, i) => 0.3 * s * Math.exp(-i / 150)),
      atMs: at + 2,
    });
  }
  return atPeak(mix(...parts), -15);
}

export const slam = (): Sound =>
  mix({ sound: noise(300, 1, 5).map((s, i) => 2 * s * Math.exp(-i / 1500)) }, { sound: thud() });

/** What a microphone hears of a loudspeaker: a delay, a room's tail, a gain in dB, and the loudspeaker's own bending. */
export interface Room {
  delayMs: number;
  gainDb: number;
  /** Milliseconds until the reverberation is 60 dB down; 0 for none. */
  reverbMs: number;
  /** 0 for a perfect loudspeaker; 1 bends loud sound visibly. */
  bend?: number;
}

export function echoOf(sound: Sound, { delayMs, gainDb, reverbMs, bend = 0 }: Room): Sound {
  const bent = bend === 0 ? sound : sound.map((s) => Math.tanh(s * (1 + 2 * bend)) / (1 + 2 * bend));
  const direct = { sound: bent, atMs: delayMs };
  if (reverbMs === 0) return mix({ ...direct, sound: bent.map((s) => s * gain(gainDb)) });
  const next = random(11);
  const parts: { sound: Sound; atMs: number }[] = [direct];
  // Thirty early and late reflections stand for the tail.
  for (let n = 1; n <= 30; n++) {
    const atMs = (n / 30) ** 1.3 * reverbMs * 0.6 + 2 + Math.abs(next());
    const level = 0.5 * 10 ** ((-3 * atMs) / reverbMs) * (next() > 0 ? 1 : -1);
    parts.push({ sound: bent.map((s) => s * level), atMs: delayMs + atMs });
  }
  return mix(...parts).map((s) => s * gain(gainDb));
}
