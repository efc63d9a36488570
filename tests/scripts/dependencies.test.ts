import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dependencyStamp, isInstalled, npmReason, whyDependencies } from '../../scripts/dependencies.mjs';

const here = { os: [process.platform], cpu: [process.arch] };
const elsewhere = { os: ['sunos'], cpu: ['mips'] };
const entry = { version: '1.0.0', integrity: 'sha512-a' };

describe('isInstalled', () => {
  test.each<[string, Record<string, object>, Record<string, object>, boolean]>([
    ['the same package', { a: entry }, { a: entry }, true],
    ['another version', { a: entry }, { a: { ...entry, version: '1.0.1' } }, false],
    ['other content of the same version', { a: entry }, { a: { ...entry, integrity: 'sha512-b' } }, false],
    ['a missing package', { a: entry }, {}, false],
    ['a package more than needed', { a: entry }, { a: entry, b: entry }, true],
    ['the program itself', { '': { version: '2.0.0' } }, {}, true],
    ['an optional package for another system', { a: { ...entry, ...elsewhere, optional: true } }, {}, true],
    ['an optional package for this system', { a: { ...entry, ...here, optional: true } }, {}, false],
    [
      'an optional package for all systems but this one',
      { a: { ...entry, optional: true, os: [`!${process.platform}`], cpu: [process.arch] } },
      {},
      true,
    ],
  ])('%s', (_, wanted, installed, expected) => {
    expect(isInstalled({ packages: wanted }, { packages: installed })).toBe(expected);
  });
});

describe('whyDependencies', () => {
  let checkout: string;
  const lock = (version: string) =>
    JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: 'sha512-a' } } });
  const write = (path: string, content: string) => writeFileSync(join(checkout, path), content);

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'parley-dependencies-'));
    write('package.json', JSON.stringify({ dependencies: { a: '^1.0.0' } }));
    write('package-lock.json', lock('1.0.0'));
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  const install = (version: string) => {
    mkdirSync(join(checkout, 'node_modules', 'a'), { recursive: true });
    write('node_modules/.package-lock.json', lock(version));
  };

  test('nothing installed', () => {
    expect(whyDependencies(checkout)).toMatch(/not there/);
  });

  test('installed by the set-up', () => {
    install('1.0.0');
    write('node_modules/.parley-stamp', dependencyStamp(checkout));
    expect(whyDependencies(checkout)).toBeNull();
  });

  test('installed by hand, and right', () => {
    install('1.0.0');
    expect(whyDependencies(checkout)).toBeNull();
  });

  test('installed by hand, and old', () => {
    install('0.9.0');
    expect(whyDependencies(checkout)).not.toBeNull();
  });

  test('the lock file changed since', () => {
    install('1.0.0');
    write('node_modules/.parley-stamp', dependencyStamp(checkout));
    write('package-lock.json', lock('1.1.0'));
    expect(whyDependencies(checkout)).not.toBeNull();
  });

  test('a package was deleted since', () => {
    install('1.0.0');
    write('node_modules/.parley-stamp', dependencyStamp(checkout));
    rmSync(join(checkout, 'node_modules', 'a'), { recursive: true });
    expect(whyDependencies(checkout)).toMatch(/a is missing/);
  });

  test('node_modules of another system', () => {
    install('1.0.0');
    write('node_modules/.parley-stamp', 'sunos-mips 0000');
    expect(whyDependencies(checkout)).toMatch(/another system/);
  });
});

test("npm's reason comes without its prefix and its help", () => {
  const output = [
    'npm error code EUSAGE',
    'npm error',
    'npm error `npm ci` can only install packages when both files are in sync.',
    'npm error Clean install a project',
    'npm error Usage:',
    'npm error npm ci',
  ].join('\n');
  expect(npmReason(output)).toBe(
    'code EUSAGE\n\n`npm ci` can only install packages when both files are in sync.',
  );
});
