import { runInThisContext } from 'node:vm';
import { bundle } from './bundle';

/** An audio processor as the context drives it. */
export interface Processor {
  process(inputs: Float32Array[][], outputs: Float32Array[][], parameters: object): boolean;
}

type ProcessorClass = new (options: { processorOptions: object }) => Processor;

/** What an audio worklet's global scope has, with every message counted that a processor posts. */
export interface AudioThread {
  currentFrame: number;
  posted: number;
  /** Makes the processor that the worklet at `path` registers. */
  create(path: string, processorOptions: object): Promise<Processor>;
}

/** The worklets as they are shipped, in this thread; `currentFrame` is moved by the test. */
export function createAudioThread(): AudioThread {
  const classes: ProcessorClass[] = [];
  const thread: AudioThread = {
    currentFrame: 0,
    posted: 0,
    async create(path, processorOptions) {
      runInThisContext(`(() => {${await bundle(path)}})()`);
      const Registered = classes.pop();
      if (!Registered) throw new Error(`${path} registers no processor`);
      return new Registered({ processorOptions });
    },
  };
  class AudioWorkletProcessor {
    readonly port = {
      postMessage: () => {
        thread.posted++;
      },
    };
  }
  Object.defineProperties(globalThis, {
    currentFrame: { configurable: true, get: () => thread.currentFrame },
    AudioWorkletProcessor: { configurable: true, value: AudioWorkletProcessor },
    registerProcessor: {
      configurable: true,
      value: (_name: string, registered: ProcessorClass) => classes.push(registered),
    },
  });
  return thread;
}
