import type { Logger } from '../../shared/log';
import type { Stt } from './index';
import { Decoder } from './pocketsphinx/decoder';
import { DecoderPool } from './pocketsphinx/decoder-pool';
import { buildArpa } from './pocketsphinx/language-model';
import { DEBIAN, loadLibrary, type PocketsphinxPlace } from './pocketsphinx/library';
import { assistantSentences } from './pocketsphinx/phrases';
import { Recognition } from './pocketsphinx/recognition';

export interface ClosableStt extends Stt {
  close(): Promise<void>;
}

/**
 * American English recognition on the system's pocketsphinx, while the user speaks, without a download. Rejects with
 * an EngineError that names the one command to run when the library or its model is not installed.
 */
export async function createPocketsphinx(
  log: Logger,
  place: PocketsphinxPlace = DEBIAN,
): Promise<ClosableStt> {
  const library = await loadLibrary(place);
  const assistantArpa = buildArpa(assistantSentences());
  const make = () => Decoder.create(library, place.modelDir, assistantArpa);
  const pool = new DecoderPool(await make(), make);
  // The second one is made now and not while the first user speaks.
  void pool.warm(2);
  // One decoder serves many: what it adapted to must not reach somebody else's words.
  const speakers = new WeakMap<object, Float32Array>();
  log.debug('speech recogniser ready');
  return {
    name: 'pocketsphinx',
    open: ({ speaker }) => new Recognition(pool, speaker === undefined ? null : { speakers, speaker }),
    close: () => pool.close(),
  };
}
