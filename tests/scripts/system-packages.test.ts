import { describe, expect, test } from 'vitest';
import { consequence } from '../../scripts/system.mjs';
import {
  chooseNames,
  missingPackages,
  namesOf,
  packagesFor,
  parseAvailable,
  parseInstalled,
} from '../../scripts/system-packages.mjs';

const names = (purpose: Parameters<typeof packagesFor>[0], hasDisplay: boolean) =>
  packagesFor(purpose, hasDisplay).flatMap(namesOf);

describe('packagesFor', () => {
  test.each<[Parameters<typeof packagesFor>[0], boolean, string[], string[]]>([
    ['parley', false, ['libpocketsphinx3', 'pocketsphinx-en-us'], ['libgtk-3-0', 'xvfb', 'xdotool']],
    ['start', true, ['libpocketsphinx3', 'libgtk-3-0', 'libnss3'], ['xvfb', 'xdotool']],
    ['demo', true, ['libgtk-3-0'], ['xvfb']],
    ['demo', false, ['libgtk-3-0', 'xvfb', 'xauth', 'dbus-x11'], ['xdotool']],
    ['test', true, ['libgtk-3-0', 'xvfb', 'xdotool', 'gnome-keyring'], []],
    ['test', true, ['pulseaudio', 'espeak-ng'], []],
    ['bench', true, ['libgtk-3-0', 'pulseaudio', 'pulseaudio-utils', 'espeak-ng'], ['xvfb', 'xdotool']],
    ['bench', false, ['xvfb', 'pocketsphinx-en-us'], ['gnome-keyring']],
    ['check', false, [], ['libgtk-3-0', 'pocketsphinx-en-us']],
  ])('%s with display %s', (purpose, hasDisplay, has, lacks) => {
    expect(names(purpose, hasDisplay)).toEqual(expect.arrayContaining(has));
    for (const name of lacks) expect(names(purpose, hasDisplay)).not.toContain(name);
  });
});

test('what dpkg knows but has not installed is missing', () => {
  const installed = parseInstalled(
    'a installed\nb not-installed\nc config-files\ndpkg-query: no packages found\n',
  );
  expect(missingPackages(['a', 'b', 'c', 'd', ['e', 'a']], installed)).toEqual(['b', 'c', 'd']);
});

test('the name that this release can install is chosen', () => {
  const policy = [
    'libasound2:',
    '  Installed: (none)',
    '  Candidate: (none)',
    '  Version table:',
    'libasound2t64:',
    '  Installed: (none)',
    '  Candidate: 1.2.11-1',
    '  Version table:',
    '     1.2.11-1 500',
    'xvfb:',
    '  Installed: (none)',
    '  Candidate: 2:21.1',
  ].join('\n');
  expect(chooseNames([['libasound2', 'libasound2t64'], 'xvfb', 'gone'], parseAvailable(policy))).toEqual({
    install: ['libasound2t64', 'xvfb'],
    unknown: ['gone'],
  });
});

test.each([
  [['pocketsphinx-en-us'], /recognition/],
  [['xvfb'], /display/],
  [[['libgtk-3-0', 'libgtk-3-0t64']], /window/],
  [['pulseaudio'], /measured/],
  [['xdotool'], /tests/],
])('without %j it is said what does not work', (missing, expected) => {
  expect(consequence(missing)).toMatch(expected);
});
