import { readSileroModel } from './model-file';
import { createSileroNetwork, type SileroNetwork } from './network';

export {
  CONTEXT_SAMPLES,
  createNetworkState,
  type NetworkState,
  type SileroNetwork,
  WINDOW_SAMPLES,
} from './network';

/**
 * The Silero network with the weights in the folder `modelsDir`. One serves any number of listeners, each with a state
 * of its own. Rejects with an Error fit for the user when the model file is missing or damaged.
 */
export async function loadSilero(modelsDir: string): Promise<SileroNetwork> {
  return createSileroNetwork(await readSileroModel(modelsDir));
}
