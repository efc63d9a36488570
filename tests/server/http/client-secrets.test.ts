import { describe, expect, it } from 'vitest';
import { ClientSecrets } from '../../../src/server/http/client-secrets';

const binding = { session: { type: 'transcription' as const }, temperature: null };

describe('client secrets', () => {
  it('are good until the second they expire', () => {
    let now = 1_000_500;
    const secrets = new ClientSecrets(() => now);
    const secret = secrets.issue(binding, 60);
    expect(secret).toEqual({ value: expect.stringMatching(/^ek_[\w-]{32}$/u), expiresAt: 1060 });
    const key = secret?.value ?? '';
    expect(secrets.find(key)).toMatchObject(binding);
    now = 1_059_999;
    expect(secrets.find(key)).toMatchObject(binding);
    now = 1_060_000;
    expect(secrets.find(key)).toBe('expired');
  });

  it('are all different, and nothing else is one', () => {
    const secrets = new ClientSecrets();
    const keys = Array.from({ length: 50 }, () => secrets.issue(binding, 60)?.value ?? '');
    expect(new Set(keys).size).toBe(50);
    for (const key of ['', 'ek_', 'sk-1', keys[0]?.slice(0, -1) ?? ''])
      expect(secrets.find(key)).toBe('unknown');
  });

  it('are not more than there is room for; the expired ones make room', () => {
    let now = 0;
    const secrets = new ClientSecrets(() => now, 2);
    const first = secrets.issue(binding, 10);
    const second = secrets.issue(binding, 100);
    expect(secrets.issue(binding, 10)).toBe(null);
    now = 10_000;
    expect(secrets.find(first?.value ?? '')).toBe('expired');
    const third = secrets.issue(binding, 10);
    expect(third).not.toBe(null);
    expect(secrets.find(first?.value ?? '')).toBe('unknown');
    expect(secrets.find(second?.value ?? '')).toMatchObject(binding);
  });
});
