/** A growing two-channel recording, read while it grows. Pure but for its clock, which the caller passes in. */

export interface Tracks {
  readonly rate: number;
  /** Samples so far, per channel. */
  readonly length: number;
  /** What the loudspeaker played (left). A copy; `from` is clipped to what there is. */
  speaker(from: number, to: number): Int16Array;
  /** What the microphone heard (right). */
  mic(from: number, to: number): Int16Array;
  /** Interleaved little-endian 16-bit samples that arrived at `epochMs`. */
  add(bytes: Uint8Array, epochMs: number): void;
  /** The wall clock when sample `index` was on the card, as near as the quickest delivery tells. */
  epochMsOf(index: number): number;
  indexOf(epochMs: number): number;
  /** All of it as a WAV of 16 bits, the loudspeaker left and the microphone right. */
  toWav(): Uint8Array;
  /** Resolves when the recording holds `index`. */
  reaches(index: number): Promise<void>;
}

/** Samples per channel in one piece of storage: a minute at 48 kHz. */
const PIECE = 48_000 * 60;

export function createTracks(rate: number): Tracks {
  const pieces: [speaker: Int16Array, mic: Int16Array][] = [];
  let length = 0;
  let rest = new Uint8Array(0);
  /** Wall clock of sample 0 by the chunk that was delivered quickest; PulseAudio gives a chunk when its first sample is due. */
  let beginMs = Number.POSITIVE_INFINITY;
  let waiting: { index: number; resolve: () => void }[] = [];

  const copy = (channel: 0 | 1, from: number, to: number): Int16Array => {
    const start = Math.max(0, Math.min(from, length));
    const end = Math.max(start, Math.min(to, length));
    const out = new Int16Array(end - start);
    for (let at = start; at < end; ) {
      const piece = pieces[Math.floor(at / PIECE)]?.[channel] as Int16Array;
      const within = at % PIECE;
      const part = piece.subarray(within, Math.min(PIECE, within + end - at));
      out.set(part, at - start);
      at += part.length;
    }
    return out;
  };

  return {
    rate,
    get length() {
      return length;
    },
    speaker: (from, to) => copy(0, from, to),
    mic: (from, to) => copy(1, from, to),
    add(bytes, epochMs) {
      const all = new Uint8Array(rest.length + bytes.length);
      all.set(rest);
      all.set(bytes, rest.length);
      const frames = Math.floor(all.length / 4);
      const view = new DataView(all.buffer);
      for (let i = 0; i < frames; i++, length++) {
        const index = Math.floor(length / PIECE);
        pieces[index] ??= [new Int16Array(PIECE), new Int16Array(PIECE)];
        const [speaker, mic] = pieces[index] as [Int16Array, Int16Array];
        speaker[length % PIECE] = view.getInt16(i * 4, true);
        mic[length % PIECE] = view.getInt16(i * 4 + 2, true);
      }
      rest = all.slice(frames * 4);
      beginMs = Math.min(beginMs, epochMs - ((length - frames) * 1000) / rate);
      for (const { index, resolve } of waiting) if (index <= length) resolve();
      waiting = waiting.filter(({ index }) => index > length);
    },
    epochMsOf: (index) => beginMs + (index * 1000) / rate,
    indexOf: (epochMs) => Math.round(((epochMs - beginMs) * rate) / 1000),
    toWav() {
      const bytes = new Uint8Array(44 + length * 4);
      const view = new DataView(bytes.buffer);
      const text = (at: number, name: string): void => {
        for (let i = 0; i < name.length; i++) bytes[at + i] = name.charCodeAt(i);
      };
      text(0, 'RIFF');
      view.setUint32(4, bytes.length - 8, true);
      text(8, 'WAVEfmt ');
      view.setUint32(16, 16, true);
      view.setUint16(20, 1, true);
      view.setUint16(22, 2, true);
      view.setUint32(24, rate, true);
      view.setUint32(28, rate * 4, true);
      view.setUint16(32, 4, true);
      view.setUint16(34, 16, true);
      text(36, 'data');
      view.setUint32(40, length * 4, true);
      const [speaker, mic] = [copy(0, 0, length), copy(1, 0, length)];
      for (let i = 0; i < speaker.length; i++) {
        view.setInt16(44 + i * 4, speaker[i] as number, true);
        view.setInt16(46 + i * 4, mic[i] as number, true);
      }
      return bytes;
    },
    reaches: (index) =>
      index <= length
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ index, resolve });
          }),
  };
}
