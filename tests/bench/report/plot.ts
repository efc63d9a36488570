/** Distributions as an SVG of dots, one row per way of doing it; readable in light and in dark. Pure. */
import { percentile } from './statistics';
import { number } from './table';

export interface Row {
  label: string;
  samples: readonly number[];
  kind: 'own' | 'baseline' | 'share';
}

export interface Plot {
  title: string;
  unit: string;
  rows: readonly Row[];
  /** Goals, as lines. */
  marks: readonly { label: string; value: number }[];
}

const WIDTH = 760;
const LEFT = 24;
const RIGHT = 24;
const TOP = 56;
const ROW = 74;
const BOTTOM = 34;
const DOT = 3;
/** Room for dots that lie on each other; where there are many, they are pressed together. */
const STACK = 42;
/** When a median and a tail lie this many times apart, the axis is logarithmic. */
const LOG_SPAN = 50;
/** Share of the width that a label to the right of its line needs. */
const LABEL_ROOM = 0.13;

const STYLE = `
  svg { --paper: #fafaf7; --ink: #1b262b; --muted: #525d62; --line: #dfdeda; --own: #006d69; --baseline: #7f888c; --share: #8a6a1f; --goal: #ac312a; }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #161d20; --ink: #e9eceb; --muted: #a5afb2; --line: #344045; --own: #4fc2bb; --baseline: #8e989c; --share: #d1ad5c; --goal: #f08a7e; }
  }
  text { font: 12px system-ui, sans-serif; fill: var(--muted); }
  .title { font-size: 15px; font-weight: 600; fill: var(--ink); }
  .label { fill: var(--ink); }
  .axis { stroke: var(--line); }
  .goal { stroke: var(--goal); stroke-dasharray: 4 3; }
  .goal-label { fill: var(--goal); font-weight: 600; }
  .own { fill: var(--own); } .baseline { fill: var(--baseline); } .share { fill: var(--share); }
  .dots { fill-opacity: 0.55; }
  .quantile { stroke: var(--ink); stroke-width: 1.5; }`;

export function plotSvg({ title, unit, rows, marks }: Plot): string {
  const shown = rows.filter(({ samples }) => samples.length > 0);
  const height = TOP + shown.length * ROW + BOTTOM;
  const compared = shown.filter(({ kind }) => kind !== 'share');
  const axis = axisFor(
    [...shown.flatMap(({ samples }) => [...samples]), ...marks.map(({ value }) => value)],
    spanOf(compared.length > 0 ? compared : shown),
  );
  const bottom = TOP + shown.length * ROW;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${xml(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect width="${WIDTH}" height="${height}" rx="10" fill="var(--paper)"/>`,
    `<text class="title" x="${LEFT}" y="26">${xml(title)}</text>`,
    ...axis.ticks.flatMap((tick) => [
      `<line class="axis" x1="${at(axis, tick)}" x2="${at(axis, tick)}" y1="${TOP - 6}" y2="${bottom}"/>`,
      `<text x="${at(axis, tick)}" y="${bottom + 20}" text-anchor="${tick === axis.ticks.at(-1) ? 'end' : 'middle'}">${number(tick)}${tick === axis.ticks.at(-1) ? ` ${unit}` : ''}</text>`,
    ]),
    ...marks.flatMap(({ label, value }, i) => {
      // The label of the first of several lines is left of it, where the next one's is not.
      const left = (marks.length > 1 && i === 0) || axis.position(value) > 1 - LABEL_ROOM;
      const x = Number(at(axis, value)) + (left ? -4 : 4);
      return [
        `<line class="goal" x1="${at(axis, value)}" x2="${at(axis, value)}" y1="${TOP - 18}" y2="${bottom}"/>`,
        `<text class="goal-label" x="${x}" y="${TOP - 8}" text-anchor="${left ? 'end' : 'start'}">${xml(label)}</text>`,
      ];
    }),
    ...shown.flatMap((row, i) => rowSvg(row, TOP + i * ROW, axis, unit)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function rowSvg({ label, samples, kind }: Row, top: number, axis: Axis, unit: string): string[] {
  const floor = top + ROW - 10;
  const quantiles = [50, 95].map((percent) => percentile(samples, percent));
  const words = `${label}: p50 ${number(quantiles[0] ?? 0)}, p95 ${number(quantiles[1] ?? 0)}, max ${number(Math.max(...samples))} ${unit} (${samples.length})`;
  const columns = samples.map((value) =>
    Math.round((axis.position(value) * (WIDTH - LEFT - RIGHT)) / (DOT * 2)),
  );
  const heights = new Map<number, number>();
  const levels = columns.map((column) => {
    const level = heights.get(column) ?? 0;
    heights.set(column, level + 1);
    return level;
  });
  const pitch = Math.min(DOT * 1.6, STACK / Math.max(...heights.values()));
  const dots = columns.map((column, i) => {
    const y = floor - DOT - (levels[i] ?? 0) * pitch;
    return `<circle cx="${LEFT + column * DOT * 2}" cy="${y.toFixed(1)}" r="${DOT}"/>`;
  });
  return [
    `<text class="label" x="${LEFT}" y="${top + 12}">${xml(words)}</text>`,
    `<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${floor}" y2="${floor}"/>`,
    `<g class="dots ${kind}">${dots.join('')}</g>`,
    ...quantiles.map(
      (value) =>
        `<line class="quantile" x1="${at(axis, value)}" x2="${at(axis, value)}" y1="${floor}" y2="${floor + 6}"/>`,
    ),
  ];
}

interface Axis {
  /** 0 at the left end, 1 at the right. */
  position(value: number): number;
  ticks: number[];
}

function at(axis: Axis, value: number): string {
  return (LEFT + axis.position(value) * (WIDTH - LEFT - RIGHT)).toFixed(1);
}

/** How many times the largest tail is the smallest median. */
function spanOf(rows: readonly Row[]): number {
  const medians = rows.map(({ samples }) => percentile(samples, 50)).filter((value) => value > 0);
  const tails = rows.map(({ samples }) => percentile(samples, 95));
  return Math.max(...tails) / Math.min(...medians);
}

/** Logarithmic where `span` asks for it, else from 0; ends in round numbers. */
export function axisFor(values: readonly number[], span: number): Axis {
  const highest = Math.max(...values, 0);
  const lowest = Math.min(...values.filter((value) => value > 0));
  if (span > LOG_SPAN && Number.isFinite(lowest)) {
    const from = Math.floor(Math.log10(lowest));
    const to = Math.ceil(Math.log10(highest));
    const ticks = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
    const position = (value: number) =>
      Math.max(0, (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from));
    return { position, ticks };
  }
  const step = niceStep((highest || 1) / 5);
  const end = Math.ceil((highest || 1) / step) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step);
  return { position: (value) => Math.max(0, value) / end, ticks };
}

/** The next of 1, 2, 5, 10, 20 ... not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

/** Goals told as "p95 <= 300 ms" or "p99 < 50 ms", as lines for a plot. */
export function marksOf(goal: string | null): Plot['marks'] {
  const found = [...(goal ?? '').matchAll(/(p\d\d)? ?<=? ([\d.]+) (ms|%|MB)/g)];
  return found.map(([, name, value]) => ({
    label: `goal${name ? ` ${name}` : ''} ${value}`,
    value: Number(value),
  }));
}

function xml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
