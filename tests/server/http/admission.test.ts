import { describe, expect, it } from 'vitest';
import { admit, type Knock } from '../../../src/server/http/admission';
import { ClientSecrets } from '../../../src/server/http/client-secrets';

const secrets = new ClientSecrets(() => 0);
const old = new ClientSecrets(() => clock);
let clock = 0;
const issued =
  secrets.issue({ session: { type: 'realtime', model: 'bound' }, temperature: 0.7 }, 60)?.value ?? '';
const expired = old.issue({ session: null, temperature: null }, 60)?.value ?? '';
clock = 60_000;

const knock = (address: string, headers: Knock['headers'] = {}): Knock => {
  const [path = '', query = ''] = address.split('?');
  return { path, query: new URLSearchParams(query), headers };
};
const key = (value: string) => ({ authorization: `Bearer ${value}` });
const rules = { token: 'master', secrets, betaDialect: true };

describe('admit lets in', () => {
  const cases: Array<[string, Knock['headers'], object]> = [
    ['/v1/realtime', key('master'), { kind: 'realtime', model: 'parley-local', dialect: { name: 'ga' } }],
    ['/v1/realtime?model=', { 'api-key': 'master' }, { model: 'parley-local' }],
    ['/v1/realtime?model=m&intent=transcription', key('master'), { kind: 'transcription', model: 'm' }],
    ['/openai/v1/realtime?model=m', key('master'), { model: 'm', dialect: { name: 'ga' } }],
    ['/openai/v1/realtime?deployment=d&api-key=master', {}, { model: 'd' }],
    ['/openai/realtime?deployment=d&api-version=1', key('master'), { model: 'd', dialect: { name: 'beta' } }],
    ['/v1/realtime?model=m', key(issued), { model: 'bound', initial: { type: 'realtime', model: 'bound' } }],
    [
      '/v1/realtime',
      { ...key(issued), 'openai-beta': 'realtime=v1' },
      { dialect: { name: 'beta', temperature: 0.7 } },
    ],
    [
      '/v1/realtime',
      { 'sec-websocket-protocol': `realtime, openai-insecure-api-key.${issued}, openai-beta.realtime-v1` },
      { dialect: { name: 'beta', temperature: 0.7 } },
    ],
  ];
  it.each(cases)('%s %j', (address, headers, expected) => {
    expect(admit(knock(address, headers), rules)).toMatchObject({ ok: true, ...expected });
  });
});

describe('admit refuses', () => {
  const cases: Array<[string, Knock['headers'], object, string, number]> = [
    ['/v1/realtime', {}, {}, 'invalid_api_key', 3000],
    ['/v1/realtime', key('mast'), {}, 'invalid_api_key', 3000],
    // Only Azure's addresses carry a key: ours stay out of logs on the way.
    ['/v1/realtime?api-key=master', {}, {}, 'invalid_api_key', 3000],
    ['/v1/realtime', key(expired), { secrets: old }, 'invalid_api_key', 3000],
    ['/v1/realtime', key(expired), { secrets: old, token: null }, 'invalid_api_key', 3000],
    ['/v1/realtime?call_id=rtc_1', key('master'), {}, 'invalid_value', 4000],
    ['/v1/realtime?intent=sing', key('master'), {}, 'invalid_value', 4000],
    ['/v1/realtime?intent=transcription', key(issued), {}, 'invalid_value', 4000],
    [
      '/v1/realtime',
      { ...key('master'), 'openai-beta': 'realtime=v1' },
      { betaDialect: false },
      'beta_api_shape_disabled',
      4000,
    ],
    ['/openai/realtime', key('master'), { betaDialect: false }, 'beta_api_shape_disabled', 4000],
  ];
  it.each(cases)('%s %j %j: %s', (address, headers, other, code, closeCode) => {
    const admission = admit(knock(address, headers), { ...rules, ...other });
    expect(admission).toMatchObject({ ok: false, error: { code }, closeCode });
  });
});
