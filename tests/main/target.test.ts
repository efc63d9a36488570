import { describe, expect, it } from 'vitest';
import { resolveTarget, serverHost } from '../../src/main/target';
import { defaultSettings, type Settings } from '../../src/shared/settings';

const keys: Record<string, string> = { openai: 'sk-openai', custom: 'sk-custom', llm: 'sk-llm' };
const sources = {
  key: (name: string) => keys[name] ?? null,
  localServer: async () => ({ url: 'ws://127.0.0.1:4321/v1/realtime', key: 'token' }),
};
const settings = (change: Partial<Settings>): Settings => ({ ...defaultSettings, ...change });

describe('where a conversation goes', () => {
  it.each<[Partial<Settings>, unknown]>([
    [{}, { url: 'ws://127.0.0.1:4321/v1/realtime', key: 'token' }],
    [
      { service: 'openai', model: 'gpt-realtime-2.1' },
      { url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1', key: 'sk-openai' },
    ],
    [
      { service: 'custom', customBaseUrl: 'http://desk:8000', model: '' },
      { url: 'ws://desk:8000/v1/realtime', key: 'sk-custom' },
    ],
    [{ service: 'custom', customBaseUrl: 'ftp://desk' }, { code: 'url-invalid' }],
    [{ service: 'custom', customBaseUrl: '' }, { code: 'url-invalid' }],
  ])('%j', async (change, expected) => {
    expect(await resolveTarget(settings(change), sources)).toMatchObject(expected as object);
  });

  it('OpenAI without a key is a problem of its own', async () => {
    expect(await resolveTarget(settings({ service: 'openai' }), { ...sources, key: () => null })).toEqual({
      code: 'key-missing',
      detail: '',
    });
  });

  it('a local server that cannot run is a problem, not an exception', async () => {
    const broken = { ...sources, localServer: () => Promise.reject(new Error('no model')) };
    expect(await resolveTarget(settings({}), broken)).toEqual({
      code: 'local-server-failed',
      detail: 'no model',
    });
  });
});

it.each<[Partial<Settings>, string]>([
  [{}, ''],
  [{ service: 'openai' }, 'OpenAI'],
  [{ service: 'custom', customBaseUrl: 'https://desk:8000/v1' }, 'desk:8000'],
  [{ service: 'custom', customBaseUrl: 'desk' }, 'desk'],
])('the server of %j is called "%s"', (change, expected) => {
  expect(serverHost(settings(change))).toBe(expected);
});
