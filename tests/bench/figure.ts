/** What the parts of the bench hand to its report. */

/** `smoke` is for CI and takes a minute or two, `quick` all figures in ten minutes, `full` what the documents show. */
export type Mode = 'smoke' | 'quick' | 'full';

export interface Bench {
  mode: Mode;
  /** Root of the checkout, built. */
  root: string;
  /** A folder for recordings and scratch files; kept when the bench is told to. */
  work: string;
  /** Progress for people, on standard error. */
  say(line: string): void;
}

export const FIGURE_NAMES = [
  'onsetToSilence',
  'flush',
  'flushUiBlocked',
  'capture',
  'captureGapUiBlocked',
  'endOfSpeechToFirstAudio',
  'endpointOverhead',
  'ownEcho',
  'falseInterruptions',
  'missedInterruptions',
  'sessionsPerCore',
  'startToReady',
  'idleCpu',
  'idleMemory',
] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];

/** One figure as it was measured. A lower value is better unless `higherIsBetter`. */
export interface Measurement {
  name: FigureName;
  unit: 'ms' | '%' | 'MB' | 'sessions' | 'x' | 'count';
  /** Trials; equals `samples.length` where every trial gives a value. */
  n: number;
  /** Empty where only one value comes of all trials (a share, a count): that is `value`. */
  samples: number[];
  value?: number;
  higherIsBetter?: boolean;
  /** The goal in words, and whether it is met; null where the issue sets none. */
  goal: string | null;
  met: boolean | null;
  /** The same measured of another way of doing it, in the same run. */
  baseline: { name: string; samples: number[]; value?: number } | null;
  /** Shares of the figure: detection, flush, device. */
  split?: Record<string, number[]>;
  /** What a reader must know: what is simulated, what was left out and why. */
  notes: string[];
}

/** One part of the bench: some figures that are measured together. */
export interface Part {
  figures: readonly FigureName[];
  modes: readonly Mode[];
  measure(bench: Bench): Promise<Measurement[]>;
}

/** Thrown by a part where this machine lacks what it needs: its figures are then said to be skipped, not failed. */
export class CannotMeasure extends Error {
  override readonly name = 'CannotMeasure';
}
