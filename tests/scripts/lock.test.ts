import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../scripts/lock.mjs';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-lock-'));
  path = join(folder, 'deep', 'setup.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('only one holds the lock at a time, and the others are told to whom they wait', async () => {
  const order: string[] = [];
  const owners: number[] = [];
  const turn = (name: string) =>
    withLock(
      path,
      async () => {
        order.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push(`${name} out`);
      },
      (owner) => owners.push(owner),
    );
  await Promise.all([turn('a'), turn('b'), turn('c')]);
  expect(order).toHaveLength(6);
  for (let i = 0; i < order.length; i += 2) {
    expect(order[i + 1]).toBe(order[i]?.replace(' in', ' out'));
  }
  expect(owners).toEqual([process.pid, process.pid]);
  expect(existsSync(path)).toBe(false);
});

test('a lock is given back when the work fails', async () => {
  await expect(withLock(path, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(path)).toBe(false);
});

test('the lock of a process that is gone does not count', async () => {
  await withLock(path, async () => {});
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(path, String(pid));
  expect(await withLock(path, async () => readFileSync(path, 'utf8'))).toBe(String(process.pid));
});

test('an old empty lock does not count', async () => {
  await withLock(path, async () => {});
  writeFileSync(path, '');
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(path, longAgo, longAgo);
  expect(await withLock(path, async () => 'done')).toBe('done');
});
