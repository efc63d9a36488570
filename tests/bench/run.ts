/**
 * The bench as scripts/bench.mjs starts it: measures, compares, writes. Its own output is progress for people; the report
 * goes to the file it is told.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { BenchOptions } from '../../scripts/bench-options.mjs';
import { root } from '../../scripts/root.mjs';
import { writeAtomically } from '../../scripts/stamp.mjs';
import { compareWithRepeat } from './compare-with-repeat';
import { type Bench, FIGURE_NAMES, type FigureName } from './figure';
import { measureAll } from './measure';
import { chooseParts, parts } from './parts';
import { comparisonLine, countsOf } from './report/compare';
import { type BenchDocument, toDocument } from './report/document';
import { thisMachine } from './report/machine';
import { terminalTable } from './report/table';
import { writeDocuments } from './report/write';

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function run(options: BenchOptions, reportFile: string): Promise<number> {
  const only = namesOf(options.only);
  const earlier = options.compare ? readEarlier(options.compare) : null;
  const work = options.keep ?? mkdtempSync(join(tmpdir(), 'parley-bench-'));
  mkdirSync(work, { recursive: true });
  const startedMs = performance.now();
  const elapsed = () => `${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s`;
  const bench: Bench = { mode: options.mode, root, work, say: (line) => say(`${elapsed()}  ${line}`) };
  const chosen = chooseParts(parts, options.mode, only);
  try {
    const { measurements, missing } = await measureAll(chosen, bench, only);
    const comparisons = earlier ? await compareWithRepeat(measurements, earlier, chosen, bench) : [];
    const document = toDocument(thisMachine(), new Date().toISOString(), measurements);
    if (options.write) writeDocuments({ root, document, measurements, missing, mode: options.mode });

    for (const name of only ?? FIGURE_NAMES) {
      if (!chosen.some(({ figures }) => figures.includes(name))) say(`${name}: not measured in this mode.`);
    }
    for (const { name, why, failed } of missing) say(`${name}: ${failed ? 'FAILED' : 'skipped'}: ${why}`);
    for (const comparison of comparisons) {
      const line = comparisonLine(comparison);
      if (line) say(line);
    }
    for (const { name, goal, met } of document.figures)
      if (met === false) say(`${name}: goal not met: ${goal}`);
    const failed = missing.filter((entry) => entry.failed).length;
    const counts = countsOf(comparisons, { failed, skipped: missing.length - failed });
    writeAtomically(
      reportFile,
      JSON.stringify({ document, table: terminalTable(document.figures), counts }, null, 2),
    );
    const unmet = options.strict && document.figures.some(({ met }) => met === false);
    return counts.failed > 0 || unmet ? 1 : 0;
  } finally {
    if (!options.keep) rmSync(work, { recursive: true, force: true });
    else say(`Recordings are in ${relative(process.cwd(), work) || '.'}.`);
  }
}

function namesOf(only: string[] | null): FigureName[] | null {
  const unknown = only?.find((name) => !(FIGURE_NAMES as readonly string[]).includes(name));
  if (unknown) throw new Error(`There is no figure ${unknown}. There are ${FIGURE_NAMES.join(', ')}.`);
  return only as FigureName[] | null;
}

function readEarlier(file: string): BenchDocument {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const [options = '{}', reportFile = ''] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
try {
  process.exit(await run(JSON.parse(options), reportFile));
} catch (cause) {
  say(cause instanceof Error ? `The bench ended: ${cause.stack}` : String(cause));
  process.exit(1);
}
