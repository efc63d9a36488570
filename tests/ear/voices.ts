/** Spoken words for the ear's tests, from the offline voices in several pitches. */

import {
  FLITE_SAMPLE_RATE,
  type Flite,
  type FliteVoice,
  loadFlite,
} from '../../src/server/backends/flite/program';
import { createResampler } from '../../src/server/wire/resampler';
import { floatToPcm16, pcm16ToFloat, SAMPLE_RATE } from '../../src/shared/audio';
import type { Sound } from './sounds';

export interface Speaker {
  voice: FliteVoice;
  pitchHz?: number;
}

export const SPEAKERS: readonly Speaker[] = [
  { voice: 'slt' },
  { voice: 'slt', pitchHz: 235 },
  { voice: 'rms' },
  { voice: 'rms', pitchHz: 88 },
  { voice: 'awb' },
  { voice: 'kal16' },
];

let loaded: Promise<Flite> | null = null;

/** `text` as `speaker` says it, at 24 kHz, with the voice's own silence around it. */
export async function speak(text: string, { voice, pitchHz }: Speaker): Promise<Sound> {
  loaded ??= loadFlite();
  const flite = await loaded;
  const spoken = await flite.speak(text, {
    voice,
    stretch: 1,
    ...(pitchHz === undefined ? {} : { pitchHz }),
  });
  const resampler = createResampler(FLITE_SAMPLE_RATE, SAMPLE_RATE);
  const parts = [resampler.push(spoken), resampler.flush()].map(pcm16ToFloat);
  resampler.close();
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  all.set(parts[0] as Sound);
  all.set(parts[1] as Sound, (parts[0] as Sound).length);
  return pcm16ToFloat(floatToPcm16(all));
}

const STORY =
  'Here is a long answer that goes on for quite a while. The weather in Paris tomorrow will be mostly sunny with a high of ' +
  'twenty one degrees and a light wind from the west. In the evening there may be some clouds, but rain is not expected. ' +
  'On Tuesday it becomes cooler, with showers in the morning. You can set a timer, ask for the time, or do a calculation, ' +
  'and I will answer as well as I can. The museum opens at nine and closes at six, except on Mondays. ';

/** About 25 seconds of an answer. */
export const story = (speaker: Speaker): Promise<Sound> => speak(STORY, speaker);
