import { afterEach, expect, it } from 'vitest';
import { tone } from '../../src/server/backends/fake';
import { silence, startTestServer, TestClient, type TestServer } from '../helpers/server-client';

let server: TestServer;
afterEach(() => server.close());

/** Each figure by its name and labels. */
async function scrape(headers: Record<string, string> = {}): Promise<Record<string, number>> {
  const response = await fetch(`http://127.0.0.1:${server.port}/metrics`, { headers });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

it('tells what a spoken turn did and how long its stages took', async () => {
  server = await startTestServer({}, { metrics: true });
  const client = await TestClient.open(server.url);
  client.append(silence(500));
  client.append(tone(1000));
  client.append(silence(800));
  await client.next('rate_limits.updated');
  await client.ask({ type: 'conversation.item.retrieve', item_id: 'none' }, 'error');
  const now = await scrape();
  expect(now).toMatchObject({
    parley_sessions: 1,
    'parley_sessions_total{kind="realtime"}': 1,
    parley_turns_total: 1,
    'parley_responses_total{status="completed"}': 1,
    'parley_errors_total{code="item_retrieve_invalid_item_id"}': 1,
    'parley_info{version="0.0.0-test"}': 1,
  });
  for (const stage of ['endpoint', 'stt', 'llm', 'tts', 'answer']) {
    expect(now[`parley_stage_seconds_count{stage="${stage}"}`], stage).toBe(1);
  }
  // Silence ends the turn after 500 ms of sound, however fast that came.
  expect(now['parley_stage_seconds_sum{stage="endpoint"}']).toBeCloseTo(0.5, 1);
  // 2.3 s of sound in base64, and what surrounds it.
  expect(now.parley_received_bytes_total).toBeGreaterThan(2300 * 48 * (4 / 3));
  expect(now.parley_received_bytes_total).toBeLessThan(2300 * 48 * (4 / 3) + 1000);
  expect(now.parley_sent_bytes_total).toBeGreaterThan(1000);
  expect(now.process_resident_memory_bytes).toBeGreaterThan(1e6);
  expect(now.process_cpu_seconds_total).toBeGreaterThan(0);
  client.close();
  while ((await scrape()).parley_sessions !== 0) await new Promise((resolve) => setTimeout(resolve, 5));
});

it('counts who was turned away, and why', async () => {
  server = await startTestServer({}, { metrics: true, token: 'secret', limits: { maxSessions: 1 } });
  const right = { authorization: 'Bearer secret' };
  const first = await TestClient.open(server.url, { headers: right });
  for (const headers of [right, {}, { 'api-key': 'guess' }]) {
    await (await TestClient.connect(server.url, { headers })).closed;
  }
  expect(await scrape(right)).toMatchObject({
    'parley_refused_total{reason="session_limit_exceeded"}': 1,
    'parley_refused_total{reason="invalid_api_key"}': 2,
    parley_sessions: 1,
  });
  first.close();
});

it('is for those who have the token, and only where it is wanted', async () => {
  server = await startTestServer({}, { metrics: true, token: 'secret' });
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { headers, method }).then(({ status }) => status);
  expect(await get('/metrics')).toBe(401);
  expect(await get('/metrics', { authorization: 'Bearer other' })).toBe(401);
  expect(await get('/metrics', { authorization: 'Bearer secret' }, 'POST')).toBe(405);
  expect(await get('/metrics', { authorization: 'Bearer secret', origin: 'http://evil.example' })).toBe(403);
  expect(await get('/health')).toBe(200);
  await server.close();
  server = await startTestServer({}, { token: 'secret' });
  expect(await get('/metrics', { authorization: 'Bearer secret' })).toBe(404);
});
