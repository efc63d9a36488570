import { afterEach, expect, test, vi } from 'vitest';
import { CannotMeasure } from './figure';
import { cardOrCannot, openSoundCard } from './sound-card';

afterEach(() => void vi.unstubAllEnvs());

test('a machine without the tools of the sound card cannot measure', async () => {
  vi.stubEnv('PATH', '');
  expect(cardOrCannot).toThrow(CannotMeasure);
  await expect(openSoundCard()).rejects.toThrow(CannotMeasure);
});
