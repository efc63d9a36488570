/**
 * A sound card without hardware, for programs that open real devices: PulseAudio with one two-channel null sink. What
 * the user hears goes to its left channel (`spk`, the default output), what the user says to its right (`mic`, the
 * default input). A recording of the card holds both on one clock. Used by the bench and the desktop tests; imports
 * nothing of `src`.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CannotMeasure } from './figure';
import { createTracks, type Tracks } from './tracks';

/** Hz of the card, its recordings and what is played. */
export const CARD_RATE = 48_000;

export interface SoundCard {
  /** Variables with which a program uses this card. */
  readonly env: Record<string, string>;
  /** What the card carries, from its opening on. */
  readonly tracks: Tracks;
  /** Plays a mono WAV of CARD_RATE into the microphone, or into the loudspeaker. */
  play(wav: string, to?: 'mic' | 'spk'): Playing;
  /**
   * The loudspeaker is heard by the microphone, `gainDb` (0 or less) softer and ROOM_DELAY_MS later; null is
   * headphones. Resolves when it is so.
   */
  room(gainDb: number | null): Promise<void>;
  /** What `room` was set to last. */
  readonly roomDb: number | null;
  /** Ends all that was started. */
  close(): Promise<void>;
}

export interface Playing {
  /** Resolves when all was played, or it was stopped. */
  done: Promise<void>;
  stop(): void;
}

/** What PulseAudio is asked for as the way from the loudspeaker to the microphone; the least it keeps to. */
export const ROOM_DELAY_MS = 20;

/** The tools the card needs, and where Debian keeps them. */
const TOOLS: Record<string, string> = {
  pulseaudio: 'pulseaudio',
  pactl: 'pulseaudio-utils',
  parec: 'pulseaudio-utils',
  paplay: 'pulseaudio-utils',
};
const START_MS = 10_000;
const CHANNELS = 'rate=48000 channels=1 channel_map=mono remix=no';

/** Throws CannotMeasure where there can be no virtual sound card, with what is missing. */
export function cardOrCannot(): void {
  if (process.platform !== 'linux') throw new CannotMeasure('the virtual sound card is PulseAudio, on Linux');
  const missing = Object.keys(TOOLS).filter((tool) => !isOnPath(tool));
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((tool) => TOOLS[tool]))].join(' ');
  throw new CannotMeasure(`the virtual sound card needs ${missing.join(', ')} (Debian: ${packages})`);
}

/** Rejects with CannotMeasure where there can be none, and with what PulseAudio said when it does not start. */
export async function openSoundCard(): Promise<SoundCard> {
  cardOrCannot();
  const folder = mkdtempSync(join(tmpdir(), 'parley-card-'));
  const socket = join(folder, 'native');
  // A home and a runtime folder of its own: no configuration, cookie or running sound server of the user is touched.
  mkdirSync(join(folder, 'run'), { mode: 0o700 });
  mkdirSync(join(folder, '.config', 'pulse'), { recursive: true });
  // Programs that ask for the default rate get the card's: nothing is resampled on the way.
  writeFileSync(join(folder, '.config', 'pulse', 'daemon.conf'), `default-sample-rate = ${CARD_RATE}\n`);
  const env = { PULSE_SERVER: `unix:${socket}`, PULSE_COOKIE: join(folder, 'cookie') };
  const all = { ...process.env, HOME: folder, XDG_RUNTIME_DIR: join(folder, 'run'), ...env };
  const children = new Set<ChildProcess>();
  // However this process ends, nothing is left behind.
  const endAll = (): void => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', endAll);
  const start = (command: string, args: string[]): ChildProcess => {
    const child = spawn(command, args, { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  };

  const server = start('pulseaudio', [
    ...['-n', '--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--log-level=error'],
    ...['-L', `module-native-protocol-unix auth-anonymous=1 socket=${socket}`],
    ...['-L', 'module-null-sink sink_name=card format=s16le rate=48000 channels=2'],
    ...['-L', `module-remap-sink sink_name=spk master=card ${CHANNELS} master_channel_map=front-left`],
    ...['-L', `module-remap-sink sink_name=mic master=card ${CHANNELS} master_channel_map=front-right`],
    ...[
      '-L',
      `module-remap-source source_name=user master=card.monitor ${CHANNELS} master_channel_map=front-right`,
    ],
  ]);
  let said = '';
  server.stdout?.resume();
  server.stderr?.on('data', (data: Buffer) => {
    said = `${said}${data}`.slice(-2000);
  });

  const pactl = async (...args: string[]): Promise<string> => {
    const child = start('pactl', args);
    let output = '';
    child.stdout?.on('data', (data: Buffer) => {
      output += data;
    });
    child.stderr?.resume();
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`pactl ${args[0]} ended with ${code}`);
    return output.trim();
  };

  async function close(): Promise<void> {
    for (const child of [...children]) if (child !== server) await end(child);
    await end(server);
    process.off('exit', endAll);
    endAll();
  }

  const until = Date.now() + START_MS;
  let ready = false;
  while (!ready) {
    if (server.exitCode !== null || Date.now() > until) {
      await close();
      throw new Error(`PulseAudio did not start: ${said.trim() || 'it said nothing'}`);
    }
    await sleep(50);
    ready = existsSync(socket) && (await pactl('list', 'short', 'sources').catch(() => '')).includes('user');
  }
  await pactl('set-default-sink', 'spk');
  await pactl('set-default-source', 'user');

  const tracks = createTracks(CARD_RATE);
  const recorder = start('parec', [
    ...['--device=card.monitor', '--raw', '--format=s16le', `--rate=${CARD_RATE}`, '--channels=2'],
    '--latency-msec=10',
  ]);
  recorder.stdout?.on('data', (data: Buffer) => tracks.add(data, Date.now()));
  recorder.stderr?.resume();
  await tracks.reaches(CARD_RATE / 10);

  let loopback: string | null = null;
  let roomDb: number | null = null;
  return {
    env,
    tracks,
    play(wav, to = 'mic') {
      const child = start('paplay', [`--device=${to}`, '--latency-msec=300', wav]);
      child.stdout?.resume();
      child.stderr?.resume();
      const done = once(child, 'close').then(() => undefined);
      return { done, stop: () => child.kill() };
    },
    get roomDb() {
      return roomDb;
    },
    async room(gainDb) {
      roomDb = gainDb;
      if (gainDb === null) {
        if (loopback !== null) await pactl('unload-module', loopback);
        loopback = null;
        return;
      }
      if (loopback === null) {
        // Both ends hang on the same null sink, so there is no drift to correct; correcting would detune the echo.
        loopback = await pactl(
          ...['load-module', 'module-loopback', 'source=spk.monitor', 'sink=mic'],
          ...[`latency_msec=${ROOM_DELAY_MS}`, 'adjust_time=0', 'sink_input_properties=media.name=room'],
        );
      }
      const inputs = await pactl('list', 'sink-inputs');
      const input = inputs.split(/^Sink Input #/m).find((text) => text.includes(`Owner Module: ${loopback}`));
      if (!input) throw new Error('The room does not sound.');
      // A linear factor: decibels with a sign would be a change of what it was.
      const factor = (10 ** (gainDb / 20)).toFixed(5);
      await pactl('set-sink-input-volume', String(Number.parseInt(input, 10)), factor);
    },
    close,
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  if (await Promise.race([ended, sleep(3000, null, { ref: false })])) return;
  child.kill('SIGKILL');
  await ended;
}

function isOnPath(command: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, command)));
}
