import { toError } from '../../shared/log';
import type { LlmConversation } from '../backends';
import type { SpeechResult } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import { checkVoice, patchTools } from '../session-patch';
import type { ResponseParams } from '../wire/client-event-schema';
import { ClientError } from '../wire/errors';
import { newId } from '../wire/ids';
import { type SessionConfig, voiceName } from '../wire/session-config';
import { fromWireFormat } from '../wire/wire-audio';
import { callsAllowed } from './llm-request';
import { Questions, said } from './questions';
import { ResponseWriter } from './response-events';
import { type Asked, ResponseRun, traceFirst } from './response-run';
import { type PreparedAnswer, type Question, Speculation } from './speculation';
import { NOTHING_HELD, type ServerTools, type ToolHold } from './tool-kinds';

interface Start {
  params: ResponseParams;
  voice: string;
  outOfBand: boolean;
  prepared: PreparedAnswer | null;
  /** See `ResponseFacts`. */
  maxCalls: number;
  hold: ToolHold;
}

/** Runs responses: at most one in the conversation, any number out of band. */
export class Responses {
  private readonly active = new Map<string, ResponseRun>();
  private llm: LlmConversation | null = null;
  private readonly unasked: string[] = [];
  private closed = false;
  private readonly speculation = new Speculation();
  private readonly questions: Questions;
  /** Model audio exists in this session, which freezes its voice. */
  audioSpoken = false;

  /**
   * `canSpeakUp` says whether nobody is speaking or waiting for an answer; `onEnd` follows each `response.done`.
   * `serverTools` are those that the server runs, null for none: they join the tools of every request, and a call of
   * one becomes the output item that it says.
   */
  constructor(
    private readonly context: SessionContext,
    private readonly conversationId: string,
    private readonly listener: { canSpeakUp(): boolean; onEnd(): void },
    private readonly serverTools: ServerTools | null = null,
  ) {
    this.questions = new Questions(context, () => this.openLlm(), serverTools);
  }

  /** The LLM can look at images. */
  get sees(): boolean {
    return this.llm?.sees ?? false;
  }

  /** Opens the LLM ahead of the first request, so that what it remembers (a timer) can speak up. */
  prepare(): void {
    try {
      this.openLlm();
    } catch (cause) {
      this.context.log.warn('the language model is not available', { error: toError(cause) });
    }
  }

  /** Starts a response. Throws a ClientError when it is refused; no response event is sent then. */
  create(given: ResponseParams = {}): void {
    const config = this.context.config();
    // A server that the session knows is reached as the session reaches it.
    const params =
      given.tools === undefined ? given : { ...given, tools: patchTools(config.tools, given.tools) };
    const outOfBand = params.conversation === 'none';
    const voice = params.audio?.output?.voice ?? config.voice;
    if (!outOfBand) this.refuseSecond();
    checkVoice(config, voice, this.audioSpoken, 'response.audio.output.voice');
    const hold = this.hold(params, config);
    try {
      // Servers that belong to this response are asked for their tools first.
      const offer = hold.ready === null ? this.questions.offer(params, config, hold.tools()) : null;
      const entries = this.questions.entries(params, this.sees);
      const prepared = outOfBand ? null : this.speculation.take();
      const maxCalls = callsAllowed(params, config);
      this.start({ params, voice: voiceName(voice), outOfBand, prepared, maxCalls, hold }, async () => {
        await hold.ready;
        const known = offer ?? this.questions.offer(params, config, hold.tools());
        return this.questions.source(entries, params, config, known);
      });
    } catch (cause) {
      hold.release();
      throw cause;
    }
  }

  /**
   * Begins to answer the turn `itemId` before it is over; `settled` is what was said if it is. The answer is held back
   * until `create` asks for the very same.
   */
  prepareAnswer(itemId: string, settled: Promise<SpeechResult | null>): void {
    if (this.closed || this.inConversation() !== undefined || !this.llm?.canPrepare) return;
    this.speculation.begin(settled, (text) => this.guess(itemId, text), traceFirst(this.context, true));
  }

