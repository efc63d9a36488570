import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The model file as it lies in the models folder. */
const SILERO_FILE = 'silero_vad_v5.onnx';

const SILERO_SHA256 = '2623a2953f6ff3d2c1e61740c6cdb7168133479b267dfef114a4a3cc5bdd788f';

/** The Silero model's bytes. Rejects with an Error that says, fit for the user, what is wrong and what to do. */
export async function readSileroModel(modelsDir: string): Promise<Uint8Array> {
  const file = join(modelsDir, SILERO_FILE);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    throw new Error(`The voice detection model ${file} is missing. Run "npm start" to fetch it.`, { cause });
  }
  const sum = createHash('sha256').update(bytes).digest('hex');
  if (sum !== SILERO_SHA256) {
    throw new Error(
      `The voice detection model ${file} is damaged (${bytes.length} bytes, wrong checksum). Delete it and run "npm start" to fetch it again.`,
    );
  }
  return bytes;
}
