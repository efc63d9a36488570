import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { growthOf } from './growth';
import { cpuMsBetween, memoryMbOf, parsePssMb, parseStat, processesOf, treeOf } from './processes';

test.each([
  ['42 (electron) S 7 42 42 0 -1 4194560 15128 0 1 0 20 4 0 0 20 0 30', { pid: 42, parent: 7, ticks: 24 }],
  ['43 (a (strange) name) R 42 1 1 0 -1 0 0 0 0 0 5 6 0 0', { pid: 43, parent: 42, ticks: 11 }],
  ['', null],
  ['44 (cut', null],
])('the line %j of /proc', (line, expected) => {
  expect(parseStat(line)).toEqual(expected);
});

test('a program is its process and all that came of it', () => {
  const all = [
    { pid: 1, parent: 0, ticks: 9 },
    { pid: 5, parent: 3, ticks: 1 },
    { pid: 3, parent: 2, ticks: 1 },
    { pid: 2, parent: 1, ticks: 1 },
    { pid: 4, parent: 1, ticks: 1 },
  ];
  expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 5]);
  expect(treeOf(7, all)).toEqual([]);
});

test('processor time between two looks, with a process that began and one that ended', () => {
  const before = [
    { pid: 1, parent: 0, ticks: 100 },
    { pid: 2, parent: 1, ticks: 50 },
  ];
  const after = [
    { pid: 1, parent: 0, ticks: 103 },
    { pid: 3, parent: 1, ticks: 4 },
  ];
  expect(cpuMsBetween(before, after)).toBe(70);
});

test('proportional memory', () => {
  expect(parsePssMb('Rss:  4096 kB\nPss:        2048 kB\nPss_Anon: 1024 kB\n')).toBe(2);
  expect(parsePssMb('')).toBe(0);
});

test.skipIf(process.platform !== 'linux')(
  'a running process and its child are found, and cost something',
  async () => {
    const child = spawn(process.execPath, [
      '-e',
      "require('child_process').spawn(process.execPath, ['-e', 'console.log(1); setTimeout(() => {}, 60000)'], { stdio: ['ignore', 'inherit', 'ignore'] }); setTimeout(() => {}, 60000)",
    ]);
    await once(child.stdout, 'data');
    const root = child.pid ?? 0;
    const tree = processesOf(root);
    expect(tree).toHaveLength(2);
    expect(cpuMsBetween([], tree)).toBeGreaterThan(0);
    expect(memoryMbOf(root)).toBeGreaterThan(5);
    for (const { pid } of tree) process.kill(pid, 'SIGKILL');
    await once(child, 'close');
    expect(processesOf(root)).toEqual([]);
  },
);

test('growth is the slope after the warm-up', () => {
  const points = Array.from({ length: 31 }, (_, minute) => ({
    minute,
    memoryMb: minute < 5 ? 100 + 20 * minute : 200 + minute,
  }));
  const { grownMb, minutes } = growthOf(points);
  expect(minutes).toBe(25);
  expect(grownMb).toBeCloseTo(25, 6);
});
