/** Judges the pauses of one turn after another, as soon as something is known of what was said before them. */

import type { SpeechResult } from '../conversation/utterance';
import { scorePause, worthPreparing } from './semantic-turn';
import type { VoiceEnd } from './semantic-voice';
import { judgeEnding } from './semantic-words';

/** What is known when a pause begins. */
export interface Pause {
  /** What was said, if that was all; null when the STT cannot tell before the end. */
  settled: Promise<SpeechResult | null>;
  voice: VoiceEnd | null;
  /** Length of the turn up to its last sound, in milliseconds. */
  spokenMs: number;
  /** ISO 639-1; null when the client named none. */
  language: string | null;
}

/** Fewer words tell nothing about how fast somebody speaks. */
const LEAST_WORDS = 4;

export class PauseJudge {
  private pause: Pause | null = null;
  /** The STT cannot tell what was said: its partial transcripts must do. */
  private byPartials = false;
  private current: number | null = null;

  /** `onJudged` follows each judgement. */
  constructor(private readonly onJudged: (score: number) => void) {}

  /** Log odds that the turn is over (semantic-turn.ts); null while nothing is known, and while nobody pauses. */
  get score(): number | null {
    return this.current;
  }

  /**
   * A pause begins; `partial` is asked for the transcript so far when nothing better is to be had. Gives what was said if an
   * answer may be prepared from it.
   */
  async begin(pause: Pause, partial: () => string): Promise<SpeechResult | null> {
    this.end();
    this.pause = pause;
    const result = await pause.settled;
    if (this.pause !== pause) return result;
    this.byPartials = result === null;
    const score = this.judge(pause, result === null ? partial() : textOf(result));
    return worthPreparing(score) ? result : null;
  }

  /** The transcript so far is `text` now. */
  revise(text: string): void {
    if (this.pause !== null && this.byPartials) this.judge(this.pause, text);
  }

  /** The pause is over, with the turn or without. */
  end(): void {
    this.pause = null;
    this.byPartials = false;
    this.current = null;
  }

  private judge({ voice, spokenMs, language }: Pause, text: string): number {
    const words = text.split(/\s+/u).filter((word) => word !== '').length;
    const wordsPerSecond = words < LEAST_WORDS || spokenMs <= 0 ? null : (words * 1000) / spokenMs;
    const score = scorePause({ ending: judgeEnding(text, language), voice, wordsPerSecond });
    this.current = score;
    this.onJudged(score);
    return score;
  }
}

function textOf(result: SpeechResult): string {
  return result.type === 'heard' ? result.text : '';
}
