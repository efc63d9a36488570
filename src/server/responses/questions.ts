import { SAMPLE_RATE } from '../../shared/audio';
import { EngineError, type LlmConversation } from '../backends';
import { type Entry, speechMs } from '../conversation/conversation';
import { checkImages } from '../conversation/images';
import { createEntry, spokenUserItem } from '../conversation/items';
import type { SpeechResult } from '../conversation/utterance';
import type { SessionContext } from '../session-context';
import type { ResponseParams } from '../wire/client-event-schema';
import { ClientError } from '../wire/errors';
import { type SessionConfig, voiceName } from '../wire/session-config';
import { llmRequest, offerTools, type ToolOffer } from './llm-request';
import type { AnswerSource, Speaker } from './response';
import type { Question } from './speculation';
import { NO_TOOLS, type ServerTools, type ToolSet } from './tool-kinds';
import { estimateInput, type InputTokens, NO_INPUT } from './usage';

/** Said when an answer is asked for and nothing was recognised: there is no user text to put to the LLM. */
const NOTHING_HEARD = "Sorry, I didn't catch that.";

/** An answer that is known already: nothing is read for it. */
export function said(text: string): { source: AnswerSource; input: InputTokens } {
  return { source: { type: 'text', text }, input: NO_INPUT };
}

/** From a session's conversation to what an answer is made from. */
export class Questions {
  constructor(
    private readonly context: SessionContext,
    private readonly openLlm: () => LlmConversation,
    private readonly serverTools: ServerTools | null,
  ) {}

  /** What may be called in answering. Throws a ClientError when something must be called that is not there. */
  offer(params: ResponseParams, config: SessionConfig, serverTools: ToolSet): ToolOffer {
    return offerTools(params, config, serverTools);
  }

  /**
   * What `params` wants answered. Throws a ClientError when it refers to an item that is not there, or shows an image
   * to an LLM that cannot look at it (`sees`).
   */
  entries(params: ResponseParams, sees: boolean): readonly Entry[] {
    const { conversation } = this.context;
    if (params.input === undefined) return conversation.all();
    const items = params.input.map((item, index) => {
      const param = `response.input[${index}]`;
      if (item.type === 'item_reference') {
        const entry = conversation.find(item.id);
        if (entry !== undefined) return entry;
        throw new ClientError('invalid_value', 'The item does not exist.', `${param}.id`);
      }
      checkImages(item, sees, param);
      return { item, param };
    });
    // Only now: what is refused must not have begun to be recognised.
    return items.map((item) =>
      'param' in item ? createEntry(item.item, this.context, item.param).entry : item,
    );
  }

  /**
   * What to answer from, once every spoken message in `entries` is recognised, and what that takes in. Rejects with an
   * EngineError when the last one was not.
   */
  async source(
    entries: readonly Entry[],
    params: ResponseParams,
    config: SessionConfig,
    offer: ToolOffer,
  ): Promise<{ source: AnswerSource; input: InputTokens }> {
    const snapshot = [...entries];
    await Promise.all(snapshot.map((entry) => entry.speech?.recognised));
    // Recognising ends with the session too; nobody would close a conversation that is opened for its answer.
    this.context.closing.throwIfAborted();
    // A list of tools may come between what was said and its answer.
    const last = snapshot.filter(({ item }) => item.type !== 'mcp_list_tools').at(-1);
    const result = last?.speech?.result;
    if (result?.type === 'nothing') return said(NOTHING_HEARD);
    if (result?.type === 'failed') throw new EngineError('stt', result.message, { cause: result.cause });
    const request = llmRequest(snapshot, params, config, offer);
    const audioMs = snapshot.reduce((sum, { speech }) => sum + (speech === null ? 0 : speechMs(speech)), 0);
    return { source: { type: 'llm', llm: this.openLlm(), request }, input: estimateInput(request, audioMs) };
  }

  /** What an answer would be made from if the turn `itemId` ended here, with `text`. */
  guess(itemId: string, text: string): Question | null {
    const { conversation, config } = this.context;
    const result: SpeechResult = { type: 'heard', text };
    const speech = {
      audio: new Int16Array(0),
      sampleRate: SAMPLE_RATE,
      recognised: Promise.resolve(result),
      result,
    };
    const entries = [
      ...conversation.all(),
      { id: itemId, item: spokenUserItem(itemId), speech, answer: null },
    ];
    if (entries.some((entry) => entry.speech !== null && entry.speech.result === null)) return null;
    const offer = this.offerOrNull();
    if (offer === null) return null;
    const request = llmRequest(entries, {}, config(), offer);
    return { source: { type: 'llm', llm: this.openLlm(), request }, speaker: this.speaker({}) };
  }

  /** null for what cannot be offered: whoever asks for a response is told then. */
  private offerOrNull(): ToolOffer | null {
    try {
      const config = this.context.config();
      return this.offer({}, config, this.serverTools?.among(config.tools) ?? NO_TOOLS);
    } catch (cause) {
      if (cause instanceof ClientError) return null;
      throw cause;
    }
  }

  /** Who speaks the answer. */
  speaker(params: ResponseParams): Speaker {
    const config = this.context.config();
    if ((params.output_modalities?.[0] ?? config.outputModality) === 'text') return null;
    const voice = voiceName(params.audio?.output?.voice ?? config.voice);
    return { tts: this.context.backends.tts, voice, speed: config.speed, room: this.context.room };
  }
}
