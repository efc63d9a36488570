import { join } from 'node:path';
import type { KoffiFunc } from 'koffi';
import { EngineError } from '../index';

/** An address in the library's memory. */
export type Pointer = unknown;

/** The functions of libpocketsphinx 5prealpha and libsphinxbase that the recogniser uses, under their C names. */
export interface PocketsphinxLibrary {
  ps_args(): Pointer;
  cmd_ln_parse_r(
    previous: null,
    definitions: Pointer,
    count: number,
    args: string[],
    strict: number,
  ): Pointer;
  cmd_ln_free_r(config: Pointer): number;
  err_set_logfp(file: null): void;
  ps_init: KoffiFunc<(config: Pointer) => Pointer>;
  ps_free: KoffiFunc<(decoder: Pointer) => number>;
  ps_get_logmath(decoder: Pointer): Pointer;
  ps_set_lm: KoffiFunc<(decoder: Pointer, name: string, model: Pointer) => number>;
  ps_set_search(decoder: Pointer, name: string): number;
  ngram_model_read: KoffiFunc<(config: Pointer, file: string, type: number, logmath: Pointer) => Pointer>;
  ngram_model_free(model: Pointer): number;
  ngram_model_set_init: KoffiFunc<
    (config: Pointer, models: Pointer[], names: string[], weights: number[], count: number) => Pointer
  >;
  ps_start_stream(decoder: Pointer): number;
  ps_start_utt(decoder: Pointer): number;
  ps_process_raw: KoffiFunc<
    (decoder: Pointer, pcm: Int16Array, samples: number, noSearch: number, whole: number) => number
  >;
  ps_end_utt: KoffiFunc<(decoder: Pointer) => number>;
  ps_get_hyp(decoder: Pointer, score: [number] | null): string | null;
  ps_get_feat(decoder: Pointer): Pointer;
  /** Both take the address that `cepstralMean` gives. */
  cmn_live_get(mean: Pointer, values: Float32Array): void;
  cmn_live_set(mean: Pointer, values: Float32Array): void;
  /** Where a decoder keeps its running cepstral mean; null when its memory does not look as expected. */
  cepstralMean(decoder: Pointer): Pointer | null;
}

/** Coefficients of one cepstrum. */
export const CEPSTRUM_LENGTH = 13;

/** `feat_t` of sphinxbase 5prealpha up to the field that is wanted; there is no function that gives it. */
const FEAT_FIELDS = {
  refcount: 'int',
  name: 'void *',
  cepsize: 'int32',
  n_stream: 'int32',
  stream_len: 'void *',
  window_size: 'int32',
  n_sv: 'int32',
  sv_len: 'void *',
  subvecs: 'void *',
  sv_buf: 'void *',
  sv_dim: 'int32',
  cmn: 'int32',
  varnorm: 'int32',
  agc: 'int32',
  compute_feat: 'void *',
  cmn_struct: 'void *',
} as const;

/** The fields whose values are known for the English model: the layout is as expected when they are there. */
const KNOWN_FIELDS = { cepsize: CEPSTRUM_LENGTH, n_stream: 1, window_size: 3, n_sv: 3, sv_dim: 39 } as const;

const DECLARATIONS = {
  'libsphinxbase.so.3': {
    cmd_ln_parse_r: 'void *cmd_ln_parse_r(void *, void *, int, str *, int)',
    cmd_ln_free_r: 'int cmd_ln_free_r(void *)',
    err_set_logfp: 'void err_set_logfp(void *)',
    ngram_model_read: 'void *ngram_model_read(void *, str, int, void *)',
    ngram_model_free: 'int ngram_model_free(void *)',
    ngram_model_set_init: 'void *ngram_model_set_init(void *, void **, str *, float *, int)',
    cmn_live_get: 'void cmn_live_get(void *, _Out_ float *)',
    cmn_live_set: 'void cmn_live_set(void *, float *)',
  },
  'libpocketsphinx.so.3': {
    ps_args: 'void *ps_args()',
    ps_init: 'void *ps_init(void *)',
    ps_free: 'int ps_free(void *)',
    ps_get_logmath: 'void *ps_get_logmath(void *)',
    ps_set_lm: 'int ps_set_lm(void *, str, void *)',
    ps_set_search: 'int ps_set_search(void *, str)',
    ps_start_stream: 'int ps_start_stream(void *)',
    ps_start_utt: 'int ps_start_utt(void *)',
    ps_process_raw: 'int ps_process_raw(void *, void *, size_t, int, int)',
    ps_end_utt: 'int ps_end_utt(void *)',
    ps_get_hyp: 'str ps_get_hyp(void *, _Out_ int32_t *)',
    ps_get_feat: 'void *ps_get_feat(void *)',
  },
} as const;

/** The one command that brings everything the recogniser needs on Debian and Ubuntu. */
export const INSTALL_COMMAND = 'sudo apt-get install -y libpocketsphinx3 libsphinxbase3 pocketsphinx-en-us';

/** Where things are; by default as Debian and Ubuntu install them. */
export interface PocketsphinxPlace {
  platform: NodeJS.Platform;
  /** Folder of the libraries; '' leaves it to the system's loader. */
  libraryDir: string;
  /** Folder of the American English model. */
  modelDir: string;
}

export const DEBIAN: PocketsphinxPlace = {
  platform: process.platform,
  libraryDir: '',
  modelDir: '/usr/share/pocketsphinx/model/en-us',
};

/** Loads both libraries. Rejects with an EngineError where they are not installed. */
export async function loadLibrary({ platform, libraryDir }: PocketsphinxPlace): Promise<PocketsphinxLibrary> {
  if (platform !== 'linux') {
    throw new EngineError(
      'stt',
      'Speech recognition without a downloaded model works on Linux only: it uses the system library pocketsphinx.',
    );
  }
  let koffi: typeof import('koffi');
  try {
    const namespace: { default?: unknown } = await import('koffi');
    koffi = (namespace.default ?? namespace) as typeof koffi;
  } catch (cause) {
    throw new EngineError(
      'stt',
      `Speech recognition could not start: koffi has no working build for ${process.platform}-${process.arch}. Run "npm install" again.`,
      { cause },
    );
  }
  const functions: Record<string, unknown> = {};
  for (const [file, declarations] of Object.entries(DECLARATIONS)) {
    try {
      const library = koffi.load(join(libraryDir, file));
      for (const [name, declaration] of Object.entries(declarations)) {
        functions[name] = library.func(declaration);
      }
    } catch (cause) {
      throw new EngineError(
        'stt',
        `Speech recognition needs ${file}, which could not be loaded. Install it with: ${INSTALL_COMMAND}`,
        { cause },
      );
    }
  }
  const feat = koffi.struct(FEAT_FIELDS);
  functions.cepstralMean = (decoder: Pointer): Pointer | null => {
    const fields: Record<string, unknown> = koffi.decode(library.ps_get_feat(decoder), feat);
    const known = Object.entries(KNOWN_FIELDS).every(([name, value]) => fields[name] === value);
    return known ? fields.cmn_struct : null;
  };
  const library = functions as unknown as PocketsphinxLibrary;
  // It logs what it does, and what it hears, to the terminal. One log file serves the whole process, so switching it
  // for each decoder would race with the others' threads.
  library.err_set_logfp(null);
  return library;
}

/** Calls a slow function on koffi's thread pool, so that the event loop goes on. */
export function callAsync<Args extends unknown[], Result>(
  fn: KoffiFunc<(...args: Args) => Result>,
  ...args: Args
): Promise<Result> {
  return new Promise((resolve, reject) => {
    fn.async(...args, (error: unknown, result: Result) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}
