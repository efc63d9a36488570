/** What a program costs, all its processes together, read from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessStat {
  pid: number;
  parent: number;
  /** Jiffies spent in user and system mode since the process began. */
  ticks: number;
}

/** Jiffies in a second: what Linux tells user programs on every common machine (USER_HZ). */
const TICKS_PER_S = 100;

/** Reads a line of /proc/PID/stat; null when it is not one. The name in brackets may itself hold brackets. */
export function parseStat(line: string): ProcessStat | null {
  const end = line.lastIndexOf(')');
  const pid = Number.parseInt(line, 10);
  // From the third field on: state, parent, ...; user and system time are fields 14 and 15.
  const fields = line.slice(end + 2).split(' ');
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  if (end < 0 || ![pid, parent, user, system].every(Number.isFinite)) return null;
  return { pid, parent: parent ?? 0, ticks: (user ?? 0) + (system ?? 0) };
}

/** `root` and everything it started, directly or not. */
export function treeOf(root: number, all: readonly ProcessStat[]): ProcessStat[] {
  const found = all.filter(({ pid }) => pid === root);
  for (const known of found) {
    found.push(...all.filter(({ parent, pid }) => parent === known.pid && pid !== known.pid));
  }
  return found;
}

/** Megabytes of one /proc/PID/smaps_rollup: memory shared by n processes counts as an n-th of each. */
export function parsePssMb(rollup: string): number {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  return Number(kilobytes ?? 0) / 1024;
}

/** The processes of a running program; empty when it has ended. */
export function processesOf(root: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => parseStat(read(`/proc/${pid}/stat`)))
    .filter((stat) => stat !== null);
  return treeOf(root, all);
}

/**
 * Milliseconds of processor time between two looks at a program. A process that began in between counts whole; what one
 * that ended in between used after the first look is not known and not counted.
 */
export function cpuMsBetween(before: readonly ProcessStat[], after: readonly ProcessStat[]): number {
  const was = new Map(before.map(({ pid, ticks }) => [pid, ticks]));
  const ticks = after.reduce((sum, stat) => sum + stat.ticks - (was.get(stat.pid) ?? 0), 0);
  return (ticks * 1000) / TICKS_PER_S;
}

/** Megabytes that all processes of a running program hold. */
export function memoryMbOf(root: number): number {
  return processesOf(root).reduce((sum, { pid }) => sum + parsePssMb(read(`/proc/${pid}/smaps_rollup`)), 0);
}

/** '' when the process ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw cause;
  }
}
