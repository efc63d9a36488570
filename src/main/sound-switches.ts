/** Switches of Chromium's own sound path, set before the app is ready. Found by measurement: docs/adr/0010. */
import type { CommandLine } from 'electron';

/** Frames a device buffer holds; what Chromium takes by itself costs every interruption tens of milliseconds. */
const BUFFER_FRAMES = 256;

/**
 * Settings of the echo canceller (WebRTC's AEC3). As it comes it takes everything for an echo until it has learned the
 * room, and mutes whoever interrupts the first answer; what it lets through instead is the ear's work.
 */
const ECHO_CANCELLER = [
  'UseLowEarlyReflectionsDefaultGain',
  'UseLowLateReflectionsDefaultGain',
  'SensitiveDominantNearendActivation',
  'EnforceMoreTransparentNormalSuppressorTuning',
  'EnforceMoreTransparentNearendSuppressorTuning',
  'EnforceRapidlyAdjustingNormalSuppressorTunings',
  'EnforceRapidlyAdjustingNearendSuppressorTunings',
];

export function switchSound(commandLine: CommandLine, platform: NodeJS.Platform): void {
  if (platform === 'linux') commandLine.appendSwitch('audio-buffer-size', String(BUFFER_FRAMES));
  const trials = ECHO_CANCELLER.map((name) => `WebRTC-Aec3${name}/Enabled/`).join('');
  commandLine.appendSwitch('force-fieldtrials', trials);
}
