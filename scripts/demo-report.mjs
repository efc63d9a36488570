/**
 * Reads the timeline of a recorded run (src/main/recorder.ts) and says what happened in it. Pure.
 *
 * Times are milliseconds. Waits that end in sound are counted on the audio clock (frames at 24 kHz), waits that end in
 * silence on the main process's clock, which adds the way of the message and so never flatters.
 */

const FRAMES_PER_MS = 24;

/** RMS level above which a microphone chunk holds voice; the spoken questions are far above, their pauses at 0. */
const VOICE_LEVEL = 0.005;

/**
 * @param {Array<Record<string, any>>} timeline entries of timeline.jsonl, in order
 * @param {{ startMs: number, endMs: number } | null} uiBlocked when the UI thread was blocked, on the timeline's clock
 */
export function demoReport(timeline, uiBlocked) {
  const server = timeline.filter((entry) => entry.kind === 'server');
  const interruptions = findInterruptions(timeline);
  const inside = (entry) => uiBlocked && entry.atMs >= uiBlocked.startMs && entry.atMs <= uiBlocked.endMs;
  const blocked = interruptions.find((interruption) => inside(interruption));
  const free = interruptions.find((interruption) => interruption !== blocked);
  return {
    turns: findTurns(timeline, server).slice(0, 2),
    interruption: free ? describeInterruption(timeline, free) : null,
    uiBlocked: blocked
      ? {
          captureGapMaxMs: captureGapMaxMs(timeline, uiBlocked),
          flushMs: round(blocked.flushedMs - blocked.flushMs),
        }
      : null,
    errors: server.filter((entry) => entry.type === 'error').map((entry) => entry.error.message),
  };
}

