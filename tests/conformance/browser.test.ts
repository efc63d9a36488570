/** The browser builds of the stock clients, from a page in a real Chromium. */
import type * as Agents from '@openai/agents-realtime';
import type { Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../src/server/backends/fake';
import { type Pcm16, pcm16ToBytes } from '../../src/shared/audio';
import { silence, startTestServer, type TestServer } from '../helpers/server-client';
import type * as Modules from './browser-modules';
import { testCertificate } from './certificate';
import { type OpenPage, openPage } from './chromium';
import { EventLog } from './event-log';
import { type PageServer, servePages } from './page-server';

let browser: OpenPage | null = null;
let site: PageServer;
let server: TestServer | null = null;

beforeAll(async () => {
  site = await servePages();
  browser = await openPage();
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await site.close();
});
beforeEach(({ skip }) => {
  if (browser === null) skip('this computer has no Chromium, and no display for Electron');
});
afterEach(async () => {
  // Whatever the page has open goes with it.
  await browser?.page.goto('about:blank');
  await server?.close();
});

async function open(script: FakeScript, allowedOrigins: string[] = [site.origin]) {
  if (browser === null) throw new Error('no browser');
  const { cert, key } = await testCertificate();
  server = await startTestServer(script, { allowedOrigins, tls: { cert, key } });
  await browser.page.goto(site.origin);
  return { page: browser.page, server };
}

/** What a page can import is put where code that is sent into it finds it. */
interface Loaded {
  agents: typeof Agents;
  openai: typeof Modules;
}

async function load(page: Page, name: keyof Loaded, path: string): Promise<void> {
  const content = `import * as loaded from ${JSON.stringify(path)}; globalThis[${JSON.stringify(name)}] = loaded;`;
  await page.addScriptTag({ type: 'module', content });
  await page.waitForFunction((key) => key in globalThis, name);
}

const base64 = (pcm: Pcm16) => Buffer.from(pcm16ToBytes(pcm)).toString('base64');
/** Silence enough for any turn detection. */
const TURN = [tone(600), silence(5000)].map(base64);

describe('a page', () => {
  it('talks through the browser build of @openai/agents-realtime', async ({ task }) => {
    const { page, server: running } = await open({
      speech: [{ final: 'weather in Paris' }],
      answers: [
        [{ type: 'tool-call', callId: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' }],
        ['It is sunny.'],
        ['Goodbye.'],
      ],
    });
    await load(page, 'agents', '/agents/openai-realtime-agents.mjs');
    const seen = await page.evaluate(
      async ({ url, turn }) => {
        const { RealtimeAgent, RealtimeSession, tool } = (globalThis as unknown as Loaded).agents;
        const calls: unknown[] = [];
        const weather = tool({
          name: 'weather',
          description: 'The weather somewhere',
          strict: true,
          parameters: {
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
            additionalProperties: false,
          },
          execute: async (input: unknown) => {
            calls.push(input);
            return 'sunny';
          },
        });
        const agent = new RealtimeAgent({ name: 'assistant', instructions: 'Be brief.', tools: [weather] });
        const session = new RealtimeSession(agent, { transport: 'websocket', tracingDisabled: true });
        const events: Array<{ type: string }> = [];
        const errors: string[] = [];
        let bytes = 0;
        session.on('error', ({ error }) => errors.push(String(error)));
        session.on('audio', ({ data }) => {
          bytes += data.byteLength;
        });
        const came = (wanted: string, count: number) =>
          new Promise<void>((resolve) => {
            const check = () => {
              if (events.filter(({ type }) => type === wanted).length >= count) resolve();
            };
            session.transport.on('*', check);
            check();
          });
        session.transport.on('*', (event: { type: string }) => events.push(event));
        await session.connect({ url, apiKey: 'ek_any' });
        await came('session.updated', 2);
        for (const chunk of turn) {
          session.sendAudio(Uint8Array.from(atob(chunk), (character) => character.charCodeAt(0)).buffer);
        }
        await came('response.done', 2);
        session.sendMessage('Goodbye.');
        await came('response.done', 3);
        const history = JSON.parse(JSON.stringify(session.history)) as Array<Record<string, unknown>>;
        session.close();
        return { events, errors, calls, bytes, history };
      },
      { url: running.url, turn: TURN },
    );
    expect(seen.errors).toEqual([]);
    expect(seen.calls).toEqual([{ city: 'Paris' }]);
    // 'It is sunny.' and 'Goodbye.', 10 ms a character and 48 bytes a millisecond; blanks around are not spoken.
    expect(seen.bytes).toBe(('It is sunny.'.length + 'Goodbye.'.length) * 10 * 48);
    expect(seen.history.map(({ type, role }) => role ?? type)).toEqual([
      'user',
      'function_call',
      'assistant',
      'user',
      'assistant',
    ]);
    const log = new EventLog();
    for (const event of seen.events) log.add(event);
    expect(log.problems()).toEqual([]);
    task.meta.client = '@openai/agents-realtime in Chromium';
  });

  it('talks through OpenAIRealtimeWebSocket of the openai package', async ({ task }) => {
    const { page, server: running } = await open({
      speech: [{ final: 'what time is it' }],
      answers: [['It is noon.']],
    });
    const baseURL = `https://localhost:${running.tls?.port}/v1`;
    await load(page, 'openai', '/openai.mjs');
    const events = await page.evaluate(
      async ({ address, turn }) => {
        const { OpenAI, OpenAIRealtimeWebSocket } = (globalThis as unknown as Loaded).openai;
        const client = new OpenAI({ apiKey: 'ek_any', baseURL: address, dangerouslyAllowBrowser: true });
        const realtime = new OpenAIRealtimeWebSocket({ model: 'parley-local' }, client);
        const received: object[] = [];
        realtime.on('event', (event) => received.push(event));
        await new Promise<void>((resolve, reject) => {
          realtime.on('error', reject);
          realtime.on('session.created', () => {
            for (const audio of turn) realtime.send({ type: 'input_audio_buffer.append', audio });
          });
          realtime.on('response.done', () => resolve());
        });
        realtime.close();
        return received;
      },
      { address: baseURL, turn: TURN },
    );
    const log = new EventLog();
    for (const event of events) log.add(event);
    expect(log.audioBytes('response.output_audio.delta')).toBe(110 * 48);
    expect(log.problems()).toEqual([]);
    task.meta.client = 'openai OpenAIRealtimeWebSocket in Chromium';
  });

  it('of a foreign origin does not come in', async () => {
    const { page, server: running } = await open({}, ['http://elsewhere.test']);
    const outcome = await page.evaluate(
      (url) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url, ['realtime']);
          socket.onopen = () => resolve('open');
          socket.onclose = () => resolve('closed');
        }),
      running.url,
    );
    expect(outcome).toBe('closed');
  });
});
