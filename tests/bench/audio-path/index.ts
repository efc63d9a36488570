/** Flush and capture of the audio path, beside a program that keeps sound on its UI thread. */
import type { Bench, Measurement, Part } from '../figure';
import { measureBaseline } from './baseline';
import { measureCapture } from './capture';
import { captureFigures, flushFigures } from './figures';
import { measureFlush } from './flush';
import { openSound } from './sound';
import { TRIALS } from './trials';

const audioPath: Part = {
  figures: ['flush', 'flushUiBlocked', 'capture', 'captureGapUiBlocked'],
  modes: ['smoke', 'quick', 'full'],
  measure,
};

async function measure(bench: Bench): Promise<Measurement[]> {
  const trials = TRIALS[bench.mode];
  const sound = await openSound(bench);
  try {
    bench.say('Flush: answers are interrupted, then again with the UI thread blocked.');
    const flush = await measureFlush(bench, sound, trials.flush);
    bench.say('Capture: the microphone on its way to the socket, then with the UI thread blocked.');
    const capture = await measureCapture(bench, sound, trials.capture);
    bench.say('Baseline: the same with sound on the UI thread.');
    const baseline = await measureBaseline(bench, sound, trials.baseline);
    return [
      ...flushFigures(flush, baseline, sound.note),
      ...captureFigures(capture, baseline, flush, sound.note),
    ];
  } finally {
    await sound.close();
  }
}

export const parts: Part[] = [audioPath];