/** What was asked and answered, in order. A turn nobody answered has an empty `said`. */
function findTurns(timeline, server) {
  const asked = server.filter(
    (entry) => entry.type === 'conversation.item.input_audio_transcription.completed',
  );
  return asked.map((entry, i) => {
    const until = asked[i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    const answer = server.find(
      (other) =>
        other.type === 'response.output_audio_transcript.done' &&
        other.atMs >= entry.atMs &&
        other.atMs < until,
    );
    return {
      heard: entry.transcript,
      said: answer?.transcript ?? '',
      speechEndToFirstAudioMs: answer ? speechEndToFirstAudioMs(timeline, answer.item_id) : null,
    };
  });
}

function speechEndToFirstAudioMs(timeline, itemId) {
  const started = timeline.find(
    (entry) => entry.kind === 'playback' && entry.type === 'started' && entry.itemId === itemId,
  );
  if (!started) return null;
  const lastVoice = timeline.findLast(
    (entry) => isChunk(entry) && entry.level > VOICE_LEVEL && entry.frame < started.frame,
  );
  return lastVoice ? round((started.frame - lastVoice.frame - lastVoice.samples) / FRAMES_PER_MS) : null;
}

/**
 * Every answer that was cut off by speech. The program's own ear or the server may detect it first, and a hold that
 * comes before the flush is the silence already; an answer that plays on after a hold was not cut off.
 */
function findInterruptions(timeline) {
  const found = [];
  let playing = null;
  let run = null;
  for (const [index, entry] of timeline.entries()) {
    if (entry.kind === 'playback' && entry.type === 'started') playing = entry.itemId;
    if (entry.kind === 'playback' && entry.type === 'finished') playing = null;
    if (entry.kind === 'resume') run = null;
    if (isDetection(entry) && playing) run ??= { atMs: entry.atMs, index, command: null, silent: null };
    if (!run) continue;
    if (entry.kind === 'hold' || entry.kind === 'flush') run.command ??= entry;
    if (entry.kind !== 'playback' || !run.command) continue;
    if (entry.type === 'held' || entry.type === 'flushed') run.silent ??= entry;
    if (entry.type !== 'flushed') continue;
    const { atMs, command, silent } = run;
    found.push({
      ...{ atMs, index: run.index, flushMs: command.atMs },
      ...{ flushedMs: silent.atMs, silentFrame: silent.frame, items: entry.items },
    });
    run = null;
    playing = null;
  }
  return found;
}

function isDetection(entry) {
  if (entry.kind === 'hearing') return entry.sound === 'voice';
  return entry.kind === 'server' && entry.type === 'input_audio_buffer.speech_started';
}

function describeInterruption(timeline, { atMs, flushedMs, silentFrame, items, index }) {
  const later = timeline.slice(index);
  const cut = new Set(items.map((item) => item.itemId));
  const received = new Map(items.map((item) => [item.itemId, item.receivedFrames / FRAMES_PER_MS]));
  const truncate = later
    .filter((entry) => entry.kind === 'client' && entry.type === 'conversation.item.truncate')
    .filter((entry) => cut.has(entry.item_id))
    .map((entry) => ({
      itemId: entry.item_id,
      audioEndMs: entry.audio_end_ms,
      receivedMs: Math.floor(received.get(entry.item_id)),
    }));
  return {
    speechStartedToSilenceMs: round(flushedMs - atMs),
    lateAudioMs: lateAudioMs(later, silentFrame),
    truncate,
  };
}

/** Sound rendered after the output was reported silent and before another item began. */
function lateAudioMs(later, silentFrame) {
  const next = later.find(
    (entry) => entry.kind === 'playback' && entry.type === 'started' && entry.frame >= silentFrame,
  );
  const until = next?.frame ?? Number.POSITIVE_INFINITY;
  const frames = later
    .filter((entry) => entry.kind === 'playback' && entry.type === 'rendered' && entry.level > 0)
    .reduce((sum, { frame, samples }) => {
      const end = Math.min(frame + samples, until);
      return sum + Math.max(0, end - Math.max(frame, silentFrame));
    }, 0);
  return round(frames / FRAMES_PER_MS);
}

/** Longest time between two microphone chunks reaching the main process while the UI thread was blocked. */
function captureGapMaxMs(timeline, { startMs, endMs }) {
  const times = timeline
    .filter((entry) => isChunk(entry) && entry.atMs >= startMs && entry.atMs <= endMs)
    .map((entry) => entry.atMs);
  const gaps = [startMs, ...times, endMs].map((time, i, all) => (i === 0 ? 0 : time - all[i - 1]));
  return round(Math.max(...gaps));
}

function isChunk(entry) {
  return entry.kind === 'capture' && entry.type === 'chunk';
}

function round(ms) {
  return Math.round(ms * 10) / 10;
}

/** What was asked in the two turns, word for word, and what a fitting answer holds. */
const EXPECTED = [
  { heard: 'what time is it', said: /\d+(:\d\d)? [AP]M/ },
  { heard: 'what can you do', said: /time.*timer|timer.*time/is },
];

/** The goals of the demonstration, in milliseconds. */
const GOALS = { speechStartedToSilenceMs: 40, captureGapMaxMs: 60, flushMs: 40 };

/** What of the report is not as it should be, as sentences; empty when the demonstration succeeded. */
export function demoFaults(report) {
  const faults = report.errors.map((message) => `an error: ${message}`);
  const must = (holds, sentence) => {
    if (!holds) faults.push(sentence);
  };
  EXPECTED.forEach(({ heard, said }, i) => {
    const turn = report.turns[i];
    must(turn?.heard === heard, `turn ${i + 1} was heard as "${turn?.heard ?? ''}" instead of "${heard}".`);
    must(said.test(turn?.said ?? ''), `turn ${i + 1} was answered "${turn?.said ?? ''}".`);
    must(turn?.speechEndToFirstAudioMs > 0, `turn ${i + 1} has no time to its first audio.`);
  });
  const { interruption, uiBlocked } = report;
  must(interruption, 'no answer was interrupted.');
  if (interruption) {
    const { speechStartedToSilenceMs, lateAudioMs, truncate } = interruption;
    must(
      speechStartedToSilenceMs <= GOALS.speechStartedToSilenceMs,
      `silence came ${speechStartedToSilenceMs} ms after speech was detected.`,
    );
    must(lateAudioMs === 0, `${lateAudioMs} ms of the interrupted answer were played after the silence.`);
    must(truncate.length > 0, 'the server was not told what was heard.');
    for (const { audioEndMs, receivedMs } of truncate) {
      must(
        Number.isInteger(audioEndMs) && audioEndMs >= 0 && audioEndMs <= receivedMs,
        `truncated at ${audioEndMs} ms of ${receivedMs} ms.`,
      );
    }
  }
  must(uiBlocked, 'no answer was interrupted while the UI thread was blocked.');
  if (uiBlocked) {
    const { captureGapMaxMs, flushMs } = uiBlocked;
    must(
      captureGapMaxMs <= GOALS.captureGapMaxMs,
      `a gap of ${captureGapMaxMs} ms in the microphone's sound.`,
    );
    must(flushMs <= GOALS.flushMs, `the flush took ${flushMs} ms with the UI thread blocked.`);
  }
  return faults;
}
