import { cpus, release, totalmem, type } from 'node:os';
import { electronPath } from '../../../scripts/electron.mjs';
import { readIfThere } from '../../../scripts/stamp.mjs';
import type { Machine } from './document';

/** What the figures were measured on. */
export function thisMachine(): Machine {
  const all = cpus();
  const system = readIfThere('/etc/os-release')?.match(/^PRETTY_NAME="?([^"\n]*)/m)?.[1];
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: system ?? `${type()} ${release()}`,
    node: process.versions.node,
    electron: electronPath().version,
  };
}
