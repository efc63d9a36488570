/**
 * Puts a clock into the audio thread of the running program: a worklet of ours beside the program's own, which notes the
 * system's time, in whole milliseconds, at each quantum. Nothing of the program is changed for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../app';
import { type AudioClock, audioClock } from './audio-clock';

/** Quanta between two reports to the page, and the milliseconds in which the last of them has surely come. */
const REPORT_QUANTA = 188;
const REPORT_MS = 1500;
const MODULE = 'bench-clock.js';
const CONTEXT_MS = 10_000;
const POLL_MS = 50;

const WORKLET = `
registerProcessor('bench-clock', class extends AudioWorkletProcessor {
  ticks = new Float64Array(2 * ${REPORT_QUANTA});
  filled = 0;
  process() {
    this.ticks[this.filled++] = currentFrame;
    this.ticks[this.filled++] = Date.now();
    if (this.filled === this.ticks.length) {
      this.port.postMessage(this.ticks);
      this.filled = 0;
    }
    return true;
  }
});`;

interface ProbedWindow {
  benchContext?: AudioContext;
  benchTicks?: Float64Array[];
}

/** Resolves, when the clock runs, with what reads it up to now. */
export async function installClock({ app, page }: App): Promise<() => Promise<AudioClock>> {
  // The program's context shows itself when the program reads its latency, which it does once a second.
  await page.evaluate(() => {
    const probed = window as unknown as ProbedWindow;
    const property = Object.getOwnPropertyDescriptor(AudioContext.prototype, 'baseLatency');
    const read = property?.get;
    if (!read) throw new Error('AudioContext has no getter for baseLatency.');
    Object.defineProperty(AudioContext.prototype, 'baseLatency', {
      ...property,
      get(this: AudioContext) {
        probed.benchContext = this;
        return read.call(this);
      },
    });
  });
  const shown = () => page.evaluate(() => (window as unknown as ProbedWindow).benchContext !== undefined);
  for (const until = Date.now() + CONTEXT_MS; !(await shown()); await sleep(POLL_MS)) {
    if (Date.now() > until) throw new Error('The program did not read the latency of its audio context.');
  }
  // The page takes modules from its own origin only, where the program serves files: it is given one more.
  await app.evaluate(
    (_electron, { name, code }) => {
      const files = process.mainModule?.require('node:fs/promises');
      const { readFile } = files;
      files.readFile = (path: string, ...rest: unknown[]) =>
        String(path).endsWith(name) ? Promise.resolve(Buffer.from(code)) : readFile(path, ...rest);
    },
    { name: MODULE, code: WORKLET },
  );
  await page.evaluate(async (module) => {
    const probed = window as unknown as Required<ProbedWindow>;
    const context = probed.benchContext;
    await context.audioWorklet.addModule(module);
    probed.benchTicks = [];
    const node = new AudioWorkletNode(context, 'bench-clock', { numberOfInputs: 0, numberOfOutputs: 1 });
    node.port.onmessage = ({ data }) => probed.benchTicks.push(data);
    // Only what leads to the output is processed; it is silent.
    node.connect(context.destination);
  }, MODULE);
  return async () => {
    await sleep(REPORT_MS);
    const ticks = await page.evaluate(() =>
      (window as unknown as Required<ProbedWindow>).benchTicks.flatMap((reported) => [...reported]),
    );
    if (ticks.length === 0) throw new Error('The clock in the audio thread did not run.');
    return audioClock(ticks);
  };
}
