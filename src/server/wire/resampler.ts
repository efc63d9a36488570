import type { Pcm16 } from '../../shared/audio';
import { createStreamResampler } from '../../shared/resampler';

/** Changes the sample rate of one stream of mono sound. */
export interface Resampler {
  /**
   * The next samples of the stream, of any number; gives what is ready of the output, in memory of its own. The output
   * lags by the filter's look-ahead, about 1 ms.
   */
  push(pcm: Pcm16): Pcm16;
  /**
   * The rest of the output: together with what `push` gave it is as long as the input, to the nearest sample, and in
   * step with it. Afterwards the resampler is as new.
   */
  flush(): Pcm16;
  /** Frees it; nothing may be pushed afterwards. */
  close(): void;
}

/**
 * A streaming resampler for speech, in plain TypeScript because all sound of every session passes here: a second of it
 * takes 1.5 ms, a fifth of what libsamplerate's "medium" filter takes, and less delay. From 24 to 16 kHz, measured:
 * to 6.5 kHz the level keeps within 0.05 dB, at 7 kHz it is -1.5 dB; what would fold back is -44 dB from 8.1 kHz and
 * -76 dB from 9 kHz. A 1 kHz tone is right to the last bit. Rates are in Hz, both from 1000 to 192000; equal rates
 * copy. Throws a RangeError when a rate is out of range.
 */
export function createResampler(fromRate: number, toRate: number): Resampler {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isInteger(rate) || rate < 1000 || rate > 192_000) {
      throw new RangeError(`sample rate ${rate} is not between 1000 and 192000 Hz`);
    }
  }
  if (fromRate === toRate) return { push: (pcm) => pcm.slice(), flush: () => new Int16Array(0), close() {} };

  const stream = createStreamResampler(fromRate, toRate);
  let taken = 0;
  /** Samples given; below zero are those before the input's beginning, which nobody gets. */
  let given = -stream.delaySamples;

  const give = (samples: Float32Array): Pcm16 => {
    const early = Math.min(samples.length, Math.max(0, -given));
    given += samples.length;
    return toPcm16(samples, early);
  };

  return {
    push(pcm) {
      taken += pcm.length;
      return give(stream.push(pcm));
    },
    flush() {
      const missing = Math.round((taken * toRate) / fromRate) - given;
      const tail = give(stream.flush().subarray(0, missing));
      taken = 0;
      given = -stream.delaySamples;
      return tail;
    },
    close() {},
  };
}

/** The samples from `first` on, of 16-bit scale, rounded; what does not fit is clipped. */
function toPcm16(samples: Float32Array, first: number): Pcm16 {
  const pcm = new Int16Array(samples.length - first);
  for (let i = 0; i < pcm.length; i++) {
    pcm[i] = Math.max(-0x8000, Math.min(0x7fff, Math.round(samples[first + i] as number)));
  }
  return pcm;
}
