/** The four figures, from what was measured. Pure. */
import { CHUNK_MS, samplesToMs } from '../../../src/shared/audio';
import type { Measurement } from '../figure';
import { percentile } from '../report/statistics';
import type { HeldUp } from './arrivals';
import type { BaselineRuns } from './baseline';
import type { CaptureRuns } from './capture';
import type { FlushRuns } from './flush';
import { SOUND_NOTE } from './sound';
import type { Flush } from './timeline';
import { STALL } from './trials';

const FLUSH_P99_MS = 12;
/** With the UI thread blocked a flush takes as long as without: so much of a difference is chance. */
const SAME_MS = 3;
const CAPTURE_P99_MS = 30;
/** No chunk comes later than this after the one before it. */
const INTERVAL_MS = 60;
const FLUSH_BASELINE = 'AudioBufferSourceNodes stopped on the UI thread';
const CAPTURE_BASELINE = '8,192 bytes at a time through the UI thread';
const BASELINE_CHUNK_MS = samplesToMs(4096);

export function flushFigures({ idle, stalled, blocked }: FlushRuns, baseline: BaselineRuns): Measurement[] {
  const idleMs = silentMs(idle);
  const blockedMs = silentMs(blocked);
  const idleP99 = idleMs.length > 0 ? percentile(idleMs, 99) : Number.NaN;
  return [
    {
      ...common,
      name: 'flush',
      n: idle.length,
      samples: idleMs,
      goal: `p99 <= ${FLUSH_P99_MS} ms`,
      met: holds(idle, (p99) => p99 <= FLUSH_P99_MS),
      baseline: { name: FLUSH_BASELINE, samples: baseline.idleFlushMs },
      notes: [...method(idle), ...faults(idle), ...wallClock(idle, stalled), SOUND_NOTE],
    },
    {
      ...common,
      name: 'flushUiBlocked',
      n: blocked.length,
      samples: blockedMs,
      goal: `p99 <= ${FLUSH_P99_MS} ms, at most ${SAME_MS} ms above idle`,
      met: holds(blocked, (p99) => p99 <= FLUSH_P99_MS && p99 <= idleP99 + SAME_MS),
      baseline: { name: FLUSH_BASELINE, samples: baseline.blockedFlushMs },
      notes: [
        ...method(blocked),
        ...faults(blocked),
        'The UI thread is kept busy for 2 s at a time; flushes in the last 50 ms of a block are left out.',
        'In the baseline one answer is cut per block, at moments spread evenly over it: the next could not begin.',
        SOUND_NOTE,
      ],
    },
  ];
}

export function captureFigures(capture: CaptureRuns, baseline: BaselineRuns): Measurement[] {
  const beyond = capture.blocked.map(({ longestMs }) => Math.max(0, longestMs - CHUNK_MS));
  const missing = capture.blocked.reduce((sum, { missingFrames }) => sum + missingFrames, 0);
  return [
    {
      ...common,
      name: 'capture',
      n: capture.latencyMs.length,
      samples: capture.latencyMs,
      goal: `p99 <= ${CAPTURE_P99_MS} ms, of which the chunk itself is ${CHUNK_MS} ms`,
      met: capture.latencyMs.length > 0 && percentile(capture.latencyMs, 99) <= CAPTURE_P99_MS,
      baseline: { name: CAPTURE_BASELINE, samples: baseline.captureMs },
      notes: [
        'From the quantum that the audio thread processes at the frame of the first sample of a 20 ms chunk to its ' +
          `arrival in the server process. ${CLOCK} The fraction cut off there is counted as delay.`,
        'The frames of the microphone are on the clock of the output, joined to it when the microphone opens: by a ' +
          'piece of 10 ms that was read just then, so all of a run may be off by about 10 ms, up or down.',
        'Sound comes and is processed in bursts of the period of the device, so a chunk takes one period more or less.',
        `While nothing else happened, ${capture.idleGaps.missingFrames} frames were missing; the longest interval was ${ms(capture.idleGaps.longestMs)}.`,
        ...(capture.unknown > 0
          ? [`${capture.unknown} pieces were not known from the microphone and are left out.`]
          : []),
        SOUND_NOTE,
      ],
    },
    {
      ...common,
      name: 'captureGapUiBlocked',
      n: beyond.length,
      samples: beyond,
      goal: `no missing frame, no interval above ${INTERVAL_MS} ms`,
      met: beyond.length > 0 && missing === 0 && Math.max(...beyond) <= INTERVAL_MS - CHUNK_MS,
      baseline: {
        name: CAPTURE_BASELINE,
        samples: baseline.blockedCapture.map(({ longestMs }) => Math.max(0, longestMs - BASELINE_CHUNK_MS)),
      },
      notes: [
        'Per block of 2 s: the longest time between two arrivals at the socket, less the length of a chunk ' +
          `(20 ms; in the baseline ${ms(BASELINE_CHUNK_MS)}).`,
        `${missing} frames were missing in all blocks. The audio clock fell behind the wall clock by at most ` +
          `${slip(capture.blocked)} over a block (${slip(baseline.blockedCapture)} in the baseline): sound that the ` +
          'audio thread did not take from the device in time is lost without a gap in the frames.',
        SOUND_NOTE,
      ],
    },
  ];
}

