import fc from 'fast-check';
import type { FuzzCase } from './actions';
import type { Played } from './run-case';

export interface FuzzOptions {
  seed: number;
  runs: number;
  /** Of a failure found before: plays that one alone. */
  path: string | null;
}

/** From PARLEY_FUZZ_SEED, PARLEY_FUZZ_RUNS and PARLEY_FUZZ_PATH. Throws when one of them is no number. */
export function fuzzOptions(defaultRuns: number): FuzzOptions {
  const { PARLEY_FUZZ_SEED, PARLEY_FUZZ_RUNS, PARLEY_FUZZ_PATH } = process.env;
  const seed = Number(PARLEY_FUZZ_SEED ?? 1);
  const runs = Number(PARLEY_FUZZ_RUNS ?? defaultRuns);
  if (!Number.isInteger(seed) || !Number.isInteger(runs) || runs < 1) {
    throw new Error('PARLEY_FUZZ_SEED and PARLEY_FUZZ_RUNS must be whole numbers, and at least one run.');
  }
  return { seed, runs, path: PARLEY_FUZZ_PATH ?? null };
}

/**
 * Plays `runs` cases of `seed`. When one has problems, throws an Error that says which, how to play it again, and the
 * shortest list of events that shows them. Otherwise gives how many events went to and fro.
 */
export async function fuzz(
  cases: fc.Arbitrary<FuzzCase>,
  { seed, runs, path }: FuzzOptions,
  play: (fuzzCase: FuzzCase) => Promise<Played>,
): Promise<{ sent: number; received: number }> {
  const total = { sent: 0, received: 0 };
  const property = fc.asyncProperty(cases, async (fuzzCase) => {
    const played = await play(fuzzCase);
    total.sent += played.sent.length;
    total.received += played.received;
    if (played.problems.length > 0) throw new Failure(played);
  });
  const result = await fc.check(property, { seed, numRuns: runs, ...(path === null ? {} : { path }) });
  if (!result.failed) return total;
  const { errorInstance, counterexample, counterexamplePath, numShrinks } = result;
  if (!(errorInstance instanceof Failure)) throw errorInstance;
  const { problems, sent } = errorInstance.played;
  const [shortest] = counterexample as [FuzzCase];
  throw new Error(
    [
      `seed ${seed}, path ${counterexamplePath}, made shorter ${numShrinks} times:`,
      ...new Set(problems.map((problem) => `  - ${problem}`)),
      `play it again: npm run test:fuzz -- --seed ${seed} --path ${counterexamplePath}`,
      `what was done (${shortest.kind}): ${shortest.actions.map((action) => JSON.stringify(action)).join('\n  ')}`,
      `what was sent:`,
      ...sent.map((event) => `  ${event}`),
      `engines: ${JSON.stringify(shortest.engines)}`,
    ].join('\n'),
  );
}

class Failure extends Error {
  constructor(readonly played: Played) {
    super(played.problems.join('; '));
  }
}
