/** What a user hears, measured outside the program on a virtual sound card. */
import type { Part } from '../figure';
import { measureDisturbances } from './disturbances';
import { measureInterruptions } from './interruptions';
import { measureWait } from './wait';

export const parts: Part[] = [
  {
    figures: ['onsetToSilence', 'missedInterruptions'],
    modes: ['smoke', 'quick', 'full'],
    measure: measureInterruptions,
  },
  {
    figures: ['endOfSpeechToFirstAudio', 'endpointOverhead'],
    modes: ['smoke', 'quick', 'full'],
    measure: measureWait,
  },
  {
    figures: ['ownEcho', 'falseInterruptions'],
    modes: ['smoke', 'quick', 'full'],
    measure: measureDisturbances,
  },
];
