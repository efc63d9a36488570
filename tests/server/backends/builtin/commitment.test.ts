/** Answers that are made on the guess that a turn is over. */
import { describe, expect, it } from 'vitest';
import type { LlmConversation, LlmPart } from '../../../../src/server/backends/index';
import { assistant } from './helpers';

const REQUEST = {
  instructions: '',
  tools: [],
  toolChoice: 'auto',
  parallelToolCalls: null,
  maxOutputTokens: null,
} as const;
const NEVER = new Promise<void>(() => undefined);

function ask(conversation: LlmConversation, text: string, committed: Promise<void>) {
  const controller = new AbortController();
  const request = { ...REQUEST, tools: [], messages: [{ role: 'user' as const, text }] };
  return { controller, parts: conversation.respond(request, controller.signal, committed) };
}

/** Text up to where the answer waits for its commitment, or ends. */
async function textBefore(parts: AsyncIterable<LlmPart>): Promise<string> {
  let text = '';
  for await (const part of parts) {
    if (part.type === 'pause') break;
    if (part.type === 'text') text += part.text;
  }
  return text;
}

describe('an answer that is not wanted', () => {
  it('sets no timer, and is not remembered', async () => {
    const { open } = assistant();
    const talk = open();
    await talk.say('hello');
    const { parts, controller } = ask(talk.conversation, 'set a timer for ten seconds', NEVER);
    expect(await textBefore(parts)).toBe('Your timer is set for 10 seconds.');
    controller.abort();
    expect(await talk.say('how much time is left')).toBe('You have no timers or reminders.');
  });

  it('cancels no timer', async () => {
    const { open } = assistant();
    const talk = open();
    await talk.say('set a timer for ten minutes');
    const { parts, controller } = ask(talk.conversation, 'cancel the timer', NEVER);
    expect(await textBefore(parts)).toBe('Okay, I cancelled your 10 minute timer.');
    controller.abort();
    expect(await talk.say('how much time is left')).toBe('Your 10 minute timer has 10 minutes left.');
  });

  it('needs no commitment to be said when it does nothing', async () => {
    const { open } = assistant();
    const { parts } = ask(open().conversation, 'what time is it', NEVER);
    const seen: string[] = [];
    for await (const part of parts) seen.push(part.type);
    expect(seen.at(-1)).toBe('usage');
    expect(seen).not.toContain('pause');
  });
});

describe('an answer that is wanted after all', () => {
  it('sets the timer once, and only then', async () => {
    const { clock, open } = assistant();
    const talk = open();
    let commit = () => {};
    const committed = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { parts } = ask(talk.conversation, 'set a timer for ten seconds', committed);
    const reading = (async () => {
      const all: LlmPart[] = [];
      for await (const part of parts) {
        all.push(part);
        if (part.type === 'pause') {
          clock.advance(60_000);
          expect(talk.spokenUp).toEqual([]);
          commit();
        }
      }
      return all;
    })();
    const all = await reading;
    expect(all.at(-1)?.type).toBe('usage');
    clock.advance(10_000);
    expect(talk.spokenUp).toEqual(['Your 10 second timer is done.']);
    clock.advance(100_000);
    expect(talk.spokenUp).toHaveLength(1);
  });

  it('sets it even when the reader stops listening in the middle', async () => {
    const { clock, open } = assistant();
    const talk = open();
    const { parts } = ask(talk.conversation, 'set a timer for ten seconds', Promise.resolve());
    for await (const part of parts) if (part.type === 'text') break;
    clock.advance(10_000);
    expect(talk.spokenUp).toEqual(['Your 10 second timer is done.']);
  });
});
