import { describe, expect, it } from 'vitest';
import { checkCommand } from '../../src/main/commands';

describe('commands from the page', () => {
  it.each<[unknown, unknown]>([
    ['ready', undefined],
    ['talk.mode', 'free-mic'],
    ['talk.mute', true],
    ['text.send', 'hello'],
    ['settings.update', { voice: 'cedar', turnDetection: { threshold: 0.7 } }],
    ['key.set', { name: 'openai', value: 'sk-1' }],
    ['microphone.status', { status: 'denied', detail: 'NotAllowedError' }],
  ])('%s with %j passes', (name, argument) => {
    expect(checkCommand(name, argument)).toEqual({ ok: true, name, argument });
  });

  it.each<[unknown, unknown]>([
    ['toString', undefined],
    ['__proto__', undefined],
    [7, undefined],
    ['ready', { extra: 1 }],
    ['talk.mode', 'loud'],
    ['text.send', ''],
    ['text.send', 'x'.repeat(20_000)],
    ['settings.update', { unknown: 1 }],
    ['settings.update', { turnDetection: { threshold: 2 } }],
    ['key.set', { name: 'aws', value: 'x' }],
    ['microphone.status', { status: 'open' }],
  ])('%s with %j is refused', (name, argument) => {
    expect(checkCommand(name, argument).ok).toBe(false);
  });

  it('a refusal never repeats a value, which may be a key', () => {
    const refused = checkCommand('key.set', { name: 'openai', value: 'sk-secret', more: 'sk-secret' });
    expect(JSON.stringify(refused)).not.toContain('sk-secret');
  });

  it('trims text and keys', () => {
    expect(checkCommand('key.set', { name: 'llm', value: ' sk-1\n' })).toMatchObject({
      argument: { value: 'sk-1' },
    });
  });
});