  /** What was prepared is not wanted. */
  dropPrepared(): void {
    this.speculation.drop();
  }

  /** An answer is likely to be wanted soon. */
  warm(): void {
    this.llm?.warm?.();
  }

  /** Stops the response `responseId`, or the one in the conversation. Throws a ClientError when there is none. */
  cancel(responseId?: string): void {
    const active = responseId === undefined ? this.inConversation() : this.active.get(responseId);
    if (active === undefined) {
      throw new ClientError('response_cancel_not_active', 'There is no active response to cancel.');
    }
    active.end({ status: 'cancelled', reason: 'client_cancelled' });
  }

  /** The user began to speak. */
  interrupt(): void {
    this.inConversation()?.end({ status: 'cancelled', reason: 'turn_detected' });
  }

  /** Says `text` as a response of its own, as soon as nobody is speaking. */
  speakUp(text: string): void {
    this.unasked.push(text);
    this.sayUnasked();
  }

  /** To be called when somebody stopped speaking. */
  sayUnasked(): void {
    if (this.closed || this.inConversation() !== undefined || !this.listener.canSpeakUp()) return;
    const text = this.unasked.shift();
    if (text === undefined) return;
    const voice = voiceName(this.context.config().voice);
    const start = { params: {}, voice, outOfBand: false, prepared: null, maxCalls: 0, hold: NOTHING_HELD };
    this.start(start, async () => said(text));
  }

  close(): void {
    this.closed = true;
    this.speculation.drop();
    for (const run of this.active.values()) run.abort();
    this.active.clear();
    this.llm?.close();
    this.llm = null;
  }

  private hold(params: ResponseParams, config: SessionConfig): ToolHold {
    const choice = params.tool_choice ?? config.toolChoice;
    return this.serverTools?.hold(params.tools ?? config.tools, choice) ?? NOTHING_HELD;
  }

  private refuseSecond(): void {
    const active = this.inConversation();
    if (active === undefined) return;
    throw new ClientError(
      'conversation_already_has_active_response',
      `The conversation already has an active response: ${active.id}. Wait until it is done, or cancel it.`,
    );
  }

  private inConversation(): ResponseRun | undefined {
    return [...this.active.values()].find(({ outOfBand }) => !outOfBand);
  }

  private start(
    { params, voice, outOfBand, prepared, maxCalls, hold }: Start,
    ask: () => Promise<Asked>,
  ): void {
    const config = this.context.config();
    const id = newId('resp');
    const format = params.audio?.output?.format;
    const writer = new ResponseWriter(
      {
        id,
        conversationId: outOfBand ? null : this.conversationId,
        modality: params.output_modalities?.[0] ?? config.outputModality,
        format: format === undefined ? config.outputFormat : fromWireFormat(format),
        voice,
        maxCalls,
        maxOutputTokens: params.max_output_tokens ?? config.maxOutputTokens,
        metadata: params.metadata ?? null,
      },
      this.context.conversation,
      this.context.emit,
      (name) => hold.tools().kindOf(name),
    );
    const run = new ResponseRun(id, outOfBand, writer, this.context, {
      onSound: () => {
        this.audioSpoken = true;
      },
      onEnding: () => {
        this.active.delete(id);
      },
      onEnd: () => {
        hold.release();
        this.listener.onEnd();
      },
    });
    this.active.set(id, run);
    writer.begin();
    void run.answer(ask, this.questions.speaker(params), prepared);
  }

  private guess(itemId: string, text: string): Question | null {
    return this.closed || this.inConversation() !== undefined ? null : this.questions.guess(itemId, text);
  }

  private openLlm(): LlmConversation {
    this.llm ??= this.context.backends.llm.open({ speakUp: (text) => this.speakUp(text) });
    return this.llm;
  }
}
