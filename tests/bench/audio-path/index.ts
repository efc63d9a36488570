/** Flush and capture of the audio path, beside a program that keeps sound on its UI thread. */
import type { Bench, Measurement, Part } from '../figure';
import { measureBaseline } from './baseline';
import { measureCapture } from './capture';
import { captureFigures, flushFigures } from './figures';
import { measureFlush } from './flush';
import { openNoisyCard } from './sound';
import { TRIALS } from './trials';

const audioPath: Part = {
  figures: ['flush', 'flushUiBlocked', 'capture', 'captureGapUiBlocked'],
  modes: ['smoke', 'quick', 'full'],
  measure,
};

async function measure(bench: Bench): Promise<Measurement[]> {
  const trials = TRIALS[bench.mode];
  const card = await openNoisyCard(bench);
  try {
    bench.say('Flush: answers are interrupted, then again with the UI thread blocked.');
    const flush = await measureFlush(bench, card, trials.flush);
    bench.say('Capture: the microphone on its way to the socket, then with the UI thread blocked.');
    const capture = await measureCapture(bench, card, trials.capture);
    bench.say('Baseline: the same with sound on the UI thread.');
    const baseline = await measureBaseline(bench, card, trials.baseline);
    return [...flushFigures(flush, baseline), ...captureFigures(capture, baseline)];
  } finally {
    await card.close();
  }
}

export const parts: Part[] = [audioPath];
