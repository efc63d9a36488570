import { expect, it } from 'vitest';
import { mayUse } from '../../src/main/permissions';

const page = 'parley://app';

it.each<[string, string, string[], boolean]>([
  ['media', 'parley://app/', ['audio'], true],
  ['media', 'parley://app', ['audio'], true],
  ['speaker-selection', 'parley://app/', [], true],
  ['media', 'parley://app/', ['audio', 'video'], false],
  ['media', 'parley://app/', ['video'], false],
  ['media', 'parley://app/', [], false],
  ['media', 'parley://apple/', ['audio'], false],
  ['media', 'https://example.com/', ['audio'], false],
  ['notifications', 'parley://app/', [], false],
  ['clipboard-read', 'parley://app/', [], false],
])('%s from %s for %j', (permission, from, mediaTypes, expected) => {
  expect(mayUse({ permission, from, mediaTypes }, page)).toBe(expected);
});
