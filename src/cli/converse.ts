/** A spoken conversation without devices: questions from WAV files, in real time, over the protocol. */
import { type Clock, systemClock } from '../client/clock';
import { type Connection, createConnection, type Target } from '../client/connection';
import { createSession, type Session } from '../client/session';
import { DEFAULT_TRANSCRIPTION_MODEL } from '../client/session-config';
import { CHUNK_SAMPLES, type Pcm16, rms, samplesToMs } from '../shared/audio';
import type { Problem } from '../shared/ipc';
import type { Logger } from '../shared/log';
import { defaultSettings } from '../shared/settings';
import { type ClockSpeaker, createClockSpeaker } from './clock-speaker';
import { entriesOf, reportOf, type Turn, TurnLog, type TurnReport } from './turn-log';
import { createWavMicrophone, type WavMicrophone } from './wav-microphone';

export interface Utterance {
  /** The file it came from, for people. */
  name: string;
  pcm: Pcm16;
}

export interface ConverseOptions {
  target: Target;
  questions: Utterance[];
  /** Spoken `afterMs` milliseconds after the first sound of the first answer, which it must cut. */
  bargeIn: (Utterance & { afterMs: number }) | null;
  /** How long an answer may take to begin. */
  answerTimeoutMs: number;
  log: Logger;
  clock?: Clock;
  /** A finished turn, and when the user and the answer began to speak, in ms since the conversation began. */
  onTurn?(report: TurnReport, userAtMs: number, answerAtMs: number | null): void;
}

export interface ConverseResult {
  turns: TurnReport[];
  /** Whole sentences; empty when every turn was answered. */
  errors: string[];
  /** All that the speaker rendered, 24 kHz. */
  recording: Pcm16;
}

const CONNECT_TIMEOUT_MS = 15_000;
/** An answer that goes on for longer is not waited for. */
const ANSWER_MAX_MS = 10 * 60_000;
/** Transcriptions and confirmations may come after the answer. */
const LATE_EVENT_MS = 5000;
const POLL_MS = 10;
/** RMS below which a chunk is no speech: -50 dB of full scale. */
const SPEECH_LEVEL = 0.003;

/** Holds the conversation and ends it. Never throws for what a server or a network does: that is in `errors`. */
export async function converse(options: ConverseOptions): Promise<ConverseResult> {
  const { target, questions, bargeIn, log, clock = systemClock } = options;
  const connection = createConnection({ resolveTarget: async () => target, log, clock, reconnect: false });
  const turnLog = new TurnLog();
  const microphone = createWavMicrophone(clock);
  const speaker = createClockSpeaker(clock, (itemId) => turnLog.sound(itemId, clock.now()));
  const session = createSession({
    connection,
    microphone,
    speaker,
    log,
    clock,
    config: {
      instructions: defaultSettings.instructions,
      voice: defaultSettings.voice,
      turnDetection: defaultSettings.turnDetection,
      interruption: defaultSettings.interruption,
      talkMode: 'free-mic',
      preRoll: false,
      transcriptionModel: DEFAULT_TRANSCRIPTION_MODEL,
    },
  });
  const talk = new Talk({ ...options, clock, connection, session, microphone, speaker, turnLog });
  try {
    if (await talk.connect()) {
      for (const [index, question] of questions.entries()) {
        if (!(await talk.ask(question, index === 0 ? bargeIn : null))) break;
      }
    }
  } finally {
    await session.close();
    microphone.close();
    speaker.close();
  }
  return {
    turns: turnLog.report(session.conversation),
    errors: talk.errors,
    recording: speaker.recording(),
  };
}

interface TalkParts extends ConverseOptions {
  clock: Clock;
  connection: Connection;
  session: Session;
  microphone: WavMicrophone;
  speaker: ClockSpeaker;
  turnLog: TurnLog;
}

/** One conversation while it is held. */
class Talk {
  readonly errors: string[] = [];
  private readonly beganAtMs: number;
  private configured = false;

  constructor(private readonly parts: TalkParts) {
    const { clock, connection, session, turnLog } = parts;
    this.beganAtMs = clock.now();
    session.onConversation((event) => {
      if (event.type === 'session.updated') this.configured = true;
      turnLog.observe(event);
    });
    session.onProblem((problem) => this.report(problem));
    connection.onStatus(({ problem }) => {
      if (problem) this.report(problem);
    });
  }

  /** Connects and waits until the server has taken the session's settings. */
  async connect(): Promise<boolean> {
    this.parts.session.start();
    if (await this.until(() => this.configured, CONNECT_TIMEOUT_MS)) return true;
    if (this.errors.length === 0) this.errors.push('The server did not take the settings of the session.');
    return false;
  }

