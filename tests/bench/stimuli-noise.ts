/**
 * Sounds that are no speech, made from numbers alone: the same seed gives the same sound. CARD_RATE, mono, full scale 1,
 * each with about the loudness it has at a headset or a laptop on a table. Imports nothing of `src`.
 */
import { CARD_RATE } from './sound-card';

export type Random = () => number;

/** Uniform in 0..1 (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seconds = (s: number): Float32Array => new Float32Array(Math.round(s * CARD_RATE));

export function rmsOf(sound: Float32Array): number {
  return Math.sqrt(sound.reduce((sum, s) => sum + s * s, 0) / Math.max(1, sound.length));
}

/** The sound at an RMS level in dBFS; peaks above -0.5 dBFS are rounded off. */
export function atLevel(sound: Float32Array, dbfs: number, rms = rmsOf(sound)): Float32Array {
  const gain = rms === 0 ? 0 : 10 ** (dbfs / 20) / rms;
  return sound.map((s) => 0.95 * Math.tanh((s * gain) / 0.95));
}

export function whiteNoise(length: number, random: Random): Float32Array {
  return new Float32Array(length).map(() => random() * 2 - 1);
}

/** -3 dB an octave: a bank of one-pole filters (Paul Kellet's economy form). */
export function pinkNoise(length: number, random: Random): Float32Array {
  let [a, b, c] = [0, 0, 0];
  return new Float32Array(length).map(() => {
    const white = random() * 2 - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return (a + b + c + white * 0.1848) * 0.2;
  });
}

/** One resonance; `bandwidth` in Hz. */
function resonate(sound: Float32Array, hz: number, bandwidth: number): Float32Array {
  const r = Math.exp((-Math.PI * bandwidth) / CARD_RATE);
  const first = 2 * r * Math.cos((2 * Math.PI * hz) / CARD_RATE);
  const gain = 1 - r;
  let [y1, y2] = [0, 0];
  return sound.map((x) => {
    const y = gain * x + first * y1 - r * r * y2;
    y2 = y1;
    y1 = y;
    return y;
  });
}

function add(into: Float32Array, sound: Float32Array, atSeconds: number, gain = 1): void {
  const at = Math.round(atSeconds * CARD_RATE);
  for (let i = 0; i < sound.length && at + i < into.length; i++)
    into[at + i] = (into[at + i] as number) + (sound[i] as number) * gain;
}

/** Rises within `attack` seconds and falls off with the time constant `decay`. */
function shaped(sound: Float32Array, attack: number, decay: number): Float32Array {
  return sound.map((s, i) => {
    const t = i / CARD_RATE;
    return s * Math.min(1, t / attack) * Math.exp(-Math.max(0, t - attack) / decay);
  });
}

export function noiseBurst(colour: 'white' | 'pink', length: number, random: Random): Float32Array {
  const sound = seconds(length);
  const noise = colour === 'white' ? whiteNoise(sound.length, random) : pinkNoise(sound.length, random);
  const edge = 0.01 * CARD_RATE;
  return atLevel(
    noise.map((s, i) => s * Math.min(1, i / edge, (sound.length - i) / edge)),
    -28,
  );
}

/** Air and a motor's hum, faded in over half a second. */
export function fan(length: number, random: Random): Float32Array {
  const air = resonate(pinkNoise(seconds(length).length, random), 320, 500);
  const level = rmsOf(air);
  return atLevel(
    air.map((s, i) => {
      const t = i / CARD_RATE;
      const hum = Math.sin(2 * Math.PI * 100 * t) + 0.4 * Math.sin(2 * Math.PI * 200 * t);
      return (s / level + 0.25 * hum) * Math.min(1, t / 0.5, (length - t) / 0.2);
    }),
    -30,
  );
}

/** An explosive burst of air, then a shorter voiceless second one, through an open mouth. */
export function cough(random: Random): Float32Array {
  const out = seconds(0.75);
  for (const [at, gain, decay] of [
    [0, 1, 0.07],
    [0.32 + random() * 0.08, 0.6, 0.05],
  ] as const) {
    const air = shaped(whiteNoise(seconds(0.3).length, random), 0.004, decay);
    const mouth = seconds(0.3);
    for (const [hz, width, level] of [
      [600 + random() * 200, 250, 1],
      [1500 + random() * 300, 350, 0.9],
      [2900, 600, 0.5],
    ] as const) {
      add(mouth, resonate(air, hz, width), 0, level);
    }
    add(out, mouth, at, gain);
  }
  return atLevel(out, -24);
}

/** A rough, irregular low rattle with air in it. */
export function throatClearing(random: Random): Float32Array {
  const length = 0.7;
  const source = seconds(length);
  for (let t = 0; t < length; t += 1 / (45 + random() * 25)) {
    add(source, shaped(whiteNoise(seconds(0.012).length, random), 0.0005, 0.004), t, 0.5 + random());
  }
  const throat = seconds(length);
  for (const [hz, width, gain] of [
    [450, 200, 1],
    [1150, 300, 0.6],
    [2400, 500, 0.25],
  ] as const) {
    add(throat, resonate(source, hz, width), 0, gain);
  }
  return atLevel(
    throat.map((s, i) => s * Math.sin((Math.PI * i) / throat.length) ** 0.5),
    -26,
  );
}

