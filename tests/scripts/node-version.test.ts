import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkNodeVersion, isAtLeast, OLDEST_NODE } from '../../scripts/node-version.mjs';
import { SetupError } from '../../scripts/setup-error.mjs';

test.each([
  ['20.19.0', true],
  ['20.19.5', true],
  ['v22.0.0', true],
  ['24.1.0-nightly', true],
  ['100.0.0', true],
  ['20.18.9', false],
  ['18.20.4', false],
  ['9.99.0', false],
])('Node %s is new enough: %s', (version, expected) => {
  expect(isAtLeast(version, '20.19.0')).toBe(expected);
});

test('an old Node gets a sentence with its version and what to do', () => {
  let caught: unknown;
  try {
    checkNodeVersion('18.20.4');
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(SetupError);
  expect((caught as SetupError).report()).toMatch(/needs Node 20\.19.*\n.*18\.20\.4.*\n.*Install/s);
});

test('this Node is accepted', () => {
  expect(() => checkNodeVersion()).not.toThrow();
});

test('package.json asks for the same Node', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(OLDEST_NODE.startsWith(engines.node.replace('>=', ''))).toBe(true);
});
