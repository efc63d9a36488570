/**
 * Records one run for developers: what happened when (`timeline.jsonl`), what the microphone gave (`microphone.wav`) and
 * what the playback worklet rendered (`answer.wav`). Off unless a folder is named; holds transcripts and sound, never keys.
 */
import { createWriteStream, mkdirSync, type WriteStream, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WaveFile } from 'wavefile';
import type { Connection } from '../client/connection';
import { type Pcm16, rms, SAMPLE_RATE } from '../shared/audio';
import type { CaptureEvent, PlaybackEvent } from '../shared/audio-port';
import type { ClientEvent, ServerEvent } from '../shared/realtime';
import type { AudioObserver } from './audio-ports';

/** Frames of sound kept per track: half an hour, about 86 MB. */
const MAX_TRACK_FRAMES = 30 * 60 * SAMPLE_RATE;

export interface Recorder extends AudioObserver {
  /** Adds a line: `kind` and what belongs to it, with the time in milliseconds since the recording began. */
  note(kind: string, fields: Record<string, unknown>): void;
  onServerEvent(event: ServerEvent): void;
  onClientEvent(event: ClientEvent): void;
  /** Writes the sound; call before quitting. */
  finish(): void;
}

export function createRecorder(folder: string): Recorder {
  mkdirSync(folder, { recursive: true });
  const timeline: WriteStream = createWriteStream(join(folder, 'timeline.jsonl'));
  const startedAt = performance.now();
  const microphone = createTrack();
  const answer = createTrack();

  const note = (kind: string, fields: Record<string, unknown>): void => {
    const atMs = Math.round((performance.now() - startedAt) * 100) / 100;
    timeline.write(`${JSON.stringify({ atMs, kind, ...fields })}\n`);
  };

  // The wall clock of the beginning, so that other programs can place their own marks on the timeline.
  note('begin', { epochMs: Date.now(), electron: process.versions.electron });

  return {
    note,
    onServerEvent: (event) => note('server', withoutAudio(event)),
    onClientEvent: (event) => note('client', withoutAudio(event)),
    onCapture(event: CaptureEvent) {
      if (event.type !== 'chunk') {
        note('capture', { ...event });
        return;
      }
      const pcm = new Int16Array(event.audio);
      microphone.add(event.frame, pcm);
      note('capture', { type: 'chunk', frame: event.frame, samples: pcm.length, level: round(rms(pcm)) });
    },
    onPlayback(event: PlaybackEvent) {
      if (event.type !== 'rendered') {
        note('playback', { ...event });
        return;
      }
      const pcm = new Int16Array(event.audio);
      answer.add(event.frame, pcm);
      note('playback', { type: 'rendered', frame: event.frame, samples: pcm.length, level: round(rms(pcm)) });
    },
    onFlush: (flushId) => note('flush', { flushId }),
    onVoicing: ({ type, ...fields }) => note(type, fields),
    finish() {
      writeFileSync(join(folder, 'microphone.wav'), microphone.toWav());
      writeFileSync(join(folder, 'answer.wav'), answer.toWav());
      timeline.end();
    },
  };
}

/** The same connection, with what goes through it recorded. */
export function observeConnection(connection: Connection, recorder: Recorder | null): Connection {
  if (!recorder) return connection;
  connection.onEvent(recorder.onServerEvent);
  return {
    ...connection,
    get status() {
      return connection.status;
    },
    send(event) {
      const sent = connection.send(event);
      if (sent) recorder.onClientEvent(event);
      return sent;
    },
  };
}

/** Pieces of sound laid out by their frame on the audio clock; what lies between is silence. */
export function createTrack(): { add(frame: number, pcm: Pcm16): void; toWav(): Uint8Array } {
  const pieces: { frame: number; pcm: Pcm16 }[] = [];
  return {
    add(frame, pcm) {
      const first = pieces[0]?.frame ?? frame;
      if (frame - first + pcm.length <= MAX_TRACK_FRAMES) pieces.push({ frame, pcm });
    },
    toWav() {
      const first = pieces[0]?.frame ?? 0;
      const end = pieces.reduce((max, { frame, pcm }) => Math.max(max, frame + pcm.length), first);
      const samples = new Int16Array(end - first);
      for (const { frame, pcm } of pieces) if (frame >= first) samples.set(pcm, frame - first);
      const wav = new WaveFile();
      wav.fromScratch(1, SAMPLE_RATE, '16', samples);
      return wav.toBuffer();
    },
  };
}

function withoutAudio(event: ServerEvent | ClientEvent): Record<string, unknown> {
  switch (event.type) {
    case 'response.output_audio.delta':
      return { ...event, delta: undefined, bytes: Math.floor((event.delta.length * 3) / 4) };
    case 'input_audio_buffer.append':
      return { type: event.type, bytes: Math.floor((event.audio.length * 3) / 4) };
    default:
      return { ...event };
  }
}

function round(level: number): number {
  return Math.round(level * 10_000) / 10_000;
}
