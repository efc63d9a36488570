import { describe, expect, it } from 'vitest';
import { wordParts } from '../../../../src/server/backends/builtin/stream';
import { LlmError, type LlmPart } from '../../../../src/server/backends/index';
import { assistant, partsOf, textOf } from './helpers';

const TIME = [{ role: 'user' as const, text: 'what time is it' }];
const HELP = [{ role: 'user' as const, text: 'what can you do' }];

describe('streaming', () => {
  it('comes word by word, then the count of words', async () => {
    const { conversation } = assistant().open();
    expect(await partsOf(conversation, TIME)).toEqual([
      { type: 'text', text: "It's " },
      { type: 'text', text: '3:45 ' },
      { type: 'text', text: 'PM.' },
      { type: 'usage', inputTokens: 4, outputTokens: 3 },
    ]);
  });

  it('loses nothing of the text', () => {
    for (const text of ['It is  so.', '现在是15点45分。好。', 'a\nb', ' x ', '']) {
      expect(wordParts(text).join('')).toBe(text);
    }
  });

  it('ends quietly at an abort, between words', async () => {
    const { conversation } = assistant().open();
    const abort = new AbortController();
    const heard: LlmPart[] = [];
    const request = {
      instructions: '',
      messages: HELP,
      tools: [],
      parallelToolCalls: null,
      maxOutputTokens: null,
    };
    for await (const part of conversation.respond({ ...request, toolChoice: 'auto' }, abort.signal)) {
      heard.push(part);
      if (heard.length === 5) abort.abort();
    }
    expect(heard.map((part) => part.type)).toEqual(['text', 'text', 'text', 'text', 'text']);
  });

  it('does nothing at all when aborted before', async () => {
    const talk = assistant().open();
    const messages = [{ role: 'user' as const, text: 'set a timer for ten seconds' }];
    expect(await partsOf(talk.conversation, messages, {}, AbortSignal.abort())).toEqual([]);
    expect(await talk.say('how much time is left')).toBe('You have no timers or reminders.');
  });

  it('lets other work go on between words', async () => {
    const { conversation } = assistant().open();
    let turns = 0;
    let running = true;
    const count = () => {
      turns++;
      if (running) setImmediate(count);
    };
    setImmediate(count);
    const parts = await partsOf(conversation, HELP);
    running = false;
    expect(turns).toBeGreaterThanOrEqual(parts.length / 2);
  });

  it('stops at the limit of words and says so', async () => {
    const { conversation } = assistant().open();
    const parts = await partsOf(conversation, HELP, { maxOutputTokens: 3 });
    expect(textOf(parts)).toBe('I can tell ');
    expect(parts.slice(3)).toEqual([
      { type: 'stopped', reason: 'max_output_tokens' },
      { type: 'usage', inputTokens: 4, outputTokens: 3 },
    ]);
  });

  it('says that it is not cut when the limit is just enough', async () => {
    const { conversation } = assistant().open();
    const parts = await partsOf(conversation, TIME, { maxOutputTokens: 3 });
    expect(parts.map((part) => part.type)).toEqual(['text', 'text', 'text', 'usage']);
  });

  it.each(['required' as const, { name: 'get_weather' }])(
    'refuses a forced tool (%j)',
    async (toolChoice) => {
      const { conversation } = assistant().open();
      const failure = partsOf(conversation, TIME, { toolChoice });
      await expect(failure).rejects.toBeInstanceOf(LlmError);
      await expect(failure).rejects.toThrow('cannot call tools');
    },
  );

  it('leaves tools alone that it may choose', async () => {
    const { conversation } = assistant().open();
    const tools = [{ name: 'now', description: 'the time', parameters: {} }];
    expect(textOf(await partsOf(conversation, TIME, { tools }))).toBe("It's 3:45 PM.");
  });
});
