import { expect, it } from 'vitest';
import { conformanceLine } from '../../scripts/conformance-line.mjs';

const report = (...tests: object[]) => JSON.stringify({ testResults: [{ assertionResults: tests }] });
const passed = (meta: object) => ({ status: 'passed', meta });

it('says what was covered in one line', () => {
  const json = report(
    passed({ conformance: { dialect: 'ga', events: 40, union: 46, flows: 61 } }),
    passed({ conformance: { dialect: 'beta', events: 29, union: 34, flows: 50 } }),
    passed({ client: 'one' }),
    passed({ client: 'one' }),
    passed({ client: 'two' }),
    passed({}),
  );
  expect(conformanceLine(json)).toBe(
    'Conformance. GA: 40 of 46 server events in 61 flows; older dialect: 29 of 34 server events in 50 flows; 2 stock clients.',
  );
});

it('counts no client whose test failed, and nothing where nothing was covered', () => {
  expect(conformanceLine(report({ status: 'failed', meta: { client: 'one' } }))).toBe(null);
  expect(conformanceLine(report())).toBe(null);
  expect(conformanceLine('{"cut')).toBe(null);
  expect(conformanceLine(null)).toBe(null);
});
