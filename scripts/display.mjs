import { createConnection } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { isOnPath } from './system.mjs';

const ANSWER_TIMEOUT_MS = 1000;

/**
 * The kind of display a window can open on. The variables alone do not tell: they outlive the display they name.
 *
 * @returns {Promise<'system' | 'x11' | 'wayland' | null>} `system` on macOS and Windows, null where there is none
 */
export async function findDisplay(env = process.env) {
  if (process.platform !== 'linux') return 'system';
  if (env.DISPLAY && (await answersAny(x11Addresses(env.DISPLAY)))) return 'x11';
  if (env.WAYLAND_DISPLAY && (await answersAny(waylandAddresses(env.WAYLAND_DISPLAY, env)))) return 'wayland';
  return null;
}

/** @typedef {{ path: string } | { host: string, port: number }} Address */

/**
 * Where the X server of a DISPLAY value listens.
 *
 * @param {string} display for instance `:0`, `unix:1.0`, `localhost:10.0`
 * @returns {Address[]}
 */
export function x11Addresses(display) {
  const match = /^(.*):(\d+)(\.\d+)?$/.exec(display);
  if (!match) return [];
  const [, host = '', number] = match;
  if (host === '' || host === 'unix') {
    const path = `/tmp/.X11-unix/X${number}`;
    return [{ path }, { path: `\0${path}` }];
  }
  return [{ host, port: 6000 + Number(number) }];
}

/** @param {string} name @param {NodeJS.ProcessEnv} env @returns {Address[]} */
function waylandAddresses(name, env) {
  if (isAbsolute(name)) return [{ path: name }];
  return env.XDG_RUNTIME_DIR ? [{ path: join(env.XDG_RUNTIME_DIR, name) }] : [];
}

/** @param {Address[]} addresses */
async function answersAny(addresses) {
  return (await Promise.all(addresses.map(answers))).includes(true);
}

/** @param {Address} address @returns {Promise<boolean>} */
function answers(address) {
  return new Promise((resolve) => {
    const socket = createConnection(address);
    /** @param {boolean} result */
    const finish = (result) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => finish(false));
    socket.on('connect', () => finish(true));
    socket.on('error', () => finish(false));
  });
}

/**
 * A command as it must be run to have a display and a session bus where this machine offers none.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {{ command: string, args: string[] }}
 */
export function underVirtualDisplay(command, args) {
  const bus = isOnPath('dbus-run-session') ? ['dbus-run-session', '--'] : [];
  return {
    command: 'xvfb-run',
    args: ['-a', '-s', '-screen 0 1280x1024x24', ...bus, command, ...args],
  };
}

/**
 * A command as it must be run to have a display: as it is where there is one.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ command: string, args: string[] }>}
 */
export async function withDisplay(command, args) {
  return (await findDisplay()) === null ? underVirtualDisplay(command, args) : { command, args };
}
