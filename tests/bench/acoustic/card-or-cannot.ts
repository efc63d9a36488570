import { CannotMeasure } from '../figure';

/** Throws where there can be no virtual sound card. */
export function cardOrCannot(): void {
  if (process.platform !== 'linux') throw new CannotMeasure('the virtual sound card is PulseAudio, on Linux');
}
