import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listModels } from '../../../src/client/chat-models';
import { LlmError, type LlmPart, type LlmRequest } from '../../../src/server/backends';
import {
  createOpenAiCompatibleLlm,
  type OpenAiCompatibleOptions,
} from '../../../src/server/backends/openai-compatible';

const KEY = 'sk-test-0123456789abcdef';

const REQUEST: LlmRequest = {
  instructions: 'Be brief.',
  messages: [{ role: 'user', text: 'Hello' }],
  tools: [],
  toolChoice: 'auto',
  parallelToolCalls: null,
  maxOutputTokens: null,
};

interface Seen {
  url: string | undefined;
  authorization: string | undefined;
  body: Record<string, unknown>;
  closed: Promise<void>;
}

let server: Server | null = null;

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = null;
});

/** A chat server that does what `script` says; gives its origin and what it was asked. */
async function serve(
  script: (response: ServerResponse) => void | Promise<void>,
): Promise<{ origin: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  server = createServer(async (request: IncomingMessage, response) => {
    const closed = new Promise<void>((resolve) => response.on('close', resolve));
    let text = '';
    for await (const part of request) text += part;
    seen.push({
      url: request.url,
      authorization: request.headers.authorization,
      body: text === '' ? {} : JSON.parse(text),
      closed,
    });
    await script(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

function stream(response: ServerResponse, chunks: unknown[], end = true): void {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
  for (const chunk of chunks) {
    response.write(`data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`);
  }
  if (end) response.end();
}

const text = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const finish = (reason: string) => ({ choices: [{ index: 0, delta: {}, finish_reason: reason }] });
const DONE = '[DONE]';

async function ask(
  options: Partial<OpenAiCompatibleOptions> & { baseUrl: string },
  request: Partial<LlmRequest> = {},
  signal = new AbortController().signal,
): Promise<LlmPart[]> {
  const llm = createOpenAiCompatibleLlm({ model: 'small', apiKey: KEY, ...options });
  const parts: LlmPart[] = [];
  const conversation = llm.open({ speakUp: () => undefined });
  for await (const part of conversation.respond({ ...REQUEST, ...request }, signal)) parts.push(part);
  return parts;
}

async function failure(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(LlmError);
  return (error as LlmError).message;
}

describe('chat completions: the way there', () => {
  it.each(['', '/', '/v1', '/v1/', '/v1/chat/completions'])(
    'finds the service below a base URL ending in "%s"',
    async (end) => {
      const { origin, seen } = await serve((response) =>
        stream(response, [text('Hi.'), finish('stop'), DONE]),
      );
      expect(await ask({ baseUrl: origin + end })).toEqual([{ type: 'text', text: 'Hi.' }]);
      expect(seen[0]).toMatchObject({ url: '/v1/chat/completions', authorization: `Bearer ${KEY}` });
    },
  );

  it('sends the conversation, the tools and the limit', async () => {
    const { origin, seen } = await serve((response) => stream(response, [finish('stop'), DONE]));
    await ask(
      { baseUrl: origin },
      {
        messages: [
          { role: 'user', text: 'Weather?' },
          { role: 'assistant', text: 'I look.' },
          { role: 'tool-call', callId: 'c1', name: 'weather', arguments: '{"in":"Paris"}' },
          { role: 'tool-call', callId: 'c2', name: 'weather', arguments: '{"in":"Rome"}' },
          { role: 'tool-result', callId: 'c1', output: 'rain' },
          { role: 'tool-result', callId: 'c2', output: 'sun' },
        ],
        tools: [{ name: 'weather', description: 'The weather', parameters: { type: 'object' } }],
        toolChoice: { name: 'weather' },
        maxOutputTokens: 50,
      },
    );
    expect(seen[0]?.body).toMatchObject({
      model: 'small',
      stream: true,
      max_tokens: 50,
      tools: [
        {
          type: 'function',
          function: { name: 'weather', description: 'The weather', parameters: { type: 'object' } },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: 'I look.',
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"in":"Paris"}' } },
            { id: 'c2', type: 'function', function: { name: 'weather', arguments: '{"in":"Rome"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'rain' },
        { role: 'tool', tool_call_id: 'c2', content: 'sun' },
      ],
    });
  });

  it('sends no key when there is none, and nothing about tools and limits', async () => {
    const { origin, seen } = await serve((response) => stream(response, [finish('stop'), DONE]));
    await ask({ baseUrl: origin, apiKey: null });
    expect(seen[0]?.authorization).toBeUndefined();
    expect(Object.keys(seen[0]?.body ?? {}).sort()).toEqual([
      'messages',
      'model',
      'stream',
      'stream_options',
    ]);
  });
});

describe('chat completions: the answer', () => {
  const answers: [name: string, chunks: unknown[], parts: LlmPart[]][] = [
    [
      'text piece by piece, and what it cost',
      [
        text('It is '),
        text('noon.'),
        finish('stop'),
        { choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } },
        DONE,
      ],
      [
        { type: 'text', text: 'It is ' },
        { type: 'text', text: 'noon.' },
        { type: 'usage', inputTokens: 9, outputTokens: 4 },
      ],
    ],
    [
      'a length limit',
      [text('It'), finish('length'), DONE],
      [
        { type: 'text', text: 'It' },
        { type: 'stopped', reason: 'max_output_tokens' },
      ],
    ],
    [
      'what it counted',
      [
        finish('stop'),
        {
          choices: [],
          usage: { prompt_tokens: 9, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } },
        },
        DONE,
      ],
      [{ type: 'usage', inputTokens: 9, outputTokens: 2, cachedTokens: 8 }],
    ],
    [
      'a tool call whose name comes in pieces, and one without arguments',
      [
        { choices: [{ delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'ro' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { name: 'll', arguments: '{' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '}' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 1, id: 'b', function: { name: 'flip' } }] } }] },
        finish('tool_calls'),
        DONE,
      ],
      [
        { type: 'tool-call-start', callId: 'a', name: 'roll' },
        { type: 'tool-call-delta', callId: 'a', delta: '{' },
        { type: 'tool-call-delta', callId: 'a', delta: '}' },
        { type: 'tool-call', callId: 'a', name: 'roll', arguments: '{}' },
        { type: 'tool-call-start', callId: 'b', name: 'flip' },
        { type: 'tool-call', callId: 'b', name: 'flip', arguments: '{}' },
      ],
    ],
    ['a filter', [finish('content_filter'), DONE], [{ type: 'stopped', reason: 'content_filter' }]],
    ['an answer without the last mark', [text('Hi'), finish('stop')], [{ type: 'text', text: 'Hi' }]],
    ['an answer without a reason', [text('Hi'), DONE], [{ type: 'text', text: 'Hi' }]],
    [
      'tool calls in pieces',
      [
        {
          choices: [
            { delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'roll', arguments: '' } }] } },
          ],
        },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"sides"' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 0, function: { arguments: ':6}' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ index: 1, id: 'b', function: { name: 'flip' } }] } }] },
        finish('tool_calls'),
        DONE,
      ],
      [
        { type: 'tool-call-start', callId: 'a', name: 'roll' },
        { type: 'tool-call-delta', callId: 'a', delta: '{"sides"' },
        { type: 'tool-call-delta', callId: 'a', delta: ':6}' },
        { type: 'tool-call', callId: 'a', name: 'roll', arguments: '{"sides":6}' },
        { type: 'tool-call-start', callId: 'b', name: 'flip' },
        { type: 'tool-call', callId: 'b', name: 'flip', arguments: '{}' },
      ],
    ],
    [
      'whole tool calls that are all number 0',
      [
        {
          choices: [
            {
              delta: {
                tool_calls: [
                  { index: 0, id: 'a', function: { name: 'x', arguments: '{}' } },
                  { index: 0, id: 'b', function: { name: 'y', arguments: '{}' } },
                ],
              },
            },
          ],
        },
        DONE,
      ],
      [
        { type: 'tool-call-start', callId: 'a', name: 'x' },
        { type: 'tool-call-delta', callId: 'a', delta: '{}' },
        { type: 'tool-call', callId: 'a', name: 'x', arguments: '{}' },
        { type: 'tool-call-start', callId: 'b', name: 'y' },
        { type: 'tool-call-delta', callId: 'b', delta: '{}' },
        { type: 'tool-call', callId: 'b', name: 'y', arguments: '{}' },
      ],
    ],
  ];
  it.each(answers)('gives %s', async (_name, chunks, parts) => {
    const { origin } = await serve((response) => stream(response, chunks));
    expect(await ask({ baseUrl: origin })).toEqual(parts);
  });

  it('puts together what the network cut anywhere, also inside a letter', async () => {
    const bytes = Buffer.from(
      `: hello\r\n\r\ndata: ${JSON.stringify(text('Zürich – 你好'))}\r\n\r\ndata: ${JSON.stringify(finish('stop'))}\n\ndata: [DONE]`,
    );
    const { origin } = await serve(async (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const byte of bytes) {
        response.write(Uint8Array.of(byte));
        await new Promise(setImmediate);
      }
      response.end();
    });
    expect(await ask({ baseUrl: origin })).toEqual([{ type: 'text', text: 'Zürich – 你好' }]);
  });
});

