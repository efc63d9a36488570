/** What an ear makes of a recording, counted in milliseconds of audio. */
import type { Ear, Hearing } from '../../src/ear';
import { CHUNK_MS, CHUNK_SAMPLES } from '../../src/shared/audio';
import { chunks, type Sound } from './sounds';

export interface Heard {
  hearings: Hearing[];
  /** End of the first chunk called at least that, from the recording's begin; null when none was. */
  likelyMs: number | null;
  voiceMs: number | null;
  /** All voice together. */
  totalVoiceMs: number;
  /** Most voice in one stretch. */
  longestMs: number;
  /** Stretches with any voice in them. */
  stretches: number;
  /** The verdict at the end of the last stretch with voice. */
  wordless: boolean;
  echoMs: number;
}

/** A clock that goes on from recording to recording, as the audio context's does. */
export interface Clock {
  frame: number;
}

/** Lets `ear` hear `mic` while `reference` is rendered from the same moment on. */
export function listen(ear: Ear, mic: Sound, reference?: Sound, clock: Clock = { frame: 48_000 }): Heard {
  const rendered = reference === undefined ? [] : [...chunks(reference)];
  const hearings: Hearing[] = [];
  for (const [i, chunk] of [...chunks(mic)].entries()) {
    const answer = rendered[i];
    if (answer?.some((s) => s !== 0)) ear.reference(answer, clock.frame);
    hearings.push({ ...ear.hear(chunk, clock.frame) });
    clock.frame += CHUNK_SAMPLES;
  }
  const first = (test: (h: Hearing) => boolean) => {
    const at = hearings.findIndex(test);
    return at < 0 ? null : (at + 1) * CHUNK_MS;
  };
  const voiced = hearings.filter((h) => h.sound === 'voice');
  const starts = hearings.filter((h, i) => h.voiceMs > 0 && h.stretchMs > 0 && !within(hearings[i - 1]));
  return {
    hearings,
    likelyMs: first((h) => h.sound !== 'none'),
    voiceMs: first((h) => h.sound === 'voice'),
    totalVoiceMs: voiced.length * CHUNK_MS,
    longestMs: Math.max(0, ...voiced.map((h) => h.voiceMs)),
    stretches: starts.length,
    wordless: voiced.at(-1)?.wordless ?? false,
    echoMs: hearings.filter((h) => h.echo).length * CHUNK_MS,
  };
}

const within = (h: Hearing | undefined) => h !== undefined && h.voiceMs > 0 && h.stretchMs > 0;
