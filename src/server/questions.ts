import { SAMPLE_RATE } from '../shared/audio';
import { EngineError, type LlmConversation } from './backends';
import type { ResponseParams } from './client-event-schema';
import type { Entry } from './conversation';
import { ClientError } from './errors';
import { createEntry, spokenUserItem } from './items';
import { llmRequest } from './llm-request';
import type { AnswerSource, Speaker } from './response';
import { type SessionConfig, voiceName } from './session-config';
import type { SessionContext } from './session-context';
import type { Question } from './speculation';
import type { ServerTools } from './tool-kinds';
import type { SpeechResult } from './utterance';

/** Said when an answer is asked for and nothing was recognised: there is no user text to put to the LLM. */
const NOTHING_HEARD = "Sorry, I didn't catch that.";

/** From a session's conversation to what an answer is made from. */
export class Questions {
  constructor(
    private readonly context: SessionContext,
    private readonly openLlm: () => LlmConversation,
    private readonly serverTools: ServerTools | null,
  ) {}

  /** What `params` wants answered. Throws a ClientError when it refers to an item that is not there. */
  entries(params: ResponseParams): readonly Entry[] {
    const { conversation } = this.context;
    if (params.input === undefined) return conversation.all();
    return params.input.map((item, index) => {
      if (item.type !== 'item_reference') return createEntry(item, this.context).entry;
      const entry = conversation.find(item.id);
      if (entry !== undefined) return entry;
      throw new ClientError('invalid_value', 'The item does not exist.', `response.input[${index}].id`);
    });
  }

  /** What to answer from, once every spoken message in `entries` is recognised. */
  async source(
    entries: readonly Entry[],
    params: ResponseParams,
    config: SessionConfig,
  ): Promise<AnswerSource> {
    const snapshot = [...entries];
    await Promise.all(snapshot.map((entry) => entry.speech?.recognised));
    const result = snapshot.at(-1)?.speech?.result;
    if (result?.type === 'nothing') return { type: 'text', text: NOTHING_HEARD };
    if (result?.type === 'failed') throw new EngineError('stt', result.message, { cause: result.cause });
    return {
      type: 'llm',
      llm: this.openLlm(),
      request: llmRequest(snapshot, params, config, this.serverTools),
    };
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
    const request = llmRequest(entries, {}, config(), this.serverTools);
    return { source: { type: 'llm', llm: this.openLlm(), request }, speaker: this.speaker({}) };
  }

  /** Who speaks the answer. */
  speaker(params: ResponseParams): Speaker {
    const config = this.context.config();
    if ((params.output_modalities?.[0] ?? config.outputModality) === 'text') return null;
    const voice = voiceName(params.audio?.output?.voice ?? config.voice);
    return { tts: this.context.backends.tts, voice, speed: config.speed };
  }
}