describe('chat completions: what goes wrong', () => {
  const refusals: [status: number, body: unknown, expected: RegExp][] = [
    [401, { error: { message: `Incorrect API key provided: ${KEY}` } }, /does not accept the API key/],
    [403, { error: 'no' }, /does not accept the API key/],
    [
      404,
      { error: { message: 'model "small" not found, try pulling it first' } },
      /does not have the model "small"/,
    ],
    [404, '<html>Not found</html>', /check the base URL/],
    [429, { error: { message: 'Rate limit' } }, /busy.*Rate limit/],
    [400, { error: { message: `bad ${KEY} value` } }, /status 400.*bad \*\*\* value/],
    [500, { error: { message: 'boom' } }, /failed \(status 500\).*boom/],
    [503, '', /failed \(status 503\)/],
  ];
  it.each(refusals)('says what status %i with %j means, without the key', async (status, body, expected) => {
    const { origin } = await serve((response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    const message = await failure(ask({ baseUrl: origin }));
    expect(message).toMatch(expected);
    expect(message).not.toContain(KEY);
  });

  it('says that the model takes no images, when it was shown one and complains', async () => {
    const { origin } = await serve((response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'this model does not support image input' } }));
    });
    const images = [{ url: 'data:image/png;base64,AA==', detail: 'auto' } as const];
    const shown = { messages: [{ role: 'user', text: '', images } as const] };
    expect(await failure(ask({ baseUrl: origin }, shown))).toMatch(
      /"small".*does not take images.*support image/,
    );
    expect(await failure(ask({ baseUrl: origin }))).toMatch(/refused the request/);
  });

  it('asks for a key when none was sent', async () => {
    const { origin } = await serve((response) => {
      response.writeHead(401);
      response.end();
    });
    expect(await failure(ask({ baseUrl: origin, apiKey: null }))).toMatch(/wants an API key/);
  });

  const broken: [name: string, script: (response: ServerResponse) => void, expected: RegExp][] = [
    [
      'an error in the middle',
      (r) => stream(r, [text('It'), { error: { message: `lost ${KEY}` } }]),
      /failed\..*lost \*\*\*/,
    ],
    ['something that is not JSON', (r) => stream(r, ['{oops']), /cannot be understood/],
    ['JSON of another kind', (r) => stream(r, [{ choices: 'none' }]), /cannot be understood/],
    ['an end without a reason', (r) => stream(r, [text('It')]), /broke in the middle/],
    [
      'a connection cut in the middle',
      (r) => {
        stream(r, [text('It')], false);
        setTimeout(() => r.destroy(), 20);
      },
      /broke in the middle/,
    ],
    [
      'a web page',
      (r) => {
        r.writeHead(200, { 'content-type': 'text/html' });
        r.end('<html>');
      },
      /not a chat service/,
    ],
  ];
  it.each(broken)('reports %s', async (_name, script, expected) => {
    const { origin } = await serve(script);
    const message = await failure(ask({ baseUrl: origin }));
    expect(message).toMatch(expected);
    expect(message).not.toContain(KEY);
  });

  it('says that nothing answers', async () => {
    const { origin } = await serve(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    expect(await failure(ask({ baseUrl: origin }))).toMatch(/Nothing answers at 127\.0\.0\.1/);
  });

  it('gives up on a server that hangs before the first piece, and closes the connection', async () => {
    const { origin, seen } = await serve(() => undefined);
    expect(await failure(ask({ baseUrl: origin, firstPieceTimeoutMs: 100 }))).toMatch(
      /did not answer in time/,
    );
    await seen[0]?.closed;
  });

  it('gives up on a server that hangs between two pieces', async () => {
    const { origin, seen } = await serve((response) => stream(response, [text('It')], false));
    expect(await failure(ask({ baseUrl: origin, nextPieceTimeoutMs: 100 }))).toMatch(
      /did not answer in time/,
    );
    await seen[0]?.closed;
  });

  it.each(['', 'nonsense', 'ftp://host', 'http://user:pw@host'])(
    'refuses the base URL "%s"',
    async (baseUrl) => {
      expect(await failure(ask({ baseUrl }))).toMatch(/not a valid http address/);
    },
  );

  it('asks for a model when none is chosen', async () => {
    expect(await failure(ask({ baseUrl: 'http://127.0.0.1:1', model: '' }))).toMatch(
      /No language model is chosen/,
    );
  });
});

