import { createEar, createEnergyEar, type Ear } from '../ear';
import type { Logger } from '../shared/log';

/**
 * The ear that `choice` (PARLEY_EAR) names: 'full' unless given, 'energy' for what takes any loud sound for a voice;
 * null for 'off', which leaves it to the server's turn detection to interrupt.
 */
export async function loadEar(
  choice: string | undefined,
  modelsDir: string,
  log: Logger,
): Promise<Ear | null> {
  if (choice === 'off') return null;
  if (choice === 'energy') return createEnergyEar();
  if (choice !== undefined && choice !== 'full') log.warn('no such ear, taking the full one', { choice });
  return createEar({ modelsDir, log });
}
