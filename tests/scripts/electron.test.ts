import { expect, test } from 'vitest';
import { cacheFolder } from '../../scripts/cache.mjs';
import { x11Addresses } from '../../scripts/display.mjs';
import { isRetryDue } from '../../scripts/electron-download.mjs';

const HOUR_MS = 3600_000;
const now = Date.UTC(2026, 10, 22);
const note = (ageMs: number) => JSON.stringify({ at: now - ageMs });

test.each([
  ['never tried', null, true],
  ['failed just now', note(0), false],
  ['failed 23 hours ago', note(23 * HOUR_MS), false],
  ['failed 25 hours ago', note(25 * HOUR_MS), true],
  ['failed in the future, so the clock was wrong', note(-HOUR_MS), true],
  ['a damaged note', '{"at":', true],
  ['a note without a time', '{}', true],
])('downloading Electron: %s', (_, content, expected) => {
  expect(isRetryDue(content, now)).toBe(expected);
});

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, RegExp]>([
  ['linux', { XDG_CACHE_HOME: '/var/cache/me' }, /^\/var\/cache\/me.parley$/],
  ['linux', {}, /\.cache.parley$/],
  ['linux', { XDG_CACHE_HOME: '' }, /\.cache.parley$/],
  ['darwin', {}, /Library.Caches.parley$/],
  ['win32', { LOCALAPPDATA: 'C:\\Local' }, /^C:\\Local.parley.cache$/],
])('the cache folder on %s with %j', (platform, env, expected) => {
  expect(cacheFolder(env, platform)).toMatch(expected);
});

test.each([
  [':0', [{ path: '/tmp/.X11-unix/X0' }, { path: '\0/tmp/.X11-unix/X0' }]],
  ['unix:1.0', [{ path: '/tmp/.X11-unix/X1' }, { path: '\0/tmp/.X11-unix/X1' }]],
  ['localhost:10.0', [{ host: 'localhost', port: 6010 }]],
  ['nonsense', []],
])('the X server of DISPLAY=%s', (display, expected) => {
  expect(x11Addresses(display)).toEqual(expected);
});
