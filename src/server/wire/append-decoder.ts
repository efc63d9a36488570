import { type Pcm16, SAMPLE_RATE } from '../../shared/audio';
import { ClientError } from './errors';
import { createResampler, type Resampler } from './resampler';
import { fromWireBytes, type WireFormat, wireRate } from './wire-audio';

/** Largest audio of one event, decoded (REALTIME: client events). */
const MAX_BYTES = 15 * 1024 * 1024;

/** Throws a ClientError that names `param` when `base64` is not base64, or holds more than 15 MiB. */
export function decodeBase64(base64: string, param: string): Buffer {
  const length = Buffer.byteLength(base64, 'base64');
  if (length > MAX_BYTES) {
    const mib = (length / (1024 * 1024)).toFixed(2);
    throw new ClientError(
      'invalid_value',
      `The audio of one event may be at most 15 MiB, this is ${mib} MiB. Send it in smaller pieces.`,
      param,
    );
  }
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/u.test(base64)) {
    throw new ClientError('invalid_value', 'The audio is not valid base64.', param);
  }
  return Buffer.from(base64, 'base64');
}

/**
 * From the bytes of append events to 24 kHz samples. A client may cut its stream anywhere, between the two bytes of a
 * sample too, and may change the format from one event to the next.
 */
export class AppendDecoder {
  private format: WireFormat = 'pcm';
  private oddByte: Uint8Array = new Uint8Array(0);
  /** null while the wire has the rate of the samples. */
  private resampler: Resampler | null = null;
  /** Samples that came in, at the wire's rate, and that went out, since the resampler was new. */
  private taken = 0;
  private given = 0;

  /** The samples that `bytes` completed, after what was left in a format before. */
  decode(bytes: Uint8Array, format: WireFormat): Pcm16 {
    const before = format === this.format ? new Int16Array(0) : this.change(format);
    const pcm = this.push(bytes);
    if (before.length === 0) return pcm;
    const all = new Int16Array(before.length + pcm.length);
    all.set(before);
    all.set(pcm, before.length);
    return all;
  }

  /** Samples at 24 kHz that are still to be given for what came in: the resampler looks ahead. */
  get heldSamples(): number {
    return Math.round((this.taken * SAMPLE_RATE) / wireRate(this.format)) - this.given;
  }

  /** What is held: the sound ends here, for now. */
  flush(): Pcm16 {
    const rest = this.resampler?.flush() ?? new Int16Array(0);
    this.taken = 0;
    this.given = 0;
    return rest;
  }

  /** Forgets what is held. */
  reset(): void {
    this.flush();
    this.oddByte = new Uint8Array(0);
  }

  private change(format: WireFormat): Pcm16 {
    const rest = this.flush();
    this.reset();
    this.format = format;
    this.resampler = wireRate(format) === SAMPLE_RATE ? null : createResampler(wireRate(format), SAMPLE_RATE);
    return rest;
  }

  private push(bytes: Uint8Array): Pcm16 {
    const { resampler } = this;
    if (resampler === null) {
      const all = Buffer.concat([this.oddByte, bytes]);
      this.oddByte = all.subarray(all.length - (all.length % 2));
      return fromWireBytes(all, this.format);
    }
    const samples = fromWireBytes(bytes, this.format);
    const pcm = resampler.push(samples);
    this.taken += samples.length;
    this.given += pcm.length;
    return pcm;
  }
}
