import { fetchModels, missingModels } from './models.mjs';

/** Fetches the model files alone, for a machine that is prepared by other means (the Dockerfile). */
await fetchModels(missingModels());