describe('chat completions: abort', () => {
  it('ends quietly and closes the connection', async () => {
    const { origin, seen } = await serve((response) => stream(response, [text('One')], false));
    const controller = new AbortController();
    const llm = createOpenAiCompatibleLlm({ baseUrl: origin, model: 'small', apiKey: null });
    const parts: LlmPart[] = [];
    for await (const part of llm.open({ speakUp: () => undefined }).respond(REQUEST, controller.signal)) {
      parts.push(part);
      setTimeout(() => controller.abort(), 10);
    }
    expect(parts).toEqual([{ type: 'text', text: 'One' }]);
    await seen[0]?.closed;
  });

  it('ends quietly before the server answers, and asks nothing when aborted before', async () => {
    const { origin, seen } = await serve(() => undefined);
    const controller = new AbortController();
    const asked = ask({ baseUrl: origin }, {}, controller.signal);
    while (seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    expect(await asked).toEqual([]);
    expect(await ask({ baseUrl: origin }, {}, controller.signal)).toEqual([]);
    expect(seen.length).toBe(1);
  });

  it('closes the connection when the reader stops reading', async () => {
    const { origin, seen } = await serve((response) => stream(response, [text('One'), text('Two')], false));
    const llm = createOpenAiCompatibleLlm({ baseUrl: origin, model: 'small', apiKey: null });
    for await (const part of llm
      .open({ speakUp: () => undefined })
      .respond(REQUEST, new AbortController().signal)) {
      expect(part).toEqual({ type: 'text', text: 'One' });
      break;
    }
    await seen[0]?.closed;
  });
});

describe('list of models', () => {
  const json =
    (body: unknown, status = 200) =>
    (response: ServerResponse) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
  const signal = () => new AbortController().signal;

  it('names what the server offers', async () => {
    const { origin, seen } = await serve(
      json({ data: [{ id: 'qwen' }, { id: 'llama' }, { name: 'x' }, null] }),
    );
    expect(await listModels(`${origin}/v1/`, KEY, signal())).toEqual(['llama', 'qwen']);
    expect(seen[0]).toMatchObject({ url: '/v1/models', authorization: `Bearer ${KEY}` });
  });

  it('sends no key when there is none', async () => {
    const { origin, seen } = await serve(json({ data: [] }));
    expect(await listModels(origin, null, signal())).toEqual([]);
    expect(seen[0]?.authorization).toBeUndefined();
  });

  it.each([
    [{ models: [] }, 200, /no list of models/],
    [null, 200, /no list of models/],
    [{ data: [] }, 500, /status 500/],
  ])('rejects %j with status %i', async (body, status, expected) => {
    const { origin } = await serve(json(body, status));
    await expect(listModels(origin, KEY, signal())).rejects.toThrow(expected);
  });

  it('rejects when nothing answers or the signal aborts', async () => {
    const { origin } = await serve(() => undefined);
    const controller = new AbortController();
    const listed = listModels(origin, null, controller.signal);
    setTimeout(() => controller.abort(), 30);
    await expect(listed).rejects.toThrow(/abort/i);
    await expect(listModels('nonsense', null, signal())).rejects.toThrow(/http address/);
  });
});

describe('warming', () => {
  /** A server that counts connections; the models come at once, an answer is one word. */
  async function counted() {
    let connections = 0;
    const { origin, seen } = await serve((response) => {
      if (seen.at(-1)?.url === '/v1/models') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end('{"data":[]}');
        return;
      }
      stream(response, [{ choices: [{ delta: { content: 'Hi.' }, finish_reason: 'stop' }] }, '[DONE]']);
    });
    server?.on('connection', () => connections++);
    return { origin, seen, connections: () => connections };
  }
  const answered = (seen: Seen[]) => seen[0]?.closed;

  it('opens the connection that the request then uses, without a token', async () => {
    const { origin, seen, connections } = await counted();
    const llm = createOpenAiCompatibleLlm({ baseUrl: origin, model: 'm', apiKey: KEY });
    const conversation = llm.open({ speakUp: () => undefined });
    expect(conversation.canPrepare).toBe(false);
    conversation.warm?.();
    conversation.warm?.();
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await answered(seen);
    // The client has read the answer when it can send the next request on the same connection.
    await new Promise((resolve) => setTimeout(resolve, 50));
    conversation.warm?.();
    const parts: LlmPart[] = [];
    for await (const part of conversation.respond(REQUEST, new AbortController().signal)) parts.push(part);
    expect(parts[0]).toEqual({ type: 'text', text: 'Hi.' });
    expect(seen.map(({ url }) => url)).toEqual(['/v1/models', '/v1/chat/completions']);
    expect(seen[0]).toMatchObject({ authorization: `Bearer ${KEY}`, body: {} });
    expect(connections()).toBe(1);
    conversation.close();
  });

  it('fails quietly, and prepares answers only when told to', async () => {
    const llm = createOpenAiCompatibleLlm({
      baseUrl: 'http://127.0.0.1:1',
      model: 'm',
      apiKey: null,
      prepare: true,
    });
    const conversation = llm.open({ speakUp: () => undefined });
    expect(conversation.canPrepare).toBe(true);
    conversation.warm?.();
    await expect(async () => {
      for await (const _ of conversation.respond(REQUEST, new AbortController().signal));
    }).rejects.toThrow(LlmError);
    conversation.close();
    conversation.warm?.();
  });
});
