/** What is played at the program: interruptions by many voices, and what must not interrupt. Deterministic. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { CARD_RATE } from './sound-card';
import {
  atLevel,
  cough,
  createRandom,
  fan,
  hum,
  keyboard,
  knocks,
  music,
  noiseBurst,
  pinkNoise,
  throatClearing,
} from './stimuli-noise';
import { openVoices, RECORDED, type Speaker, speechIn, type Voices } from './stimuli-voice';

export type Level = 'normal' | 'quiet' | 'loud';

export interface Stimulus {
  name: string;
  /** Mono, CARD_RATE. */
  wav: string;
  samples: Int16Array;
  /** First sample of the sound that counts (of the voice, where it stands in noise), and one after its last. */
  onset: number;
  end: number;
  level: Level;
  /** The voice stands in noise that begins before it. */
  inNoise: boolean;
}

/** RMS of the speech in dBFS: a headset, somebody further away or whispering, somebody close. */
const LEVEL_DBFS: Record<Level, number> = { normal: -22, quiet: -42, loud: -13 };

const COMMANDS = [
  'Stop.',
  'Wait a moment.',
  'No, tell me something else.',
  'Hold on, please.',
  'What time is it?',
  'Excuse me, I have another question for you.',
  'That is enough, thank you.',
  'Could you say that again, but slower?',
  'Okay, never mind.',
  'Actually, wait.',
];

const SPEAKERS: Speaker[] = [
  { engine: 'flite', voice: 'slt' },
  { engine: 'flite', voice: 'rms' },
  { engine: 'recording' },
  { engine: 'espeak', voice: 'en-us' },
  { engine: 'flite', voice: 'awb' },
  { engine: 'recording' },
  { engine: 'flite', voice: 'slt', pitchHz: 230 },
  { engine: 'espeak', voice: 'en-gb+f3', pitch: 65 },
  { engine: 'recording' },
  { engine: 'flite', voice: 'slt', pitchHz: 150 },
  { engine: 'flite', voice: 'rms', pitchHz: 85 },
  { engine: 'espeak', voice: 'en-us+m3', pitch: 35 },
];

interface Condition {
  level: Level;
  /** Signal to noise in dB, where the voice stands in noise. */
  snr?: number;
}
const CONDITIONS: Condition[] = [
  { level: 'normal' },
  { level: 'normal', snr: 20 },
  { level: 'quiet' },
  { level: 'normal' },
  { level: 'loud' },
  { level: 'normal', snr: 12 },
  { level: 'quiet' },
];

/** Noise goes before the voice, so that it is a background when the voice begins. */
const NOISE_LEAD_S = 0.6;

/** Who interrupts speaks for this long at most; the answer is silent long before. */
const INTERRUPTION_S = 1.3;

/** Silence after the voice, so that its last sound is played. */
const TAIL_S = 0.1;

/** The first `count` interruptions of the list: voices, levels and noise run through it at different paces. */
export async function interruptions(
  folder: string,
  count: number,
  conditions: Condition[] = CONDITIONS,
): Promise<Stimulus[]> {
  const voices = await openVoices();
  const found: Stimulus[] = [];
  for (let i = 0; found.length < count; i++) {
    const speaker = SPEAKERS[i % SPEAKERS.length] as Speaker;
    const condition = conditions[i % conditions.length] as Condition;
    const texts = speaker.engine === 'recording' ? RECORDED : COMMANDS;
    const text = texts[(i + Math.floor(i / texts.length)) % texts.length] as string;
    const stimulus = await spoken(folder, voices, { speaker, text, ...condition, longestS: INTERRUPTION_S });
    if (stimulus) found.push(stimulus);
  }
  return found;
}

/** One spoken stimulus; null where this machine lacks the voice. */
export async function spoken(
  folder: string,
  voices: Voices,
  what: { speaker: Speaker; text: string; name?: string; longestS?: number } & Condition,
): Promise<Stimulus | null> {
  const { speaker, text, level, snr, longestS } = what;
  const said = await voices.speak(speaker, text);
  if (!said) return null;
  const whole = speechIn(said);
  const voice = longestS === undefined ? said : cutOff(said, whole.onset + longestS * CARD_RATE);
  const { onset, rms } = whole;
  const end = Math.min(whole.end, voice.length);
  const lead = snr === undefined ? 0 : Math.round(NOISE_LEAD_S * CARD_RATE);
  const tail = CARD_RATE * TAIL_S;
  const levelled = atLevel(voice, LEVEL_DBFS[level], rms);
  const sound = new Float32Array(lead + end + tail);
  sound.set(levelled.subarray(0, end + tail), lead);
  if (snr !== undefined) {
    const noise = atLevel(pinkNoise(sound.length, createRandom(text.length)), LEVEL_DBFS[level] - snr);
    const fade = CARD_RATE * 0.2;
    for (const [i, n] of noise.entries()) {
      sound[i] = (sound[i] as number) + n * Math.min(1, i / fade, (sound.length - i) / fade);
    }
  }
  const who = speaker.engine === 'recording' ? 'person' : speaker.voice;
  const pitch = 'pitchHz' in speaker ? ` ${speaker.pitchHz} Hz` : '';
  const name = what.name ?? `${who}${pitch}, ${level}${snr === undefined ? '' : `, ${snr} dB SNR`}: ${text}`;
  return save(folder, name, sound, {
    onset: lead + onset,
    end: lead + end,
    level,
    inNoise: snr !== undefined,
  });
}

