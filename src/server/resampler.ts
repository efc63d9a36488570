import { floatToPcm16, type Pcm16, pcm16ToFloat } from '../shared/audio';

/** Changes the sample rate of one stream of mono sound. */
export interface Resampler {
  /**
   * The next samples of the stream, of any number; gives what is ready of the output. The output lags by the
   * filter's look-ahead, about 3 ms.
   */
  push(pcm: Pcm16): Pcm16;
  /**
   * The rest of the output: together with what `push` gave it is as long as the input, to the nearest sample.
   * Afterwards the resampler is as new.
   */
  flush(): Pcm16;
  /** Frees it; nothing may be pushed afterwards. */
  close(): void;
}

/** Input samples handed to the library at once; it stages them in a buffer of about a million. */
const MAX_BLOCK = 48_000;

/** Seconds of silence that push the last sample through the longest filter. */
const TAIL_SECONDS = 0.02;

/**
 * A streaming resampler on libsamplerate's "medium" sinc filter: aliases and noise stay 119 dB below a tone, and
 * -0.3 dB is left at 7 kHz of 16 kHz sound. Rates are in Hz, both from 1000 to 192000; equal rates copy.
 * Rejects when a rate is out of range.
 */
export async function createResampler(fromRate: number, toRate: number): Promise<Resampler> {
  for (const rate of [fromRate, toRate]) {
    if (!Number.isInteger(rate) || rate < 1000 || rate > 192_000) {
      throw new RangeError(`sample rate ${rate} is not between 1000 and 192000 Hz`);
    }
  }
  if (fromRate === toRate) return { push: (pcm) => pcm.slice(), flush: () => new Int16Array(0), close() {} };

  const { create, ConverterType } = await loadLibrary();
  const source = await create(1, fromRate, toRate, { converterType: ConverterType.SRC_SINC_MEDIUM_QUALITY });
  let taken = 0;
  let given = 0;

  const convert = (input: Float32Array): Pcm16 => {
    const blocks: Pcm16[] = [];
    for (let at = 0; at < input.length; at += MAX_BLOCK) {
      blocks.push(floatToPcm16(source.full(input.subarray(at, at + MAX_BLOCK))));
    }
    const output = join(blocks);
    taken += input.length;
    given += output.length;
    return output;
  };

  return {
    push: (pcm) => convert(pcm16ToFloat(pcm)),
    flush() {
      const missing = Math.round((taken * toRate) / fromRate) - given;
      const tail =
        missing > 0 ? convert(new Float32Array(Math.ceil(fromRate * TAIL_SECONDS))) : new Int16Array(0);
      // The setter starts the converter anew, which is the library's only way to forget the past.
      source.outputSampleRate = toRate;
      taken = 0;
      given = 0;
      return tail.slice(0, Math.max(0, missing));
    },
    close: () => source.destroy(),
  };
}

type Library = typeof import('@alexanderolsen/libsamplerate-js');

/** The library is CommonJS: Node gives it as `default`, a bundler as the namespace. Loaded only when needed, it is 2 MB. */
async function loadLibrary(): Promise<Library> {
  const namespace: Library & { default?: Library } = await import('@alexanderolsen/libsamplerate-js');
  return namespace.default ?? namespace;
}

function join(blocks: Pcm16[]): Pcm16 {
  const [first] = blocks;
  if (first !== undefined && blocks.length === 1) return first;
  const all = new Int16Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}
