/** Figures as a table of text. Pure. */
import type { Figure } from './document';

const HEAD = ['figure', 'unit', 'n', 'p50', 'p95', 'p99', 'max', 'goal', 'met', 'baseline p50', 'ratio'];

/** For a terminal: columns padded to the widest cell, numbers to the right. */
export function terminalTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const isText = (i: number) => [0, 1, 7, 8].includes(i);
  return rows
    .map((row) =>
      row
        .map((cell, i) => (isText(i) ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cells(figure: Figure): string[] {
  const { name, unit, n, p50, p95, p99, max, goal, met, baseline, ratio } = figure;
  return [
    name,
    unit,
    String(n),
    ...[p50, p95, p99, max].map(number),
    goal ?? '-',
    metWord(met),
    number(baseline?.p50 ?? null),
    number(ratio),
  ];
}

export function metWord(met: boolean | null): string {
  return met === null ? '-' : met ? 'yes' : 'NO';
}

/** Three significant digits, and whole numbers from 100 on. */
export function number(value: number | null): string {
  if (value === null) return '-';
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
