import { describe, expect, it } from 'vitest';
import { OPENAI_BASE_URL, realtimeUrl } from '../../src/client/realtime-url';

describe('realtimeUrl', () => {
  it.each([
    [OPENAI_BASE_URL, 'gpt-realtime-2.1', 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1'],
    ['http://127.0.0.1:8000', 'm', 'ws://127.0.0.1:8000/v1/realtime?model=m'],
    ['https://host/', 'm', 'wss://host/v1/realtime?model=m'],
    ['ws://host/v1', 'm', 'ws://host/v1/realtime?model=m'],
    ['wss://host/v1/', 'm', 'wss://host/v1/realtime?model=m'],
    ['ws://host/v1/realtime', 'm', 'ws://host/v1/realtime?model=m'],
    ['ws://host/v1/realtime/', 'm', 'ws://host/v1/realtime?model=m'],
    ['  ws://host/v1 ', 'm', 'ws://host/v1/realtime?model=m'],
    ['https://r.openai.azure.com/openai/v1', 'd', 'wss://r.openai.azure.com/openai/v1/realtime?model=d'],
    ['https://host/proxy', 'm', 'wss://host/proxy/v1/realtime?model=m'],
    ['ws://host/v1?token=t', 'm', 'ws://host/v1/realtime?token=t&model=m'],
    ['ws://host/v1?model=mine', 'm', 'ws://host/v1/realtime?model=mine'],
    ['ws://host', '', 'ws://host/v1/realtime'],
    ['ws://host', 'a b/c', 'ws://host/v1/realtime?model=a+b%2Fc'],
    ['http://[::1]:9/v1', 'm', 'ws://[::1]:9/v1/realtime?model=m'],
    ['HTTP://HOST/v1#part', 'm', 'ws://host/v1/realtime?model=m'],
  ])('%s with %s', (base, model, expected) => {
    expect(realtimeUrl(base, model)).toBe(expected);
  });

  it.each(['', 'host', 'localhost:8000', 'ftp://host', 'file:///etc', 'http://', 'ws://me:secret@host/v1'])(
    'refuses %j without repeating it',
    (base) => {
      const problem = realtimeUrl(base, 'm');
      expect(problem).toMatchObject({ code: 'url-invalid' });
      expect(JSON.stringify(problem)).not.toContain('secret');
    },
  );
});
