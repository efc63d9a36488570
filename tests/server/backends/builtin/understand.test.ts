import { describe, expect, it } from 'vitest';
import type { Intent } from '../../../../src/server/backends/builtin/intent';
import { understandConversation } from '../../../../src/server/backends/builtin/understand';
import { clean, heldOut, slips, type Utterance, unrelated } from './utterances';

const NOW = new Date('2026-11-22T15:45:10Z');

/** What the last of `texts` means after the others. */
function meaning(...texts: string[]): string {
  const messages = texts.map((text) => ({ role: 'user' as const, text }));
  const intent: Intent | null = understandConversation(messages, NOW, 'UTC');
  if (intent === null) return 'nothing';
  return intent.kind === 'chat' ? `chat/${intent.topic}` : intent.kind;
}

/** The rows that were understood otherwise, as lines to read. */
function wrong(table: readonly Utterance[]): string[] {
  return table.flatMap(({ text, meant }) => {
    const found = meaning(text);
    return found === meant ? [] : [`"${text}" is ${meant}, taken for ${found}`];
  });
}

describe('what is meant', () => {
  it('has tables that are large enough to measure on', () => {
    expect(clean.length + slips.length + unrelated.length).toBeGreaterThan(350);
    expect(new Set(unrelated.map(({ text }) => text)).size).toBe(unrelated.length);
  });

  it('is understood in plain words, every time', () => {
    expect(wrong(clean)).toEqual([]);
  });

  it('is understood through the slips of a recogniser, nine times in ten', () => {
    const missed = wrong(slips);
    console.log(`slips understood: ${slips.length - missed.length} of ${slips.length}`, missed);
    expect(missed.length).toBeLessThanOrEqual(slips.length * 0.1);
  });

  it('is never believed of an unrelated question', () => {
    expect(wrong(unrelated)).toEqual([]);
  });

  it('is hardly ever believed of unrelated questions that nothing was fitted to', () => {
    const believed = wrong(heldOut);
    console.log(`held out, believed: ${believed.length} of ${heldOut.length}`, believed);
    expect(believed.length).toBeLessThanOrEqual(heldOut.length * 0.02);
  });

  it.each([
    ['time', ['what time is in', 'what time it is', 'what time as it', 'but time is it', 'what tine is it']],
    [
      'chat/help',
      ['what can you to', 'what kenya do', 'what can he do', 'which can you do', 'but can you do'],
    ],
    ['chat/joke', ['tell me a joe', 'tell me joke', 'tell me the joke', 'till me a joke', 'tell me a choke']],
    ['chat/stop', ['stopped', 'top', 'the stop', 'stop it', 'stop stop']],
  ])('takes every slip of the first questions for %s', (meant, texts) => {
    expect(texts.map((text) => meaning(text))).toEqual(texts.map(() => meant));
  });

  it.each([
    // What a follow-up refers to.
    [['what time is it', 'and in paris'], 'time'],
    [['what time is it', 'thanks', 'what about tokyo'], 'time'],
    [['what is two plus two', 'times two'], 'calculate'],
    [['convert ten miles to kilometers', 'in feet'], 'convert'],
    [['set a timer', 'ten minutes'], 'set-timer'],
    [['set a timer', 'hero damage', 'ten minutes'], 'set-timer'],
    [['remind me to call bob', 'tomorrow at nine'], 'remind'],
    [['flip a coin', 'again'], 'coin'],
    [['tell me a joke', 'another one'], 'chat/joke'],
    // What only looks like one.
    [['what time is it', 'what about dinner'], 'need-model'],
    [['what time is it', 'in a minute'], 'need-model'],
    [['what time is it', 'parish'], 'need-model'],
    [['what is two plus two', 'what about that'], 'need-model'],
    [['what is two plus two', 'double trouble'], 'need-model'],
    [['convert ten miles to kilometers', 'what about five dogs'], 'need-model'],
    [['cancel the timer', 'the weather is nice'], 'need-model'],
    [['remind me to call bob', 'what is the weather tomorrow'], 'need-model'],
    [['set a timer', 'stop', 'ten minutes'], 'need-model'],
    [['set a timer', 'i have ten minutes before the meeting'], 'need-model'],
  ])('follows a conversation: %j is %s', (texts, meant) => {
    expect(meaning(...texts)).toBe(meant);
  });
});
