import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WaveFile } from 'wavefile';
import { decodeWav, readWav, WavError, writeWav } from '../../src/cli/wav';
import { rms } from '../../src/shared/audio';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A second of a 440 Hz tone at half level in every channel, in the number range of the bit depth. */
function tone(channels: number, rate: number, depth: string, seconds = 1): Uint8Array {
  const full = { '8': 0x7f, '16': 0x7fff, '24': 0x7fffff, '32': 0x7fffffff }[depth] ?? 1;
  const zero = depth === '8' ? 128 : 0;
  const frames = Math.round(rate * seconds);
  const one = Float64Array.from({ length: frames }, (_, i) => {
    const value = zero + 0.5 * full * Math.sin((2 * Math.PI * 440 * i) / rate);
    return full === 1 ? value : Math.round(value);
  });
  const wav = new WaveFile();
  wav.fromScratch(channels, rate, depth, channels === 1 ? one : Array.from({ length: channels }, () => one));
  return wav.toBuffer();
}

/** Zero crossings upwards: the frequency of a tone of one second. */
const frequencyOf = (pcm: Int16Array) =>
  pcm.reduce((n, s, i) => (i > 0 && s >= 0 && (pcm[i - 1] as number) < 0 ? n + 1 : n), 0);

describe('reading', () => {
  const cases: [channels: number, rate: number, depth: string, notes: string[]][] = [
    [1, 24_000, '16', []],
    [2, 24_000, '16', ['stereo mixed to mono']],
    [6, 24_000, '16', ['6 channels mixed to mono']],
    [1, 24_000, '8', ['8-bit samples converted to 16 bit']],
    [1, 24_000, '24', ['24-bit samples converted to 16 bit']],
    [1, 24_000, '32', ['32-bit samples converted to 16 bit']],
    [1, 24_000, '32f', ['float samples converted to 16 bit']],
    [1, 24_000, '64', ['float samples converted to 16 bit']],
    [1, 8000, '16', ['8000 Hz resampled to 24000 Hz']],
    [1, 16_000, '16', ['16000 Hz resampled to 24000 Hz']],
    [1, 44_100, '16', ['44100 Hz resampled to 24000 Hz']],
    [1, 48_000, '16', ['48000 Hz resampled to 24000 Hz']],
    [1, 192_000, '16', ['192000 Hz resampled to 24000 Hz']],
    [
      2,
      44_100,
      '8',
      ['stereo mixed to mono', '8-bit samples converted to 16 bit', '44100 Hz resampled to 24000 Hz'],
    ],
  ];
  it.each(cases)('%i channels at %i Hz, %s bit', async (channels, rate, depth, notes) => {
    const sound = await decodeWav(tone(channels, rate, depth), 'tone.wav');
    expect(sound.notes).toEqual(notes);
    expect(sound.pcm.length).toBe(24_000);
    expect(frequencyOf(sound.pcm)).toBeGreaterThanOrEqual(438);
    expect(frequencyOf(sound.pcm)).toBeLessThanOrEqual(441);
    expect(rms(sound.pcm)).toBeCloseTo(0.5 / Math.SQRT2, 2);
  });

  it('mixes channels rather than taking one', async () => {
    const wav = new WaveFile();
    wav.fromScratch(2, 24_000, '16', [new Float64Array(100).fill(10_000), new Float64Array(100).fill(-4000)]);
    expect([...new Set((await decodeWav(wav.toBuffer(), 'x')).pcm)]).toEqual([3000]);
  });

  it('clips float samples beyond full scale', async () => {
    const wav = new WaveFile();
    wav.fromScratch(1, 24_000, '32f', Float64Array.from([2, -2, 0]));
    expect([...(await decodeWav(wav.toBuffer(), 'x')).pcm]).toEqual([32_767, -32_768, 0]);
  });

  it('reads past chunks that are not sound', async () => {
    const plain = tone(1, 24_000, '16', 0.1);
    const extra = Buffer.from('LIST\x05\x00\x00\x00abcde\x00', 'latin1');
    const bytes = Buffer.concat([plain.subarray(0, 12), extra, plain.subarray(12)]);
    bytes.writeUInt32LE(bytes.length - 8, 4);
    expect((await decodeWav(bytes, 'x')).pcm.length).toBe(2400);
  });
});

describe('what cannot be read', () => {
  const whole = tone(1, 24_000, '16', 0.1);
  const withRate = (rate: number) => {
    const bytes = Buffer.from(whole);
    bytes.writeUInt32LE(rate, 24);
    return bytes;
  };
  const aLaw = () => {
    const wav = new WaveFile(whole);
    wav.toALaw();
    return wav.toBuffer();
  };
  const silent = () => {
    const wav = new WaveFile();
    wav.fromScratch(1, 24_000, '16', []);
    return wav.toBuffer();
  };
  const cases: [name: string, bytes: Uint8Array, message: string][] = [
    ['an empty file', new Uint8Array(0), 'q.wav is empty.'],
    ['text', Buffer.from('These are words, and not a sound at all.'), 'q.wav is not a WAV file.'],
    ['RIFF that is not WAVE', Buffer.from('RIFF\x04\0\0\0AVI LIST'), 'q.wav is not a WAV file.'],
    ['three bytes', Buffer.from('RIF'), 'q.wav is not a WAV file.'],
    ['a header alone', whole.subarray(0, 36), 'q.wav is cut short: it holds no sound data.'],
    [
      'half the sound',
      whole.subarray(0, whole.length - 2400),
      'q.wav is cut short: 2400 bytes of its sound are missing.',
    ],
    ['no samples', silent(), 'q.wav holds no sound.'],
    ['a compressed one', aLaw(), 'q.wav is compressed; only PCM can be read.'],
    ['too low a rate', withRate(4000), 'q.wav has 4000 samples a second; 8000 to 192000 can be read.'],
    ['too high a rate', withRate(400_000), 'q.wav has 400000 samples a second; 8000 to 192000 can be read.'],
  ];
  it.each(cases)('%s', async (_name, bytes, message) => {
    const failure = await decodeWav(bytes, 'q.wav').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WavError);
    expect((failure as Error).message).toBe(message);
  });

  it('no data chunk after a whole format chunk, or damage inside it, is told and not thrown raw', async () => {
    const damaged = Buffer.from(whole);
    damaged.write('xxxx', 12, 'latin1');
    await expect(decodeWav(damaged, 'q.wav')).rejects.toThrow(WavError);
  });

  it('a missing file and a folder', async () => {
    const missing = join(folder, 'missing.wav');
    await expect(readWav(missing)).rejects.toThrow(`${missing} cannot be read: there is no such file.`);
    await expect(readWav(folder)).rejects.toThrow(`${folder} cannot be read: it is a folder.`);
  });
});

describe('writing', () => {
  it('writes what reads back the same, and leaves nothing else behind', async () => {
    const path = join(folder, 'out.wav');
    const pcm = Int16Array.from({ length: 1000 }, (_, i) => (i * 77) % 30_000);
    await writeFile(path, 'what was there before');
    await writeWav(path, pcm);
    const sound = await readWav(path);
    expect(sound).toEqual({ pcm, notes: [] });
    expect((await readdir(folder)).filter((name) => name.startsWith('out.wav'))).toEqual(['out.wav']);
    expect((await readFile(path)).length).toBe(44 + 2000);
  });

  it('says why it cannot', async () => {
    const path = join(folder, 'nowhere', 'out.wav');
    await expect(writeWav(path, new Int16Array(1))).rejects.toThrow(
      `${path} cannot be written: there is no such file.`,
    );
  });
});
