import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pcm16 } from '../../../shared/audio';
import { EngineError } from '../index';
import {
  CEPSTRUM_LENGTH,
  callAsync,
  INSTALL_COMMAND,
  type PocketsphinxLibrary,
  type Pointer,
} from './library';

/**
 * Cepstral mean of a voice at an ordinary microphone level, in the coefficients of the English model, whose own is that of louder
 * recordings. An utterance is normalised by a mean that begins here, or where the speaker's last one ended.
 */
const USUAL_MEAN = [40, -5.3, 2, 6, 0.8, -3.9, -0.9, -1.2, -3.8, -0.8, -4.2, 0.2, 2.2];

/** Share of the assistant's own sentences in the language model; the rest is general English. */
const ASSISTANT_SHARE = 0.5;

/** Samples of the sound that a new decoder hears first: half a second. */
const REHEARSAL = 8000;

/** `ngram_file_type_t` of sphinxbase. */
const NGRAM_ARPA = 1;
const NGRAM_BIN = 2;

/**
 * One pocketsphinx decoder: several hundred milliseconds to make, one utterance at a time. The slow calls run on
 * another thread; the caller waits for each before the next.
 */
export class Decoder {
  /** null when it cannot be reached: then the decoder goes on from whatever it heard last. */
  private readonly mean: Pointer | null;

  private constructor(
    private readonly library: PocketsphinxLibrary,
    private readonly decoder: Pointer,
    private readonly config: Pointer,
  ) {
    this.mean = library.cepstralMean(decoder);
  }

  /**
   * `modelDir` holds the model as pocketsphinx ships it; `assistantArpa` is the language model (ARPA text) that is mixed into the general one. Rejects with an EngineError
   * when the model is not installed or not usable.
   */
  static async create(
    library: PocketsphinxLibrary,
    modelDir: string,
    assistantArpa: string,
  ): Promise<Decoder> {
    const acoustic = join(modelDir, 'en-us');
    const dictionary = join(modelDir, 'cmudict-en-us.dict');
    const generalLanguage = join(modelDir, 'en-us.lm.bin');
    for (const file of [acoustic, dictionary, generalLanguage]) {
      await access(file).catch((cause) => {
        throw new EngineError(
          'stt',
          `Speech recognition needs its English model, and ${file} is missing. Install it with: ${INSTALL_COMMAND}`,
          { cause },
        );
      });
    }
    // The second pass over the utterance cost 50 to 350 ms at its end and got no more words right.
    const options = ['-hmm', acoustic, '-dict', dictionary, '-fwdflat', 'no'];
    const args = ['parley', ...options];
    const config = library.cmd_ln_parse_r(null, library.ps_args(), args.length, args, 1);
    const decoder = config ? await callAsync(library.ps_init, config) : null;
    if (!decoder)
      throw new EngineError('stt', 'Speech recognition could not start: pocketsphinx refused its model.');
    const created = new Decoder(library, decoder, config);
    try {
      await created.setLanguage(generalLanguage, assistantArpa);
      await created.rehearse();
    } catch (cause) {
      await created.free();
      throw cause;
    }
    return created;
  }

  private async setLanguage(generalLanguage: string, assistantArpa: string): Promise<void> {
    const { library, decoder, config } = this;
    const logmath = library.ps_get_logmath(decoder);
    const read = (file: string, type: number) =>
      callAsync(library.ngram_model_read, config, file, type, logmath);
    const general = await read(generalLanguage, NGRAM_BIN);
    const assistant = await withFile(assistantArpa, (file) => read(file, NGRAM_ARPA));
    if (!general || !assistant) {
      throw new EngineError('stt', 'Speech recognition could not read its language model.');
    }
    const mixed = await callAsync(
      library.ngram_model_set_init,
      config,
      [general, assistant],
      ['general', 'assistant'],
      [1 - ASSISTANT_SHARE, ASSISTANT_SHARE],
      2,
    );
    if (
      !mixed ||
      (await callAsync(library.ps_set_lm, decoder, 'mixed', mixed)) < 0 ||
      library.ps_set_search(decoder, 'mixed') < 0
    ) {
      throw new EngineError('stt', 'Speech recognition could not use its language model.');
    }
    // The search holds the models now.
    for (const model of [mixed, general, assistant]) library.ngram_model_free(model);
  }

  /** The first utterance reads the models from the disk's cache, page by page; that is not what a user should wait for. */
  private async rehearse(): Promise<void> {
    this.start(null);
    // A buzz with the spectrum of a vowel makes the search look at many words.
    await this.process(Int16Array.from({ length: REHEARSAL }, (_, i) => ((i % 133) - 66) * 60));
    await this.end();
  }

  /** Begins an utterance, with what `adaptation` gave after an earlier one of the same speaker. */
  start(adaptation: Float32Array | null): void {
    if (this.mean !== null) {
      this.library.cmn_live_set(this.mean, adaptation ?? Float32Array.from(USUAL_MEAN));
    }
    this.check(this.library.ps_start_stream(this.decoder));
    this.check(this.library.ps_start_utt(this.decoder));
  }

  /** 16 kHz samples; `pcm` must not change before this resolves. */
  async process(pcm: Pcm16): Promise<void> {
    this.check(await callAsync(this.library.ps_process_raw, this.decoder, pcm, pcm.length, 0, 0));
  }

  /** Ends the utterance, which makes the last hypothesis the final one. */
  async end(): Promise<void> {
    this.check(await callAsync(this.library.ps_end_utt, this.decoder));
  }

  /** Words in lower case without marks for noise and pronunciation; '' when nothing was recognised. */
  hypothesis(): string {
    return cleanHypothesis(this.library.ps_get_hyp(this.decoder, null) ?? '');
  }

  /** What the utterance that ended taught about voice and microphone; null when that is not known. */
  adaptation(): Float32Array | null {
    if (this.mean === null) return null;
    const values = new Float32Array(CEPSTRUM_LENGTH);
    this.library.cmn_live_get(this.mean, values);
    return values;
  }

  /** Frees what the decoder holds, which takes tens of milliseconds on another thread. */
  async free(): Promise<void> {
    await callAsync(this.library.ps_free, this.decoder);
    this.library.cmd_ln_free_r(this.config);
  }

  private check(result: number): void {
    if (result < 0) throw new Error('pocketsphinx failed');
  }
}

/** `<sil>`, `[NOISE]`, `++UM++` are sounds, and `read(2)` is the second way to say "read". */
export function cleanHypothesis(text: string): string {
  return text
    .replace(/<[^>]*>|\[[^\]]*\]|\+\+[^+]*\+\+|\(\d+\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** The library reads models from files only. */
async function withFile<T>(content: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-language-'));
  try {
    const file = join(folder, 'assistant.arpa');
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
