/**
 * Runs in a bare Node with --expose-gc: prints how many bytes of heap one call of the processor's `process` costs in
 * steady state. Standard input is JSON: the worklet's code and how shared memory is laid out.
 */
const { readFileSync } = require('node:fs');
const { getHeapStatistics } = require('node:v8');

const { playback, allocate } = JSON.parse(readFileSync(0, 'utf8'));
const WARM_UP = 60_000;
const CALLS = 100_000;
const ROUNDS = 4;
const QUANTUM = 128;

const registered = {};
globalThis.currentFrame = 0;
globalThis.AudioWorkletProcessor = class {};
globalThis.registerProcessor = (name, processor) => {
  registered[name] = processor;
};
const run = (code) => new Function('exports', code);
run(playback)({});
const lines = {};
run(allocate)(lines);

const PlaybackProcessor = registered['parley-playback'];

/** The least growth of several rounds: what else the engine does now and then is not the processor's. */
function bytesPerCall(processor, inputs, outputs, before) {
  const parameters = {};
  const call = (times) => {
    for (let i = 0; i < times; i++) {
      before();
      processor.process(inputs, outputs, parameters);
      globalThis.currentFrame += QUANTUM;
    }
  };
  globalThis.currentFrame = 0;
  // Not between the rounds: a collection throws optimised code away, and warming up again allocates.
  globalThis.gc();
  call(WARM_UP);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const used = getHeapStatistics().used_heap_size;
    call(CALLS);
    least = Math.min(least, (getHeapStatistics().used_heap_size - used) / CALLS);
  }
  return least;
}

function playbackCase(Processor, { sound = false, duck = 0, tap = 0 }) {
  const memory = lines.allocatePlaybackMemory();
  const processor = new Processor({ processorOptions: { memory, bell: lines.Bell.allocate() } });
  const words = new Int32Array(memory.words);
  const taps = new Int32Array(memory.tap, 0, 4);
  new Int16Array(memory.stream).forEach((_, i, stream) => {
    stream[i] = (i * 7919) % 20_000;
  });
  words[lines.WORD.duck] = duck;
  words[lines.WORD.tap] = tap;
  return bytesPerCall(processor, [], [[new Float32Array(QUANTUM)]], () => {
    if (sound) Atomics.add(words, lines.WORD.written, QUANTUM);
    Atomics.store(taps, 1, Atomics.load(taps, 0));
  });
}

/** The same processor, but it keeps one small object a call. */
const wasteful = (Processor) =>
  class extends Processor {
    process(inputs, outputs, parameters) {
      this.kept = { inputs };
      return super.process(inputs, outputs, parameters);
    }
  };

const result = {
  'playback, silence': playbackCase(PlaybackProcessor, {}),
  'playback, sound': playbackCase(PlaybackProcessor, { sound: true }),
  'playback, ducked and recorded': playbackCase(PlaybackProcessor, { sound: true, duck: 1, tap: 1 }),
  'wasteful playback': playbackCase(wasteful(PlaybackProcessor), { sound: true }),
};
process.stdout.write(JSON.stringify(result));
