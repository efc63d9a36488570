/** The protocol's calls over plain HTTP, and what their keys open. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../src/shared/log';
import { createLogger } from '../../../src/shared/log';
import { startTestServer, TestClient, type TestServer } from '../../helpers/server-client';

let server: TestServer;
const start = async (options: Parameters<typeof startTestServer>[1] = {}) => {
  server = await startTestServer({}, options);
};
afterEach(() => server.close());

interface Reply {
  status: number;
  headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers as they are on the wire.
  body: any;
}

function call(path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST') {
  return new Promise<Reply>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: server.port, path, method, headers };
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: text === '' ? null : JSON.parse(text) });
      });
    });
    sent.on('error', reject);
    sent.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const SECRETS = '/v1/realtime/client_secrets';
const seconds = () => Math.floor(Date.now() / 1000);

async function opened(key: string, query = '', headers: Record<string, string> = {}) {
  const client = await TestClient.open(server.url + query, { headers: { ...bearer(key), ...headers } });
  const session = client.events[0]?.session;
  client.close();
  return session;
}

async function refused(key: string, query = '') {
  const client = await TestClient.connect(server.url + query, { headers: bearer(key) });
  const { error } = await client.next('error');
  return { code: error.code, close: (await client.closed).code };
}

describe('POST /v1/realtime/client_secrets', () => {
  it('makes a key whose sessions begin with its configuration', async () => {
    await start({ token: 'master' });
    const session = {
      type: 'realtime',
      model: 'gpt-realtime-2.1',
      instructions: 'Be kind.',
      audio: { output: { voice: 'sage' } },
    };
    const from = seconds();
    const { status, body, headers } = await call(SECRETS, { session }, bearer('master'));
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body.value).toMatch(/^ek_/u);
    expect(body.expires_at).toBeGreaterThanOrEqual(from + 600);
    expect(body.expires_at).toBeLessThanOrEqual(seconds() + 600);
    expect(body.session).toMatchObject({
      ...session,
      object: 'realtime.session',
      output_modalities: ['audio'],
    });
    for (const query of ['', '?model=other', '?intent=realtime']) {
      expect(await opened(body.value, query)).toMatchObject(session);
    }
    expect(await refused(body.value, '?intent=transcription')).toEqual({
      code: 'invalid_value',
      close: 4000,
    });
  });

  it('makes one for transcription, and one for whatever its client asks for', async () => {
    await start({ token: 'master' });
    const session = { type: 'transcription', audio: { input: { turn_detection: null } } };
    const bound = await call(SECRETS, { session }, bearer('master'));
    expect(await opened(bound.body.value)).toMatchObject(session);
    const free = await call(SECRETS, '', bearer('master'));
    expect(free.body.session).toMatchObject({ type: 'realtime', model: 'parley-local' });
    expect(await opened(free.body.value, '?intent=transcription')).toMatchObject({ type: 'transcription' });
    expect(await opened(free.body.value, '?model=m')).toMatchObject({ type: 'realtime', model: 'm' });
  });

  it('is for whoever has the token: a key of its own making cannot make another', async () => {
    await start({ token: 'master' });
    const error = { type: 'invalid_request_error', code: 'invalid_api_key', param: null };
    for (const headers of [{}, bearer('other')]) {
      expect(await call(SECRETS, {}, headers)).toMatchObject({ status: 401, body: { error } });
    }
    const { body } = await call(SECRETS, {}, { 'api-key': 'master' });
    expect(await call(SECRETS, {}, bearer(body.value))).toMatchObject({ status: 401, body: { error } });
    expect(await refused('ek_made_up')).toEqual({ code: 'invalid_api_key', close: 3000 });
  });

  it('gives keys without a token too, where others are placeholders', async () => {
    await start();
    const session = { type: 'realtime', instructions: 'Be kind.' };
    const { body } = await call(SECRETS, { session }, bearer('sk-anything'));
    expect(await opened(body.value)).toMatchObject(session);
    expect(await opened('ek_placeholder')).toMatchObject({ instructions: '' });
    expect((await call(SECRETS, {}, bearer(body.value))).status).toBe(401);
  });

  const cases: Array<[unknown, string, string | null]> = [
    ['{', 'invalid_json', null],
    ['[]', 'invalid_type', null],
    [{ sessions: {} }, 'unknown_parameter', 'sessions'],
    [{ session: {} }, 'missing_required_parameter', 'session.type'],
    [{ session: { type: 'realtime', voice: 'sage' } }, 'unknown_parameter', 'session.voice'],
    [{ session: { type: 'realtime', max_output_tokens: 0 } }, 'invalid_value', 'session.max_output_tokens'],
    [{ expires_after: { seconds: 9 } }, 'invalid_value', 'expires_after.seconds'],
    [{ expires_after: { seconds: 7201 } }, 'invalid_value', 'expires_after.seconds'],
    [{ expires_after: { anchor: 'now' } }, 'invalid_value', 'expires_after.anchor'],
  ];
  it.each(cases)('refuses %j: %s, %s', async (body, code, param) => {
    await start();
    const type = 'invalid_request_error';
    expect(await call(SECRETS, body)).toMatchObject({ status: 400, body: { error: { type, code, param } } });
  });

  it('lives as long as it is told to', async () => {
    await start();
    const { body } = await call(SECRETS, { expires_after: { anchor: 'created_at', seconds: 7200 } });
    expect(body.expires_at).toBeGreaterThan(seconds() + 7000);
  });

  it('refuses a body that is too large, with and without a length', async () => {
    await start();
    const body = `"${'x'.repeat(1024 * 1024)}"`;
    expect((await call(SECRETS, body)).status).toBe(413);
    expect((await call(SECRETS, body, { 'transfer-encoding': 'chunked' })).status).toBe(413);
  });

  it('stays out of the log', async () => {
    const entries: LogEntry[] = [];
    await start({ token: 'master-key', log: createLogger((entry) => entries.push(entry)) });
    const { body } = await call(SECRETS, {}, bearer('master-key'));
    await opened(body.value);
    await refused('wrong-key');
    expect(entries.length).toBeGreaterThan(0);
    const text = JSON.stringify(entries);
    for (const key of ['master-key', 'wrong-key', body.value]) expect(text).not.toContain(key);
  });
});

describe('the older calls', () => {
  it('make a key in flat words, good for both dialects', async () => {
    await start({ token: 'master' });
    const flat = { model: 'gpt-4o-realtime-preview', voice: 'ash', modalities: ['text'], temperature: 0.6 };
    const { status, body } = await call('/v1/realtime/sessions', flat, bearer('master'));
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...flat, object: 'realtime.session', input_audio_format: 'pcm16' });
    const { value, expires_at } = body.client_secret;
    expect(value).toMatch(/^ek_/u);
    expect(Math.abs(expires_at - seconds() - 60)).toBeLessThan(10);
    expect(await opened(value, '', { 'openai-beta': 'realtime=v1' })).toMatchObject(flat);
    expect(await opened(value)).toMatchObject({ output_modalities: ['text'], model: flat.model });
  });

  it('make one for transcription', async () => {
    await start();
    const flat = { input_audio_transcription: { model: 'whisper-1' }, turn_detection: null };
    const expiry = { client_secret: { expires_at: { anchor: 'created_at', seconds: 100 } } };
    const { body } = await call('/v1/realtime/transcription_sessions', { ...flat, ...expiry });
    expect(body).toMatchObject({ ...flat, object: 'realtime.transcription_session' });
    expect(Math.abs(body.client_secret.expires_at - seconds() - 100)).toBeLessThan(10);
    const session = await opened(body.client_secret.value, '', { 'openai-beta': 'realtime=v1' });
    expect(session).toMatchObject({ ...flat, object: 'realtime.transcription_session' });
  });

  const cases: Array<[object, string, string]> = [
    [{ voice: 5 }, 'invalid_value', 'voice'],
    [{ instructions: 5 }, 'invalid_type', 'instructions'],
    [{ turn_detection: { type: 'server_vad', threshold: 7 } }, 'invalid_value', 'turn_detection.threshold'],
    [{ output_modalities: ['text'] }, 'unknown_parameter', 'output_modalities'],
    [
      { client_secret: { expires_after: { seconds: 1 } } },
      'invalid_value',
      'client_secret.expires_after.seconds',
    ],
  ];
  it.each(cases)('refuse %j: %s, %s', async (body, code, param) => {
    await start();
    const reply = await call('/v1/realtime/sessions', body);
    expect(reply).toMatchObject({ status: 400, body: { error: { code, param } } });
    expect(reply.body.error.message).toContain(`'${param}'`);
  });

  it('are off with their dialect', async () => {
    await start({ betaDialect: false });
    const reply = await call('/v1/realtime/sessions', {});
    expect(reply).toMatchObject({ status: 400, body: { error: { code: 'beta_api_shape_disabled' } } });
    expect((await call(SECRETS, {})).status).toBe(200);
  });
});

describe('pages', () => {
  const origin = 'http://localhost:5173';

  it('of an allowed origin may make the calls, and are told so by name', async () => {
    await start({ token: 'master', allowedOrigins: [origin] });
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const preflight = await call(SECRETS, '', { origin, ...asked }, 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': 'authorization',
      vary: 'Origin',
    });
    for (const key of ['master', 'other']) {
      const { headers } = await call(SECRETS, {}, { origin, ...bearer(key) });
      expect(headers['access-control-allow-origin']).toBe(origin);
    }
  });

  it('of any other origin may not', async () => {
    await start({ allowedOrigins: [origin] });
    for (const method of ['OPTIONS', 'POST']) {
      const reply = await call(SECRETS, '', { origin: 'http://evil.example' }, method);
      expect(reply.status).toBe(403);
      expect(reply.headers['access-control-allow-origin']).toBe(undefined);
    }
    expect((await call(SECRETS, '', {}, 'OPTIONS')).headers['access-control-allow-origin']).toBe(undefined);
  });
});

describe('what is not served', () => {
  const cases: Array<[string, string, number, string]> = [
    ['POST', '/v1/realtime/calls', 501, 'not_implemented'],
    ['POST', '/v1/realtime/calls/rtc_1/hangup', 501, 'not_implemented'],
    ['POST', '/openai/v1/realtime/calls', 501, 'not_implemented'],
    ['POST', '/v1/realtime/translations/client_secrets', 501, 'not_implemented'],
    ['POST', '/v1/live/sessions', 501, 'not_implemented'],
    ['POST', '/v1/realtime?model=m', 501, 'not_implemented'],
    ['GET', '/v1/realtime', 426, 'upgrade_required'],
    ['GET', SECRETS, 405, 'method_not_allowed'],
  ];
  it.each(cases)('%s %s: %i %s', async (method, path, status, code) => {
    await start();
    const type = 'invalid_request_error';
    expect(await call(path, '', {}, method)).toMatchObject({ status, body: { error: { type, code } } });
  });

  it.each(['/v1/realtime/translations?model=m', '/v1/live/sessions', '/v1/realtime/calls/rtc_1'])(
    'a socket at %s',
    async (path) => {
      await start();
      const url = server.url.replace('/v1/realtime', path);
      await expect(TestClient.connect(url)).rejects.toThrow('501');
    },
  );
});
