import type { SessionConfig } from '../../src/client/session-config';
import type { Ear, Hearing } from '../../src/ear';
import { CHUNK_MS, samplesToMs } from '../../src/shared/audio';
import { createSessionBench } from './client-session';

/** An ear that hears what the test says it hears, and keeps count of stretches like a real one. */
export interface ScriptedEar extends Ear {
  sound: Hearing['sound'];
  wordless: boolean;
  echo: boolean;
  /** Milliseconds without voice that end a stretch. */
  pauseMs: number;
  failing: boolean;
  references: number[];
  resets: number;
  /** How often the room was another one. */
  rooms: number;
}

export function createScriptedEar(): ScriptedEar {
  let stretchMs = 0;
  let voiceMs = 0;
  let quietMs = 0;
  return {
    name: 'scripted',
    sound: 'none',
    wordless: false,
    echo: false,
    pauseMs: 200,
    failing: false,
    references: [],
    resets: 0,
    rooms: 0,
    hear(pcm) {
      if (this.failing) throw new Error('no model');
      const ms = samplesToMs(pcm.length);
      if (this.sound !== 'none' && stretchMs === 0) voiceMs = 0;
      if (this.sound !== 'none' || stretchMs > 0) stretchMs += ms;
      quietMs = this.sound === 'none' ? quietMs + ms : 0;
      if (this.sound === 'voice') voiceMs += ms;
      if (quietMs >= this.pauseMs) stretchMs = 0;
      return { sound: this.sound, stretchMs, voiceMs, wordless: this.wordless, echo: this.echo };
    },
    reference(_pcm, frame) {
      this.references.push(frame);
    },
    forgetRoom() {
      this.rooms += 1;
    },
    reset() {
      this.resets += 1;
      stretchMs = 0;
      voiceMs = 0;
    },
  };
}

/** A session in free mic with an ear. Time, the microphone and the speaker go on together, chunk by chunk. */
export function createFreeMicBench(config: Partial<SessionConfig> = {}, withEar = true) {
  const bench = createSessionBench({ talkMode: 'free-mic', ...config });
  const { session, server, microphone, speaker, clock, connection } = bench;
  const ear = createScriptedEar();
  if (withEar) session.setEar(ear);
  /** Every sample of the microphone so far; two of them tell their position. */
  const spoken: number[] = [];
  const nextSample = () => {
    const at = spoken.length;
    const sample = at % 2 === 0 ? (at >> 1) & 0x7fff : at >> 16;
    spoken.push(sample);
    return sample;
  };
  const go = (ms: number, sound: Hearing['sound'], options: { wordless?: boolean; echo?: boolean } = {}) => {
    ear.sound = sound;
    ear.wordless = options.wordless ?? false;
    ear.echo = options.echo ?? false;
    for (let left = ms; left > 0; left -= CHUNK_MS) {
      speaker.render(CHUNK_MS);
      microphone.hear(Math.min(left, CHUNK_MS), nextSample);
      clock.advance(Math.min(left, CHUNK_MS));
    }
  };
  return {
    ...bench,
    ear,
    spoken,
    go,
    voice: (ms: number, options = {}) => go(ms, 'voice', options),
    quiet: (ms: number, options = {}) => go(ms, 'none', options),
    /** An answer of which everything has come. */
    answer(response = 'r1', item = 'a1', ms = 10_000) {
      server.created(response);
      server.text(response, item, 'one two three four five six seven eight nine ten');
      server.audio(response, item, ms);
      server.audioDone(response, item);
      server.done(response);
    },
    /** An answer that is still being made. */
    beginAnswer(response = 'r1', item = 'a1', ms = 10_000) {
      server.created(response);
      server.text(response, item, 'one two three four five six seven eight nine ten');
      server.audio(response, item, ms);
    },
    /** The server hears a turn and commits it. */
    turn(item: string) {
      server.speechStarted(item);
      server.speechStopped(item);
      server.committed(item);
    },
    updated: () => connection.serve({ type: 'session.updated', session: { type: 'realtime' } }),
  };
}

export type FreeMicBench = ReturnType<typeof createFreeMicBench>;

/** Where in the stream each pair of the samples lies that a free-mic bench sent. */
export function positionsOf(samples: number[]): number[] {
  const positions: number[] = [];
  for (let i = 0; i + 1 < samples.length; i += 2) {
    positions.push(((samples[i + 1] as number) << 16) | ((samples[i] as number) << 1));
  }
  return positions;
}

/** The samples in what was sent. */
export function samplesOf(sent: { type: string; audio?: string }[]): number[] {
  return sent.flatMap((event) => {
    if (event.type !== 'input_audio_buffer.append') return [];
    const bytes = Buffer.from(event.audio ?? '', 'base64');
    return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readInt16LE(i * 2));
  });
}
