import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * @typedef {'smoke' | 'quick' | 'full'} Mode
 * @typedef {{ json: boolean, mode: Mode, only: string[] | null, write: boolean, strict: boolean,
 *   compare: string | null, keep: string | null }} BenchOptions `only` are names of figures; `compare` a file of an earlier
 *   run; `keep` the folder for recordings
 */

export const BENCH_USAGE = `npm run bench -- [options]
  --json            print one JSON document on standard output
  --quick           fewer trials, within ten minutes
  --smoke           the few figures that npm test looks at
  --only a,b        these figures only
  --write           write docs/BENCHMARKS.md, docs/benchmarks.json and docs/bench
  --compare FILE    compare the ratios with those of an earlier run
  --strict          end with 1 when a goal is not met
  --keep FOLDER     keep recordings and scratch files there`;

/**
 * Throws an Error with a sentence for the user when the arguments make no sense.
 *
 * @param {string[]} args
 * @returns {BenchOptions}
 */
export function parseBenchOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      only: { type: 'string' },
      write: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      compare: { type: 'string' },
      keep: { type: 'string' },
    },
  });
  if (values.quick && values.smoke) throw new Error('--quick and --smoke exclude each other.');
  const only = values.only?.split(',').map((name) => name.trim()) ?? null;
  if (only?.includes('')) throw new Error('--only needs names of figures with commas between them.');
  if (values.write && (only || values.smoke)) {
    throw new Error('--write shows a whole run: it does not go with --only or --smoke.');
  }
  return {
    json: values.json,
    mode: values.smoke ? 'smoke' : values.quick ? 'quick' : 'full',
    only,
    write: values.write,
    strict: values.strict,
    compare: values.compare ? resolve(values.compare) : null,
    keep: values.keep ? resolve(values.keep) : null,
  };
}
