import { describe, expect, it } from 'vitest';
import { demoFaults, demoReport } from '../../scripts/demo-report.mjs';

type Entry = Record<string, unknown>;

const chunk = (atMs: number, frame: number, level: number): Entry => ({
  atMs,
  kind: 'capture',
  type: 'chunk',
  frame,
  samples: 480,
  level,
});
const server = (atMs: number, type: string, more: Entry = {}): Entry => ({
  atMs,
  kind: 'server',
  type,
  ...more,
});
const playback = (atMs: number, type: string, more: Entry): Entry => ({
  atMs,
  kind: 'playback',
  type,
  ...more,
});
const heard = (atMs: number, transcript: string): Entry =>
  server(atMs, 'conversation.item.input_audio_transcription.completed', { transcript });
const said = (atMs: number, itemId: string, transcript: string): Entry =>
  server(atMs, 'response.output_audio_transcript.done', { item_id: itemId, transcript });

/** A turn that is answered, one that is interrupted, and one that is interrupted with the UI thread blocked. */
function timeline(): Entry[] {
  return [
    chunk(100, 2400, 0.1),
    chunk(120, 2880, 0),
    heard(700, 'what time is it'),
    said(720, 'a', "It's 3:45 PM."),
    playback(740, 'started', { itemId: 'a', frame: 17_280 }),
    playback(2000, 'finished', { heard: { itemId: 'a' }, frame: 48_000 }),
    chunk(3000, 72_000, 0.1),
    heard(3600, 'what can you do'),
    said(3620, 'b', 'I tell the time and set a timer.'),
    playback(3700, 'started', { itemId: 'b', frame: 88_800 }),
    server(5000, 'input_audio_buffer.speech_started'),
    { atMs: 5001, kind: 'flush', flushId: 1 },
    playback(5010, 'flushed', {
      flushId: 1,
      frame: 120_240,
      items: [{ itemId: 'b', contentIndex: 0, renderedFrames: 31_440, receivedFrames: 240_000 }],
    }),
    { atMs: 5011, kind: 'client', type: 'conversation.item.truncate', item_id: 'b', audio_end_ms: 1310 },
    playback(6000, 'started', { itemId: 'c', frame: 144_000 }),
    playback(6010, 'rendered', { frame: 144_000, samples: 480, level: 0.2 }),
    chunk(6500, 0, 0),
    chunk(6530, 0, 0),
    server(6540, 'input_audio_buffer.speech_started'),
    { atMs: 6541, kind: 'flush', flushId: 2 },
    playback(6560, 'flushed', { flushId: 2, frame: 150_000, items: [] }),
  ];
}
const blocked = { startMs: 6490, endMs: 6560 };
const where = (holds: (entry: Entry) => unknown, change: Entry) => (entries: Entry[]) =>
  entries.map((entry) => (holds(entry) ? { ...entry, ...change } : entry));

describe('the report of a demonstration', () => {
  it('tells turns, interruption and what happened while the UI thread was blocked', () => {
    expect(demoReport(timeline(), blocked)).toEqual({
      turns: [
        { heard: 'what time is it', said: "It's 3:45 PM.", speechEndToFirstAudioMs: 600 },
        { heard: 'what can you do', said: 'I tell the time and set a timer.', speechEndToFirstAudioMs: 680 },
      ],
      interruption: {
        speechStartedToSilenceMs: 10,
        lateAudioMs: 0,
        truncate: [{ itemId: 'b', audioEndMs: 1310, receivedMs: 10_000 }],
      },
      uiBlocked: { captureGapMaxMs: 30, flushMs: 19 },
      errors: [],
    });
    expect(demoFaults(demoReport(timeline(), blocked))).toEqual([]);
  });

  it('counts from what detected first to the hold, and leaves out an answer that plays on', () => {
    const entries = timeline();
    const at = entries.findIndex((entry) => entry.type === 'input_audio_buffer.speech_started');
    const early: Entry[] = [
      { atMs: 4000, kind: 'hearing', sound: 'voice' },
      { atMs: 4001, kind: 'hold', holdId: 1 },
      playback(4008, 'held', { holdId: 1, frame: 96_000, items: [] }),
      { atMs: 4300, kind: 'resume' },
      { atMs: 4800, kind: 'hearing', sound: 'likely' },
      { atMs: 4820, kind: 'hearing', sound: 'voice' },
      { atMs: 4821, kind: 'hold', holdId: 2 },
      playback(4827, 'held', { holdId: 2, frame: 115_900, items: [] }),
    ];
    const report = demoReport([...entries.slice(0, at), ...early, ...entries.slice(at)], blocked);
    expect(report.interruption).toEqual({
      speechStartedToSilenceMs: 7,
      lateAudioMs: 0,
      truncate: [{ itemId: 'b', audioEndMs: 1310, receivedMs: 10_000 }],
    });
    expect(report.uiBlocked?.flushMs).toBe(19);
  });

  it('counts sound after the silence as late, up to the next item', () => {
    const late = timeline();
    late.splice(14, 0, playback(5020, 'rendered', { frame: 120_000, samples: 480, level: 0.1 }));
    expect(demoReport(late, blocked).interruption?.lateAudioMs).toBe(10);
  });

  it.each<[string, (entries: Entry[]) => Entry[]]>([
    [
      'a word heard wrong',
      where((e) => e.transcript === 'what can you do', { transcript: 'what can you too' }),
    ],
    ['no answer', (entries) => entries.filter((e) => e.type !== 'response.output_audio_transcript.done')],
    ['no truncate', (entries) => entries.filter((e) => e.type !== 'conversation.item.truncate')],
    ['a truncate beyond what came', where((e) => e.audio_end_ms, { audio_end_ms: 10_001 })],
    ['a slow silence', where((e) => e.flushId === 1 && e.kind === 'playback', { atMs: 5041 })],
    ['a gap while blocked', (entries) => entries.filter((e) => e.atMs !== 6500 && e.atMs !== 6530)],
    ['no interruption', (entries) => entries.filter((e) => e.kind !== 'flush')],
    ['an error', (entries) => [...entries, server(9000, 'error', { error: { message: 'bad' } })]],
    ['nothing', () => []],
  ])('%s is a fault', (_name, change) => {
    expect(demoFaults(demoReport(change(timeline()), blocked))).not.toEqual([]);
  });
});
