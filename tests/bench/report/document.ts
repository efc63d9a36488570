/** The document `npm run bench -- --json` prints and docs/benchmarks.json holds. Pure. */
import { FIGURE_NAMES, type FigureName, type Measurement } from '../figure';
import { type Distribution, distribution, percentile } from './statistics';

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  electron: string;
}

type Nullable<T> = { [K in keyof T]: T[K] | null };

/** Fields that do not apply are null. Where one value comes of all trials (a share, a count), it is `p50`. */
export interface Figure extends Nullable<Distribution> {
  name: FigureName;
  unit: Measurement['unit'];
  n: number;
  goal: string | null;
  met: boolean | null;
  baseline: ({ name: string } & Nullable<Omit<Distribution, 'max'>>) | null;
  /** p50 by the baseline's p50, turned round where higher is better: below 1 is better than the baseline. */
  ratio: number | null;
}

export interface BenchDocument {
  machine: Machine;
  /** ISO 8601. */
  date: string;
  figures: Figure[];
}

/** Figures in the order of FIGURE_NAMES, whatever order they were measured in. */
export function toDocument(
  machine: Machine,
  date: string,
  measurements: readonly Measurement[],
): BenchDocument {
  const order = (name: FigureName) => FIGURE_NAMES.indexOf(name);
  const figures = measurements.map(toFigure).sort((a, b) => order(a.name) - order(b.name));
  return { machine, date, figures };
}

export function toFigure(measurement: Measurement): Figure {
  const { name, unit, n, goal, met, baseline } = measurement;
  const { p50, p95, p99, max } = spread(measurement);
  const other = baseline && spread(baseline);
  return {
    name,
    unit,
    n,
    p50: round(p50),
    p95: round(p95),
    p99: round(p99),
    max: round(max),
    goal,
    met,
    baseline: other &&
      baseline && {
        name: baseline.name,
        p50: round(other.p50),
        p95: round(other.p95),
        p99: round(other.p99),
      },
    ratio: round(ratioOf(measurement)),
  };
}

/** The one number a figure comes to: its value, or the median of its samples; null where there is neither. */
export function headline({ samples, value }: Pick<Measurement, 'samples' | 'value'>): number | null {
  return value ?? (samples.length > 0 ? percentile(samples, 50) : null);
}

/** null where there is no baseline, or one of 0. */
export function ratioOf({
  samples,
  value,
  baseline,
  higherIsBetter = false,
}: Pick<Measurement, 'samples' | 'baseline' | 'value' | 'higherIsBetter'>): number | null {
  const own = headline({ samples, ...(value === undefined ? {} : { value }) });
  const other = baseline && headline(baseline);
  const [over, under] = higherIsBetter ? [other, own] : [own, other];
  return over === null || !under ? null : over / under;
}

function spread(of: Pick<Measurement, 'samples' | 'value'>): Nullable<Distribution> {
  if (of.value !== undefined) return { p50: of.value, p95: null, p99: null, max: null };
  return distribution(of.samples) ?? { p50: null, p95: null, p99: null, max: null };
}

/** Four significant digits: more than any of these figures holds. */
function round(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
