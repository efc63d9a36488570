/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * What vitest's JSON report says; null when it is not one.
 *
 * @param {string | null} json
 * @returns {Counts | null}
 */
export function vitestCounts(json) {
  const report = parse(json);
  if (typeof report?.numPassedTests !== 'number') return null;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/**
 * What Playwright's JSON report says; null when it is not one. A test that passed at a second try has passed.
 *
 * @param {string | null} json
 * @returns {Counts | null}
 */
export function playwrightCounts(json) {
  const { stats } = parse(json) ?? {};
  if (typeof stats?.expected !== 'number') return null;
  return { passed: stats.expected + (stats.flaky ?? 0), failed: stats.unexpected, skipped: stats.skipped };
}

/**
 * What the bench's report says of its comparison; null when it is not one.
 *
 * @param {string | null} json
 * @returns {Counts | null}
 */
export function benchCounts(json) {
  const { counts } = parse(json) ?? {};
  return typeof counts?.passed === 'number' ? counts : null;
}

/**
 * A runner that ended badly has failed at least once, whatever it counted: a test file that cannot be loaded and a
 * crash appear in no count.
 *
 * @param {Counts | null} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
export function judged(counts, exitCode) {
  if (!counts) return { passed: 0, failed: 1, skipped: 0 };
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sum(all) {
  return all.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}

/** @param {Counts} counts */
export function summaryLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @param {string | null} json */
function parse(json) {
  if (json === null) return null;
  try {
    return JSON.parse(json);
  } catch {
    // A report cut short by a crash is no report; the caller counts that as a failure.
    return null;
  }
}
