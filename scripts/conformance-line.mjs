/**
 * @typedef {{ dialect: 'ga' | 'beta', events: number, union: number, flows: number }} Coverage
 * @typedef {{ meta?: { conformance?: Coverage, client?: string }, status: string }} Test
 */

/**
 * What the conformance tests of a vitest report covered, as one line of numbers; null when there were none.
 *
 * @param {string | null} json vitest's JSON report
 * @returns {string | null}
 */
export function conformanceLine(json) {
  const tests = passedTests(json);
  const coverage = tests.flatMap(({ meta }) => (meta?.conformance ? [meta.conformance] : []));
  const clients = new Set(tests.flatMap(({ meta }) => (meta?.client ? [meta.client] : [])));
  if (coverage.length === 0 && clients.size === 0) return null;
  const dialects = coverage.map(
    ({ dialect, events, union, flows }) =>
      `${dialect === 'ga' ? 'GA' : 'older dialect'}: ${events} of ${union} server events in ${flows} flows`,
  );
  return ['Conformance.', ...dialects.map((text) => `${text};`), `${clients.size} stock clients.`].join(' ');
}

/**
 * @param {string | null} json
 * @returns {Test[]}
 */
function passedTests(json) {
  if (json === null) return [];
  try {
    /** @type {{ testResults?: { assertionResults?: Test[] }[] }} */
    const report = JSON.parse(json);
    const all = (report.testResults ?? []).flatMap(({ assertionResults }) => assertionResults ?? []);
    return all.filter(({ status }) => status === 'passed');
  } catch {
    // A report cut short by a crash covers nothing; the runner's exit code tells of the crash.
    return [];
  }
}
