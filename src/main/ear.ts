import { createEar, createEnergyEar, type Ear } from '../ear';
import { type Logger, toError } from '../shared/log';

/**
 * The ear that `choice` (PARLEY_EAR) names: 'full' unless given, 'energy' for what takes any loud sound for a voice,
 * 'off' for none. Null, and the server's turn detection is left alone to interrupt, when there is none to be had.
 */
export async function loadEar(
  choice: string | undefined,
  modelsDir: string,
  log: Logger,
): Promise<Ear | null> {
  if (choice === 'off') return null;
  if (choice === 'energy') return createEnergyEar();
  if (choice !== undefined && choice !== 'full') log.warn('no such ear, taking the full one', { choice });
  try {
    return await createEar({ modelsDir, log });
  } catch (cause) {
    log.error('the ear cannot be made', { error: toError(cause) });
    return null;
  }
}