/** A quick typist: a click at each press and a softer one at each release. */
export function keyboard(length: number, random: Random): Float32Array {
  const out = seconds(length);
  for (let t = 0.05; t < length - 0.15; t += 0.09 + random() * 0.13) {
    for (const [after, gain] of [
      [0, 1],
      [0.06 + random() * 0.03, 0.4],
    ] as const) {
      const click = shaped(whiteNoise(seconds(0.025).length, random), 0.0005, 0.004);
      add(out, resonate(click, 1800 + random() * 2500, 1500), t + after, gain * (0.6 + random() * 0.4));
    }
  }
  return atLevel(out, -34);
}

/** Knuckles on wood. */
export function knocks(random: Random): Float32Array {
  const out = seconds(0.9);
  for (const at of [0, 0.22, 0.45]) {
    const hit = shaped(whiteNoise(seconds(0.15).length, random), 0.001, 0.012);
    add(out, resonate(hit, 180 + random() * 20, 60), at, 1);
    add(out, resonate(hit, 520, 150), at, 0.4);
  }
  return atLevel(out, -26);
}

/** Chords, a melody and drums, four beats a bar; `key` in semitones from C. */
export function music(length: number, key: number, random: Random): Float32Array {
  const out = seconds(length);
  const beat = 0.5;
  const hz = (note: number): number => 261.63 * 2 ** ((note + key) / 12);
  const tone = (note: number, duration: number, partials: number[], decay: number): Float32Array =>
    shaped(
      seconds(duration).map((_, i) => {
        const t = i / CARD_RATE;
        return partials.reduce((sum, p, k) => sum + p * Math.sin(2 * Math.PI * hz(note) * (k + 1) * t), 0);
      }),
      0.01,
      decay,
    );
  const chords = [
    [-12, 0, 4, 7],
    [-15, -3, 0, 4],
    [-19, -7, -3, 0],
    [-17, -5, -1, 2],
  ];
  const scale = [0, 2, 4, 7, 9, 12, 14, 16];
  for (let n = 0; n * beat < length; n++) {
    const chord = chords[Math.floor(n / 4) % chords.length] as number[];
    if (n % 2 === 0)
      for (const note of chord) add(out, tone(note, 1, [1, 0.5, 0.25, 0.1], 0.5), n * beat, 0.25);
    for (const half of [0, 0.5]) {
      const note = 12 + (scale[Math.floor(random() * scale.length)] as number);
      add(out, tone(note, 0.4, [1, 0.3, 0.3, 0.1], 0.25), (n + half) * beat, 0.4);
      add(out, shaped(whiteNoise(seconds(0.05).length, random), 0.001, 0.012), (n + half) * beat, 0.15);
    }
    const drum = shaped(
      seconds(0.2).map((_, i) => Math.sin(2 * Math.PI * (50 + 90 * Math.exp(-i / 1200)) * (i / CARD_RATE))),
      0.002,
      0.08,
    );
    if (n % 2 === 0) add(out, drum, n * beat, 1);
    else add(out, shaped(whiteNoise(seconds(0.2).length, random), 0.001, 0.05), n * beat, 0.5);
  }
  return atLevel(out, -26);
}

/**
 * A hum through a closed mouth, one per entry of `hums`: where it begins, how long it lasts (s), and its pitch at the
 * beginning, in the middle and at the end (Hz).
 */
export function hum(
  hums: { at: number; length: number; pitch: [number, number, number] }[],
  random: Random,
): Float32Array {
  const out = seconds(Math.max(...hums.map(({ at, length }) => at + length)) + 0.02);
  for (const { at, length, pitch } of hums) {
    const [p0, p1, p2] = pitch;
    let phase = 0;
    const source = seconds(length).map((_, i) => {
      const x = i / (length * CARD_RATE);
      const f = x < 0.5 ? p0 + (p1 - p0) * x * 2 : p1 + (p2 - p1) * (x * 2 - 1);
      phase += (f * (1 + 0.01 * (random() - 0.5))) / CARD_RATE;
      const glottis = Math.exp(-6 * (phase % 1)) - 0.166;
      return (glottis + 0.02 * (random() - 0.5)) * Math.min(1, x / 0.15, (1 - x) / 0.3);
    });
    const nose = seconds(length);
    for (const [hz, width, gain] of [
      [250, 80, 1],
      [1050, 200, 0.12],
      [2200, 300, 0.06],
    ] as const) {
      add(nose, resonate(source, hz, width), 0, gain);
    }
    add(out, nose, at);
  }
  return atLevel(out, -26);
}