const common = { unit: 'ms' as const };
const CLOCK =
  'A worklet of the bench in the same audio thread notes the time of each quantum, in whole milliseconds.';

const silentMs = (flushes: readonly Flush[]): number[] => flushes.flatMap((flush) => flush.silentMs ?? []);

/** How `flush` and `flushUiBlocked` are read. */
function method(flushes: readonly Flush[]): string[] {
  const took = flushes.flatMap((flush) => flush.tookMs ?? []);
  return [
    'From the command in the main process to the quantum in which the output is silent while an answer sounds, true ' +
      `to a millisecond. ${CLOCK}`,
    ...(took.length === 0
      ? []
      : [
          `The main process had the answer, and with it what was heard, after ${ms(percentile(took, 50))} (p50), ` +
            `${ms(percentile(took, 99))} (p99): an upper bound that no clock but its own enters.`,
        ]),
  ];
}

/** Met when every flush was answered, nothing sounded after it, and p99 is as `fits` wants. */
function holds(flushes: readonly Flush[], fits: (p99: number) => boolean): boolean {
  const clean = flushes.every((flush) => flush.silentMs !== null && flush.soundAfterMs === 0);
  return flushes.length > 0 && clean && fits(percentile(silentMs(flushes), 99));
}

function faults(flushes: readonly Flush[]): string[] {
  const unanswered = flushes.filter((flush) => flush.tookMs === null).length;
  const sounded = flushes.filter(({ soundAfterMs }) => soundAfterMs > 0).length;
  return [
    ...(unanswered > 0 ? [`${unanswered} flushes were not answered.`] : []),
    ...(sounded > 0 ? [`After ${sounded} flushes something still sounded.`] : []),
  ];
}

/** What other programs tell the server: the time since an item's first sound came. */
function wallClock(idle: readonly Flush[], stalled: readonly Flush[]): string[] {
  const errors = (flushes: readonly Flush[]) => {
    const all = flushes.flatMap(({ wallClockErrorMs }) => wallClockErrorMs ?? []);
    if (all.length === 0) return 'not measured';
    return `p50 ${ms(percentile(all, 50))}, from ${ms(Math.min(...all))} to ${ms(Math.max(...all))}`;
  };
  return [
    'audio_end_ms counts rendered frames. A wall clock started at the first delta differs from them by ' +
      `${errors(idle)} (n = ${idle.length}); when the delivery stalled for ${STALL.pauseMs} ms, by ${errors(stalled)} ` +
      `(n = ${stalled.length}): what nobody heard counts as heard.`,
  ];
}

const slip = (blocks: readonly HeldUp[]): string => ms(Math.max(...blocks.map(({ slipMs }) => slipMs)));

const ms = (value: number): string =>
  Number.isFinite(value) ? `${Math.round(value * 10) / 10} ms` : 'an unknown time';
