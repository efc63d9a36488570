import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseBenchOptions } from '../../scripts/bench-options.mjs';

const nothing = {
  json: false,
  mode: 'full',
  only: null,
  write: false,
  strict: false,
  compare: null,
  keep: null,
};

test.each([
  [[], {}],
  [['--json', '--quick'], { json: true, mode: 'quick' }],
  [['--smoke', '--compare', 'docs/x.json'], { mode: 'smoke', compare: resolve('docs/x.json') }],
  [['--only', 'flush, capture'], { only: ['flush', 'capture'] }],
  [['--write', '--quick', '--strict'], { mode: 'quick', write: true, strict: true }],
  [['--keep=out/x'], { keep: resolve('out/x') }],
])('%j', (args, expected) => {
  expect(parseBenchOptions(args)).toEqual({ ...nothing, ...expected });
});

test.each([
  [['--quick', '--smoke'], /exclude/],
  [['--only', 'flush,,capture'], /names/],
  [['--write', '--smoke'], /whole run/],
  [['--write', '--only', 'flush'], /whole run/],
  [['--fast'], /--fast/],
  [['flush'], /flush/],
])('%j makes no sense', (args, message) => {
  expect(() => parseBenchOptions(args)).toThrow(message);
});
