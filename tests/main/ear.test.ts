import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadEar } from '../../src/main/ear';
import { createLogger, type LogEntry } from '../../src/shared/log';

const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

async function load(choice: string | undefined, models = MODELS) {
  const logged: LogEntry[] = [];
  const ear = await loadEar(
    choice,
    models,
    createLogger((entry) => logged.push(entry), 'warn'),
  );
  return { name: ear?.name ?? null, logged: logged.map((entry) => entry.message) };
}

it('the full ear is the default, and what an unknown name comes to', async () => {
  const usual = await load(undefined);
  expect(usual.name).not.toBeNull();
  expect(usual.logged).toEqual([]);
  expect((await load('full')).name).toBe(usual.name);
  expect(await load('big')).toEqual({ name: usual.name, logged: ['no such ear, taking the full one'] });
});

it('energy is another one, off is none', async () => {
  const usual = await load(undefined);
  const energy = await load('energy');
  expect(energy.name).not.toBeNull();
  expect(energy.name).not.toBe(usual.name);
  expect(await load('off')).toEqual({ name: null, logged: [] });
});

it('without its model it is another one, and the log says so', async () => {
  const usual = await load(undefined);
  const without = await load('full', '/no-such-folder');
  expect(without.name).not.toBeNull();
  expect(without.name).not.toBe(usual.name);
  expect(without.logged).toHaveLength(1);
});
