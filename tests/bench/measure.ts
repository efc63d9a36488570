/** Runs parts one after another; one that fails does not keep the others from being measured. */
import { toError } from '../../src/shared/log';
import type { Bench, FigureName, Measurement, Part } from './figure';

export interface Outcome {
  measurements: Measurement[];
  /** Figures without a number, and why. `failed` are faults; the others cannot be measured on this machine. */
  missing: { name: FigureName; why: string; failed: boolean }[];
}

/** Measures one part. `wanted` are the figures to be reported, null all that the part has. */
export async function measurePart(
  part: Part,
  bench: Bench,
  wanted: readonly FigureName[] | null,
): Promise<Outcome> {
  const names = part.figures.filter((name) => wanted?.includes(name) ?? true);
  try {
    const all = await part.measure(bench);
    const measurements = all.filter(({ name }) => names.includes(name));
    const missing = names
      .filter((name) => !measurements.some((measurement) => measurement.name === name))
      .map((name) => ({ name, why: 'its part did not report it', failed: true }));
    return { measurements, missing };
  } catch (cause) {
    const error = toError(cause);
    const failed = error.name !== 'CannotMeasure';
    if (failed) bench.say(error.stack ?? error.message);
    return { measurements: [], missing: names.map((name) => ({ name, why: error.message, failed })) };
  }
}

export async function measureAll(
  parts: readonly Part[],
  bench: Bench,
  wanted: readonly FigureName[] | null,
): Promise<Outcome> {
  const total: Outcome = { measurements: [], missing: [] };
  for (const part of parts) {
    const { measurements, missing } = await measurePart(part, bench, wanted);
    total.measurements.push(...measurements);
    total.missing.push(...missing);
  }
  return total;
}
