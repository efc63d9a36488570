import { bytesToPcm16, type Pcm16 } from '../shared/audio';
import { ClientError } from './errors';

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

/** From the base64 of append events to samples; a client may cut its stream between the two bytes of a sample. */
export class AppendDecoder {
  private oddByte: Buffer | null = null;

  /** Throws what `decodeBase64` throws. */
  decode(base64: string): Pcm16 {
    const bytes = Buffer.concat([this.oddByte ?? Buffer.alloc(0), decodeBase64(base64, 'audio')]);
    this.oddByte = bytes.length % 2 === 1 ? bytes.subarray(-1) : null;
    return bytesToPcm16(bytes);
  }

  reset(): void {
    this.oddByte = null;
  }
}
