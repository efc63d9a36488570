import type { Pcm16 } from '../../shared/audio';
import type { SpeechResult } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import type { SessionConfig } from '../wire/session-config';
import type { OpenTurn } from './open-turn';
import { PauseJudge } from './pause-judge';
import { turnOverProbability, waitMs } from './semantic-turn';
import { hearEnd } from './semantic-voice';
import { type PaddedTurnOptions, turnOptions } from './turn-options';

/** A pause, as it begins. Times are milliseconds of input audio. */
interface Began {
  open: OpenTurn;
  lastSoundMs: number;
  /** Of what is buffered. */
  startMs: number;
  /** What is buffered, at 16 kHz. */
  audio(): Pcm16;
}

interface Pause extends Began {
  settled: Promise<SpeechResult | null>;
}

/** The pauses within a turn: what was said when one began, and for semantic_vad the judgement whether the turn is over. */
export class TurnPauses {
  private readonly judge = new PauseJudge((score) => this.judged(score));
  private current: Pause | null = null;

  /** `onJudged` follows each judgement: the silence so far may have been long enough. */
  constructor(
    private readonly context: SessionContext,
    private readonly audioEndMs: () => number,
    private readonly onJudged: () => void,
  ) {}

  /** What the detector is to do now; null when the client ends its turns itself. */
  options(): PaddedTurnOptions | null {
    const { turnDetection } = this.context.config();
    return turnDetection === null ? null : turnOptions(turnDetection, this.judge.score);
  }

  /** Gives what was said if that was all; null when the STT cannot tell, or when more is likely to come. */
  begin(began: Began): Promise<SpeechResult | null> {
    this.context.trace({ kind: 'speech-end', audioMs: began.lastSoundMs });
    const settled = began.open.utterance.settle();
    void settled.then((result) => {
      if (result !== null) this.context.trace({ kind: 'transcript', prepared: true });
    });
    this.current = { ...began, settled };
    const semantic = this.context.config().turnDetection?.type === 'semantic_vad';
    return semantic ? this.judgeNow(this.current) : settled;
  }

  /** The turn detection is of another type than before: a pause that server_vad measured has not been judged. */
  rejudge(): void {
    if (this.current === null || this.context.config().turnDetection?.type !== 'semantic_vad') return;
    void this.judgeNow(this.current);
  }

  /** The transcript so far of the turn that pauses, or does not. */
  revise(text: string): void {
    this.judge.revise(text);
  }

  /** The user goes on, or the turn is over. */
  end(): void {
    this.current = null;
    this.judge.end();
  }

  private judgeNow({ open, lastSoundMs, startMs, audio, settled }: Pause): Promise<SpeechResult | null> {
    const language = languageOf(this.context.config());
    const pause = { settled, voice: hearEnd(audio()), spokenMs: lastSoundMs - startMs, language };
    return this.judge.begin(pause, () => open.partial);
  }

  private judged(score: number): void {
    const { turnDetection } = this.context.config();
    if (turnDetection?.type !== 'semantic_vad' || this.current === null) return;
    this.context.trace({
      kind: 'turn-judged',
      probability: turnOverProbability(score, this.audioEndMs() - this.current.lastSoundMs),
      waitMs: waitMs(score, turnDetection.eagerness),
    });
    this.onJudged();
  }
}

/** The language that is spoken, if the client named one. */
function languageOf({ transcription }: SessionConfig): string | null {
  const { language, languages = [] } = transcription ?? {};
  return language || (languages.length === 1 && languages[0]) || null;
}
