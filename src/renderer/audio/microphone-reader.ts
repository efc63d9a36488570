/** Reads the open microphone in the sound worker: what the device gave goes to the desk, whatever the page does meanwhile. */
import { SAMPLE_RATE } from '../../shared/audio';
import { createStreamResampler, type StreamResampler } from '../../shared/resampler';
import type { CaptureClock } from './capture-clock';
import type { CaptureDesk } from './capture-desk';
import type { LevelMeter } from './level-meter';

/** What of WebCodecs' AudioData is used. `timestamp` is in microseconds. */
export interface CapturedData {
  readonly sampleRate: number;
  readonly numberOfFrames: number;
  readonly timestamp: number;
  copyTo(destination: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}

/** Share of a piece by which its time may differ from where the last one ended; more is missing sound. */
const JITTER = 0.75;

const SILENCE = new Float32Array(0);

export interface MicrophoneReader {
  /** Reads on from here; what was read before is let go. null: from nowhere. */
  read(source: ReadableStream<CapturedData> | null): void;
}

export function createMicrophoneReader(
  desk: CaptureDesk,
  clock: CaptureClock,
  meter: LevelMeter,
  onError: (cause: unknown) => void,
): MicrophoneReader {
  let reader: ReadableStreamDefaultReader<CapturedData> | null = null;

  const cease = (): void => {
    desk.cease();
    clock.reset();
    meter.clear();
  };

  async function pump(mine: ReadableStreamDefaultReader<CapturedData>): Promise<void> {
    const take = createPieces(desk, clock, meter);
    for (;;) {
      const { value, done } = await mine.read();
      if (reader !== mine) {
        value?.close();
        return;
      }
      if (done) break;
      take(value);
    }
    reader = null;
    cease();
  }

  return {
    read(source) {
      if (reader) {
        reader.cancel().catch(onError);
        reader = null;
        cease();
      }
      if (!source) return;
      reader = source.getReader();
      pump(reader).catch(onError);
    },
  };
}

/** Takes pieces of one device at its rate, finds what is missing between them, and gives them on at 24 kHz. */
function createPieces(desk: CaptureDesk, clock: CaptureClock, meter: LevelMeter) {
  let resampler: StreamResampler | null = null;
  let rate = 0;
  let samples = SILENCE;
  let expectedUs = Number.NaN;

  return (data: CapturedData): void => {
    const { sampleRate, numberOfFrames, timestamp } = data;
    if (sampleRate !== rate || resampler === null) {
      resampler = createStreamResampler(sampleRate, SAMPLE_RATE);
      rate = sampleRate;
    }
    if (samples.length !== numberOfFrames) samples = new Float32Array(numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    data.close();
    const lengthUs = (numberOfFrames * 1e6) / sampleRate;
    const lateUs = timestamp - expectedUs;
    expectedUs = timestamp + lengthUs;
    const missing = lateUs > JITTER * lengthUs ? Math.round((lateUs * SAMPLE_RATE) / 1e6) : 0;
    const sound = resampler.push(samples);
    meter.add(sound, sound.length);
    desk.take(sound, clock.place(sound.length, missing));
  };
}
