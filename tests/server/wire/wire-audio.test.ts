import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tone } from '../../../src/server/backends/fake';
import { AppendDecoder, decodeBase64 } from '../../../src/server/wire/append-decoder';
import {
  createWireEncoder,
  fromWireBytes,
  fromWireFormat,
  toWire,
  toWireBytes,
  toWireFormat,
  type WireFormat,
  wireBytes,
} from '../../../src/server/wire/wire-audio';
import { type Pcm16, rms } from '../../../src/shared/audio';

const FORMATS: WireFormat[] = ['pcm', 'pcmu', 'pcma'];
const G711: WireFormat[] = ['pcmu', 'pcma'];

const joined = (parts: Pcm16[]): number[] => parts.flatMap((part) => [...part]);

/** Samples without the first and last 20 ms at 24 kHz, where a filter sees the sound begin and end. */
const middle = (pcm: Pcm16) => pcm.subarray(480, -480);

describe('the formats', () => {
  it.each(FORMATS)('%s is named as the session object names it', (format) => {
    expect(fromWireFormat(toWireFormat(format))).toBe(format);
  });

  const lengths: Array<[WireFormat, number]> = [
    ['pcm', 4800],
    ['pcmu', 800],
    ['pcma', 800],
  ];
  it.each(lengths)('100 ms of %s are %i bytes', (format, bytes) => {
    expect(wireBytes(100, format)).toBe(bytes);
  });

  // The ends and the middle of the tables of ITU-T G.711, at 16 bits.
  const codes: Array<[WireFormat, number[], number[]]> = [
    ['pcmu', [0x00, 0x80, 0x7e, 0xfe, 0xff], [-32_124, 32_124, -8, 8, 0]],
    ['pcma', [0x2a, 0xaa, 0x55, 0xd5], [-32_256, 32_256, -8, 8]],
  ];
  it.each(codes)('%s reads %j as %j', (format, bytes, samples) => {
    expect([...fromWireBytes(Uint8Array.from(bytes), format)]).toEqual(samples);
  });

  it.each(G711)('%s writes every code that it reads', (format) => {
    // Of the two zeros of mu-law only one is written.
    const all = Uint8Array.from({ length: 256 }, (_, code) =>
      format === 'pcmu' && code === 0x7f ? 0xff : code,
    );
    expect([...toWireBytes(fromWireBytes(all, format), format)]).toEqual([...all]);
  });

  it('pcm is little-endian, and half a sample is ignored', () => {
    expect([...fromWireBytes(Uint8Array.of(1, 0, 0, 0x80, 9), 'pcm')]).toEqual([1, -32_768]);
    expect([...toWireBytes(Int16Array.of(1, -32_768), 'pcm')]).toEqual([1, 0, 0, 0x80]);
  });
});

describe('sound on its way out', () => {
  const sound = tone(400);

  it.each(FORMATS)('in %s is as long as it was, and sounds the same', async (format) => {
    const bytes = await toWire(sound, 24_000, format);
    expect(bytes.length).toBe(wireBytes(400, format));
    const back = new AppendDecoder();
    const pcm = Int16Array.from([...back.decode(bytes, format), ...back.flush()]);
    expect(pcm.length).toBe(sound.length);
    const noise = middle(pcm).map((sample, i) => sample - (middle(sound)[i] as number));
    // G.711 keeps about 38 dB, whatever the level.
    expect(20 * Math.log10(rms(noise) / rms(middle(sound)))).toBeLessThan(-35);
  });

  it.each(FORMATS)('in %s is the same in pieces of any length', (format) => {
    const whole = createWireEncoder(format);
    const expected = Buffer.concat([whole.encode(sound), whole.flush()]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 6 }), (sizes) => {
        const encoder = createWireEncoder(format);
        const pieces: Buffer[] = [];
        let from = 0;
        for (const size of [...sizes, sound.length]) {
          pieces.push(encoder.encode(sound.subarray(from, from + size)));
          from += size;
        }
        expect(Buffer.concat([...pieces, encoder.flush()]).equals(expected)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('appended sound', () => {
  it.each(FORMATS)('in %s may be cut anywhere', async (format) => {
    const bytes = await toWire(tone(120), 24_000, format);
    const whole = new AppendDecoder();
    const expected = joined([whole.decode(bytes, format), whole.flush()]);
    expect(expected).toHaveLength(120 * 24);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 8 }), (sizes) => {
        const decoder = new AppendDecoder();
        const parts: Pcm16[] = [];
        let from = 0;
        for (const size of [...sizes, bytes.length]) {
          parts.push(decoder.decode(bytes.subarray(from, from + size), format));
          from += size;
          const given = parts.reduce((sum, part) => sum + part.length, 0);
          const whole24k = (Math.min(from, bytes.length) * 24) / wireBytes(1, format);
          expect(given + decoder.heldSamples).toBe(Math.floor(whole24k));
        }
        parts.push(decoder.flush());
        expect(joined(parts)).toEqual(expected);
        expect(decoder.heldSamples).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('loses nothing when the format changes', () => {
    const decoder = new AppendDecoder();
    const parts = [
      decoder.decode(Buffer.alloc(480), 'pcm'),
      decoder.decode(Buffer.alloc(80, 0xff), 'pcmu'),
      decoder.decode(Buffer.alloc(80, 0xd5), 'pcma'),
      decoder.decode(Buffer.alloc(480), 'pcm'),
    ];
    expect(joined(parts)).toHaveLength(4 * 240);
    expect(decoder.heldSamples).toBe(0);
  });

  it('forgets half a sample and what the filter holds on reset', () => {
    const decoder = new AppendDecoder();
    decoder.decode(Uint8Array.of(7), 'pcm');
    decoder.reset();
    expect([...decoder.decode(Uint8Array.of(1, 0), 'pcm')]).toEqual([1]);
    decoder.decode(toWireBytes(tone(20, 8000), 'pcmu'), 'pcmu');
    decoder.reset();
    expect(decoder.heldSamples).toBe(0);
    const silent = decoder.decode(Buffer.alloc(160, 0xff), 'pcmu');
    expect(silent.every((sample) => sample === 0)).toBe(true);
  });

  const bad: Array<[string, string]> = [
    ['AAA', 'not valid base64'],
    ['AA*A', 'not valid base64'],
    ['A=AA', 'not valid base64'],
    ['AAAA'.repeat(5 * 1024 * 1024 + 1), 'at most 15 MiB'],
  ];
  it.each(bad.map(([base64, message]) => [base64.slice(0, 8), message, base64]))(
    'refuses %s: %s',
    (_, message, base64) => {
      expect(() => decodeBase64(base64, 'audio')).toThrow(
        expect.objectContaining({
          code: 'invalid_value',
          param: 'audio',
          message: expect.stringContaining(message),
        }),
      );
    },
  );

  it('may be 15 MiB', () => {
    expect(decodeBase64('AAAA'.repeat(5 * 1024 * 1024), 'audio')).toHaveLength(15 * 1024 * 1024);
  });
});
