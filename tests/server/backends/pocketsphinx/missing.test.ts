import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/server/backends';
import { createPocketsphinx } from '../../../../src/server/backends/pocketsphinx';
import {
  DEBIAN,
  INSTALL_COMMAND,
  type PocketsphinxPlace,
} from '../../../../src/server/backends/pocketsphinx/library';
import { silentLogger } from '../../../../src/shared/log';

async function refusal(place: Partial<PocketsphinxPlace>): Promise<EngineError> {
  const error: unknown = await createPocketsphinx(silentLogger, { ...DEBIAN, ...place }).then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ stage: 'stt' });
  return error as EngineError;
}

describe('pocketsphinx that is not installed', () => {
  it('names the library and the command when the library is missing', async () => {
    const { message } = await refusal({ platform: 'linux', libraryDir: '/nowhere' });
    expect(message).toContain('libsphinxbase.so.3');
    expect(message).toContain(INSTALL_COMMAND);
  });

  it('names the file and the command when the model is missing', async () => {
    const { message } = await refusal({ modelDir: '/nowhere/en-us' });
    expect(message).toContain('/nowhere/en-us/en-us is missing');
    expect(message).toContain(INSTALL_COMMAND);
  });

  it.each(['darwin', 'win32'] as const)('says that there is none for %s', async (platform) => {
    expect((await refusal({ platform })).message).toMatch(/Linux only/);
  });
});
