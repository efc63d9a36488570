import type { Bench, Measurement, Part } from './figure';
import { measurePart } from './measure';
import { type Comparison, compareFigures } from './report/compare';
import { type BenchDocument, toFigure } from './report/document';

/**
 * Compares what was measured with an earlier run. A figure that seems to be a regression is measured once more, and the
 * better of both counts: it then stands in `measurements`.
 */
export async function compareWithRepeat(
  measurements: Measurement[],
  earlier: BenchDocument,
  chosen: readonly Part[],
  bench: Bench,
): Promise<Comparison[]> {
  const compare = () => compareFigures(measurements.map(toFigure), earlier.figures);
  const suspects = compare().filter(({ verdict }) => verdict === 'regression');
  for (const part of chosen.filter(({ figures }) => suspects.some(({ name }) => figures.includes(name)))) {
    const names = suspects.map(({ name }) => name).filter((name) => part.figures.includes(name));
    bench.say(`Measured once more: ${names.join(', ')}`);
    const again = await measurePart(part, bench, names);
    for (const measurement of again.measurements) {
      const index = measurements.findIndex(({ name }) => name === measurement.name);
      const before = measurements[index];
      const [was, is] = [before && toFigure(before).ratio, toFigure(measurement).ratio];
      if (typeof was === 'number' && typeof is === 'number' && is < was) measurements[index] = measurement;
    }
  }
  return compare();
}