/** The first `length` samples, the last 30 ms of them fading. */
function cutOff(sound: Float32Array, length: number): Float32Array {
  if (sound.length <= length) return sound;
  const fade = CARD_RATE * 0.03;
  return sound.slice(0, length).map((s, i, all) => s * Math.min(1, (all.length - i) / fade));
}

/** Everything that must not cut an answer off. `count` limits it; the first ones are of every kind. */
export async function disturbances(folder: string, count: number): Promise<Stimulus[]> {
  const random = createRandom(7);
  const voices = await openVoices();
  const found: Stimulus[] = [];
  const sound = (name: string, samples: Float32Array): Stimulus =>
    save(folder, name, samples, { onset: 0, end: samples.length, level: 'normal', inNoise: false });
  const said = async (text: string, speaker: Speaker): Promise<void> => {
    const name = `backchannel "${text}" (${speaker.engine === 'recording' ? 'person' : speaker.voice})`;
    const stimulus = await spoken(folder, voices, { speaker, text, level: 'normal', name });
    if (stimulus) found.push(stimulus);
  };
  const mm = (pitch: number) => [{ at: 0, length: 0.35, pitch: [pitch, pitch * 1.1, pitch * 0.85] as Pitch }];
  const mmHm = (pitch: number) => [
    { at: 0, length: 0.2, pitch: [pitch, pitch, pitch * 0.95] as Pitch },
    { at: 0.26, length: 0.3, pitch: [pitch * 1.1, pitch * 1.3, pitch * 1.2] as Pitch },
  ];
  const hmm = (pitch: number) => [
    { at: 0, length: 0.6, pitch: [pitch * 1.1, pitch * 0.9, pitch * 0.8] as Pitch },
  ];

  for (let round = 0; found.length < count; round++) {
    const pitch = [115, 190, 150, 230][round % 4] as number;
    found.push(sound(`cough ${round}`, cough(random)));
    found.push(sound(`backchannel "mm-hm" (hum ${pitch} Hz)`, hum(mmHm(pitch), random)));
    found.push(sound(`keyboard ${round}`, keyboard(1.5, random)));
    await said('Uh huh.', round % 2 ? { engine: 'flite', voice: 'slt' } : { engine: 'flite', voice: 'rms' });
    found.push(sound(`music ${round}`, music(2.5, (round * 5) % 12, random)));
    found.push(sound(`throat clearing ${round}`, throatClearing(random)));
    found.push(sound(`backchannel "mm" (hum ${pitch} Hz)`, hum(mm(pitch), random)));
    found.push(
      sound(`noise burst ${round}`, noiseBurst(round % 2 ? 'white' : 'pink', 0.3 + round * 0.4, random)),
    );
    await said('Yeah.', round % 2 ? { engine: 'flite', voice: 'awb' } : { engine: 'espeak', voice: 'en-us' });
    found.push(sound(`fan ${round}`, fan(2.5, random)));
    found.push(sound(`backchannel "hmm" (hum ${pitch} Hz)`, hum(hmm(pitch), random)));
    found.push(sound(`knocks ${round}`, knocks(random)));
  }
  return found.slice(0, count);
}
type Pitch = [number, number, number];

function save(
  folder: string,
  name: string,
  sound: Float32Array,
  place: Pick<Stimulus, 'onset' | 'end' | 'level' | 'inNoise'>,
): Stimulus {
  const samples = Int16Array.from(sound, (s) => Math.max(-0x8000, Math.min(0x7fff, Math.round(s * 0x8000))));
  const wav = join(folder, `${name.replace(/[^a-z0-9]+/gi, '-').slice(0, 60)}-${samples.length}.wav`);
  const file = new wavefile.WaveFile();
  file.fromScratch(1, CARD_RATE, '16', samples);
  writeFileSync(wav, file.toBuffer());
  return { name, wav, samples, ...place };
}
