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
  'EnforceMoreTransparentNormalSuppressorTuning',
  'EnforceMoreTransparentNearendSuppressorTuning',
  'EnforceRapidlyAdjustingNormalSuppressorTunings',
  'EnforceRapidlyAdjustingNearendSuppressorTunings',
];

/**
 * From when on the canceller believes that somebody near speaks, and lets the voice through. By itself it asks for four times
 * the power of the echo it expects and 15 dB above the noise, for 48 ms: soft voices never get there.
 */
const SOMEBODY_NEAR = {
  /** Echo over voice, as a ratio of power, below which it may be one. */
  EnrThreshold: 1,
  /** Voice over noise, as a ratio of power. */
  SnrThreshold: 10,
  /** Blocks of 4 ms in which it must be so. */
  TriggerThreshold: 4,
};

export function switchSound(commandLine: CommandLine, platform: NodeJS.Platform): void {
  if (platform === 'linux') commandLine.appendSwitch('audio-buffer-size', String(BUFFER_FRAMES));
  const trials = [
    ...ECHO_CANCELLER.map((name) => `${name}/Enabled/`),
    ...Object.entries(SOMEBODY_NEAR).map(
      ([name, value]) => `SuppressorDominantNearend${name}Override/${value}/`,
    ),
  ];
  commandLine.appendSwitch('force-fieldtrials', trials.map((trial) => `WebRTC-Aec3${trial}`).join(''));
}
