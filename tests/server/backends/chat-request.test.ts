import { describe, expect, it } from 'vitest';
import type { LlmMessage, LlmRequest } from '../../../src/server/backends';
import { chatRequest } from '../../../src/server/backends/openai-compatible/request';

const REQUEST: LlmRequest = {
  instructions: '',
  messages: [],
  tools: [],
  toolChoice: 'auto',
  parallelToolCalls: null,
  maxOutputTokens: null,
};
const TOOLS = [{ name: 'dice', description: '', parameters: {} }];

const call = (callId: string): LlmMessage => ({ role: 'tool-call', callId, name: 'dice', arguments: '{}' });
const result = (callId: string): LlmMessage => ({ role: 'tool-result', callId, output: `of ${callId}` });
const user: LlmMessage = { role: 'user', text: 'Go on.' };

/** Messages in short: "u" for the user, "a" for the assistant with its calls, "t" for a result. */
function outline(messages: LlmMessage[]): string[] {
  const { messages: chat } = chatRequest({ ...REQUEST, messages }, 'm', false) as {
    messages: Array<{
      role: string;
      tool_calls?: Array<{ id: string }>;
      tool_call_id?: string;
      content: string;
    }>;
  };
  return chat.map(({ role, tool_calls = [], tool_call_id, content }) =>
    role === 'tool'
      ? `t ${tool_call_id}: ${content}`
      : [role[0], ...tool_calls.map(({ id }) => id)].join(' '),
  );
}

describe('tool calls for a chat server, which wants each result right behind its call', () => {
  const cases: Array<[string, LlmMessage[], string[]]> = [
    ['one', [user, call('1'), result('1')], ['u', 'a 1', 't 1: of 1']],
    ['two at once', [call('1'), call('2'), result('2'), result('1')], ['a 1 2', 't 1: of 1', 't 2: of 2']],
    [
      'one after the other',
      [call('1'), result('1'), call('2'), result('2')],
      ['a 1', 't 1: of 1', 'a 2', 't 2: of 2'],
    ],
    ['a user who speaks meanwhile', [call('1'), user, result('1')], ['a 1', 't 1: of 1', 'u']],
    ['a result that is not there yet', [call('1'), user], ['a 1', 't 1: There is no result yet.', 'u']],
    ['a result without its call', [user, result('9')], ['u']],
  ];
  it.each(cases)('%s', (_name, messages, expected) => expect(outline(messages)).toEqual(expected));
});

describe('a chat request', () => {
  it('shows images beside the text, and a text alone as a string', () => {
    const images = [{ url: 'data:image/png;base64,AA==', detail: 'low' } as const];
    const messages: LlmMessage[] = [
      { role: 'user', text: 'What is it?', images },
      { role: 'user', text: '', images },
      { role: 'user', text: 'Well?', images: [] },
    ];
    const picture = { type: 'image_url', image_url: images[0] };
    expect(chatRequest({ ...REQUEST, messages }, 'm', false).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'What is it?' }, picture] },
      { role: 'user', content: [picture] },
      { role: 'user', content: 'Well?' },
    ]);
  });

  it.each([true, false])('says parallel_tool_calls %s, and only with tools', (parallelToolCalls) => {
    const asked = chatRequest({ ...REQUEST, parallelToolCalls, tools: TOOLS }, 'm', false);
    expect(asked.parallel_tool_calls).toBe(parallelToolCalls);
    expect(chatRequest({ ...REQUEST, parallelToolCalls }, 'm', false)).not.toHaveProperty(
      'parallel_tool_calls',
    );
    expect(chatRequest({ ...REQUEST, tools: TOOLS }, 'm', false)).not.toHaveProperty('parallel_tool_calls');
  });
});