  /** Asks, and waits until the answer was played out. False when the conversation cannot go on. */
  async ask(question: Utterance, bargeIn: ConverseOptions['bargeIn']): Promise<boolean> {
    const turn = await this.speak(question);
    if (!bargeIn) return this.finish(turn, question);

    const { clock, answerTimeoutMs } = this.parts;
    if (!(await this.until(() => turn.soundsAtMs.length > 0, answerTimeoutMs))) {
      return this.finish(turn, question);
    }
    const at = (turn.soundsAtMs[0] ?? 0) + bargeIn.afterMs;
    await this.until(() => clock.now() >= at, bargeIn.afterMs + POLL_MS);
    const second = await this.speak(bargeIn);
    const goesOn = await this.finish(second, bargeIn, turn);
    if (!turn.interrupted) this.errors.push(`The answer to ${question.name} was not cut by ${bargeIn.name}.`);
    else if (!(await this.until(() => turn.truncated, LATE_EVENT_MS))) {
      this.errors.push(`The server did not confirm where the answer to ${question.name} was cut.`);
    }
    return goesOn;
  }

  private async speak({ pcm }: Utterance): Promise<Turn> {
    const { clock, microphone, turnLog } = this.parts;
    const turn = turnLog.begin(clock.now());
    await microphone.say(pcm);
    turn.speechEndAtMs = clock.now() - samplesToMs(pcm.length - speechEnd(pcm));
    return turn;
  }

  private async finish(turn: Turn, { name }: Utterance, before?: Turn): Promise<boolean> {
    const { session, speaker, answerTimeoutMs } = this.parts;
    const user = () => entriesOf(turn, session.conversation, 'user');
    const transcribed = () => user().every((entry) => !entry.partial);
    const understoodNothing = () =>
      turn.itemIds.size > 0 && transcribed() && user().every((entry) => entry.text.trim() === '');
    const quiet = () => {
      const { userSpeaking, responseOpen, playing } = session.state;
      return !userSpeaking && !responseOpen && !playing && speaker.idle;
    };
    const begun = () => turn.soundsAtMs.length > 0 || turn.answered || (understoodNothing() && quiet());

    if (await this.until(begun, answerTimeoutMs)) {
      await this.until(() => quiet() && (turn.answered || understoodNothing()), ANSWER_MAX_MS);
      await this.until(transcribed, LATE_EVENT_MS);
    }
    this.judge(turn, name, understoodNothing());
    this.show(before);
    this.show(turn);
    return this.alive;
  }

  private judge(turn: Turn, name: string, understoodNothing: boolean): void {
    const { answerTimeoutMs } = this.parts;
    if (turn.itemIds.size === 0 && this.alive) this.errors.push(`The server heard no speech in ${name}.`);
    else if (understoodNothing) this.errors.push(`Nothing was understood of ${name}.`);
    else if (!turn.answered && this.alive) {
      this.errors.push(`${name} was not answered within ${answerTimeoutMs / 1000} s.`);
    } else if (turn.answered && turn.soundsAtMs.length === 0) {
      this.errors.push(`${name} was answered without sound.`);
    }
  }

  private show(turn: Turn | undefined): void {
    const { onTurn, session } = this.parts;
    if (!turn || !onTurn) return;
    const report = reportOf(turn, session.conversation);
    const answerAt = turn.soundsAtMs[0];
    onTurn(
      report,
      turn.begunAtMs - this.beganAtMs,
      answerAt === undefined ? null : answerAt - this.beganAtMs,
    );
  }

  private get alive(): boolean {
    return this.parts.connection.status.state === 'connected';
  }

  private report({ code, detail }: Problem): void {
    this.errors.push(`${code}: ${detail}`);
  }

  /** Whether `holds` came true in time. Gives up at once when the connection is gone. */
  private async until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    const { clock, connection } = this.parts;
    const deadline = clock.now() + timeoutMs;
    while (!holds()) {
      if (clock.now() >= deadline || connection.status.state === 'disconnected') return false;
      await new Promise<void>((resolve) => clock.after(POLL_MS, resolve));
    }
    return true;
  }
}

/** Samples up to the end of the last 20 ms that are loud enough to be speech; all of them when none is. */
export function speechEnd(pcm: Pcm16): number {
  for (let end = pcm.length; end > 0; end -= CHUNK_SAMPLES) {
    if (rms(pcm.subarray(Math.max(0, end - CHUNK_SAMPLES), end)) >= SPEECH_LEVEL) return end;
  }
  return pcm.length;
}
