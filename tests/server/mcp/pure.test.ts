import { describe, expect, it } from 'vitest';
import { checkServers, endpointOf } from '../../../src/server/mcp/endpoint';
import { outcomeOf, type ToolResult } from '../../../src/server/mcp/outcome';
import { isAllowed, needsApproval } from '../../../src/server/mcp/tool-filter';
import type { ListedTool } from '../../../src/server/mcp/wire-items';
import { llmName, uniqueNames } from '../../../src/server/responses/tool-names';
import type { McpTool } from '../../../src/server/wire/tool-schema';

const listed = (name: string, readOnlyHint?: boolean): ListedTool => ({
  name,
  description: '',
  inputSchema: {},
  annotations: readOnlyHint === undefined ? null : { readOnlyHint },
});
const read = listed('read', true);
const write = listed('write', false);
const silent = listed('silent');
const namesOf = (tools: ListedTool[]) => tools.map(({ name }) => name).join(' ');

describe('allowed_tools', () => {
  const check = (allowed: McpTool['allowed_tools'], expected: string) =>
    it(`${JSON.stringify(allowed)} allows ${expected || 'nothing'}`, () => {
      expect(namesOf([read, write, silent].filter((tool) => isAllowed(tool, allowed)))).toBe(expected);
    });
  check(undefined, 'read write silent');
  check(null, 'read write silent');
  check({}, 'read write silent');
  check([], '');
  check(['write', 'other'], 'write');
  check({ tool_names: ['read'] }, 'read');
  check({ read_only: true }, 'read');
  check({ read_only: false }, 'write silent');
  check({ read_only: true, tool_names: ['write', 'read'] }, 'read');
});

describe('require_approval', () => {
  const check = (approval: McpTool['require_approval'], asked: string) =>
    it(`${JSON.stringify(approval)} asks about ${asked || 'nothing'}`, () => {
      expect(namesOf([read, write, silent].filter((tool) => needsApproval(tool, approval)))).toBe(asked);
    });
  check(undefined, 'read write silent');
  check(null, 'read write silent');
  check('always', 'read write silent');
  check('never', '');
  check({}, 'read write silent');
  check({ never: {} }, 'read write silent');
  check({ never: { read_only: true } }, 'write silent');
  check({ never: { tool_names: ['write'] } }, 'read silent');
  check({ always: { tool_names: ['read'] } }, 'read write silent');
  check({ always: { tool_names: ['read'] }, never: { tool_names: ['read', 'write'] } }, 'read silent');
});

describe('names for the LLM', () => {
  const tool = (serverLabel: string, name: string) => ({ serverLabel, name });
  const check = (what: string, tools: Array<ReturnType<typeof tool>>, taken: string[], expected: string[]) =>
    it(what, () => {
      const named = uniqueNames(tools, taken);
      expect([...named.keys()]).toEqual(expected);
      expect([...named.values()]).toEqual(tools);
    });
  check('are the tools own', [tool('a', 'x'), tool('b', 'y')], ['z'], ['x', 'y']);
  check('have the label where two are the same', [tool('a', 'x'), tool('b', 'x')], [], ['a__x', 'b__x']);
  check('have the label where a function is called so', [tool('a', 'x')], ['x'], ['a__x']);
  check(
    'never meet another name',
    [tool('a', 'x'), tool('b', 'x'), tool('c', 'a__x')],
    [],
    ['a__x_2', 'b__x', 'a__x'],
  );
  check(
    'that differ only in what is replaced',
    [tool('a', 'x.y'), tool('b', 'x/y')],
    [],
    ['a__x_y', 'b__x_y'],
  );
  it('hold letters, digits, _ and - only, and at most 64', () => {
    expect(llmName('files.read/ä')).toBe('files_read__');
    expect(llmName('x'.repeat(100))).toHaveLength(64);
    const long = 'x'.repeat(70);
    expect(
      [...uniqueNames([tool('a', long), tool('a', long)], []).keys()].map((name) => name.length),
    ).toEqual([64, 64]);
  });
});

describe('what a tool answered', () => {
  const check = (what: string, result: ToolResult, expected: unknown) =>
    it(what, () => expect(outcomeOf(result, 100)).toEqual(expected));
  const output = (value: string) => ({ type: 'output', output: value });
  const failure = (message: string) => ({ type: 'error', error: { type: 'tool_execution_error', message } });
  const part = { type: 'text', text: 'one' };
  check('is its texts', { content: [part, { type: 'text', text: 'two' }] }, output('one\ntwo'));
  check(
    'names what is not text',
    { content: [part, { type: 'image', mimeType: 'image/png' }] },
    output('one\n[image: image/png]'),
  );
  check(
    'has the text of a resource',
    { content: [{ type: 'resource', resource: { text: 'r' } }] },
    output('r'),
  );
  check(
    'is its structure where there is no text',
    { content: [], structuredContent: { a: 1 } },
    output('{"a":1}'),
  );
  check('may be nothing', { content: [] }, output(''));
  check('may be a failure', { content: [part], isError: true }, failure('one'));
  check(
    'may be a failure without a word',
    { content: [], isError: true },
    failure('The tool failed and did not say why.'),
  );
  check(
    'has a limit',
    { content: [{ type: 'text', text: 'x'.repeat(101) }] },
    failure('The output of the tool is too long: 101 characters of at most 100.'),
  );
});

describe('a server', () => {
  const mcp = (fields: Partial<McpTool> = {}): McpTool => ({
    type: 'mcp',
    server_label: 'a',
    server_url: 'https://example.test/mcp',
    ...fields,
  });
  it('is sent the headers and the authorization, which comes first', () => {
    const tool = mcp({ headers: { 'X-Team': 'blue', Authorization: 'Basic x' }, authorization: 'token' });
    expect(endpointOf(tool, 't').headers).toEqual({ 'x-team': 'blue', authorization: 'Bearer token' });
  });
  const refuse = (what: string, tools: McpTool[], param: string) =>
    it(`is refused: ${what}`, () => {
      expect(() => checkServers(tools, 'session.tools')).toThrow(
        expect.objectContaining({ code: 'invalid_value', param }),
      );
    });
  refuse(
    'a label twice',
    [mcp(), mcp({ server_url: 'https://other.test/' })],
    'session.tools[1].server_label',
  );
  refuse(
    'a password in the URL',
    [mcp({ server_url: 'https://u:secret@example.test/' })],
    'session.tools[0].server_url',
  );
  refuse('a header with a line break', [mcp({ headers: { a: 'b\nc: d' } })], 'session.tools[0].headers');
  refuse('a token with a line break', [mcp({ authorization: 'a\nb' })], 'session.tools[0].authorization');
  refuse(
    'too many',
    Array.from({ length: 17 }, (_, i) => mcp({ server_label: `s${i}` })),
    'session.tools',
  );
  it('does not repeat a secret in the refusal', () => {
    expect(() => checkServers([mcp({ authorization: 'topsecret\n!' })], 'session.tools')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('topsecret') }),
    );
  });
});
