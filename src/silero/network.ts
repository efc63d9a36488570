/**
 * Silero VAD v5 for 16 kHz, computed here: spectrum, four convolutions, one LSTM cell, one output. It gives
 * the probability itself, and may look at a window without taking it into its memory.
 */
import { createRealFft } from '../shared/fft';
import { readOnnxWeights } from './onnx-weights';

/** Samples of a window: 32 ms at 16 kHz. */
export const WINDOW_SAMPLES = 512;

/** Samples before a window that the network sees too. */
export const CONTEXT_SAMPLES = 64;

const FFT_SIZE = 256;
const FFT_HOP = 128;
/** The window's end is mirrored by this many samples. */
const MIRRORED = 64;
const BINS = FFT_SIZE / 2 + 1;
const FRAMES = (CONTEXT_SAMPLES + WINDOW_SAMPLES + MIRRORED - FFT_SIZE) / FFT_HOP + 1;
const HIDDEN = 128;

/** What the network remembers of the sound so far. */
export interface NetworkState {
  hidden: Float32Array;
  cell: Float32Array;
}

export interface SileroNetwork {
  /**
   * Probability (0..1) that the last `WINDOW_SAMPLES` of `samples` hold speech. `samples` is `CONTEXT_SAMPLES` +
   * `WINDOW_SAMPLES` long, in -1..1. `into` receives the memory afterwards; it may be `state` itself.
   */
  score(samples: Float32Array, state: NetworkState, into: NetworkState): number;
}

export function createNetworkState(): NetworkState {
  return { hidden: new Float32Array(HIDDEN), cell: new Float32Array(HIDDEN) };
}

/** `file` is silero_vad_v5.onnx; an Error when the weights it should hold are not there. */
export function createSileroNetwork(file: Uint8Array): SileroNetwork {
  const weights = readOnnxWeights(file);
  const tensor = (name: string, size: number): Float32Array => {
    const found = weights.get(`If_0_then_branch__Inline_0__${name}`);
    if (found?.values.length !== size)
      throw new Error(`the Silero model has no tensor ${name} of ${size} values`);
    return found.values;
  };
  const convolution = (index: number, outputs: number, inputs: number, stride: number, frames: number) =>
    createConvolution(
      tensor(`encoder.${index}.reparam_conv.weight`, outputs * inputs * 3),
      tensor(`encoder.${index}.reparam_conv.bias`, outputs),
      { outputs, inputs, stride, frames },
    );
  const basis = tensor('stft.forward_basis_buffer', 2 * BINS * FFT_SIZE);
  // The cosine of bin 0 is 1 everywhere: what its row holds is the analysis window.
  const analysis = basis.subarray(0, FFT_SIZE);
  const layers = [
    convolution(0, 128, BINS, 1, FRAMES),
    convolution(1, 64, 128, 2, FRAMES),
    convolution(2, 64, 64, 2, FRAMES / 2),
    convolution(3, HIDDEN, 64, 1, 1),
  ];
  const inputWeights = tensor('decoder.rnn.weight_ih', 4 * HIDDEN * HIDDEN);
  const hiddenWeights = tensor('decoder.rnn.weight_hh', 4 * HIDDEN * HIDDEN);
  const gateBias = Float32Array.from(tensor('decoder.rnn.bias_ih', 4 * HIDDEN));
  for (const [i, bias] of tensor('decoder.rnn.bias_hh', 4 * HIDDEN).entries()) {
    gateBias[i] = (gateBias[i] as number) + bias;
  }
  const outputWeights = tensor('decoder.decoder.2.weight', HIDDEN);
  const outputBias = tensor('decoder.decoder.2.bias', 1)[0] as number;

  const fft = createRealFft(FFT_SIZE);
  const padded = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES + MIRRORED);
  const block = new Float32Array(FFT_SIZE);
  const re = new Float32Array(BINS);
  const im = new Float32Array(BINS);
  const spectrum = new Float32Array(FRAMES * BINS);
  const gates = new Float32Array(4 * HIDDEN);

  const analyse = (samples: Float32Array) => {
    padded.set(samples);
    for (let i = 0; i < MIRRORED; i++) padded[samples.length + i] = samples[samples.length - 2 - i] as number;
    for (let frame = 0; frame < FRAMES; frame++) {
      for (let i = 0; i < FFT_SIZE; i++) {
        block[i] = (padded[frame * FFT_HOP + i] as number) * (analysis[i] as number);
      }
      fft.forward(block, re, im);
      for (let bin = 0; bin < BINS; bin++) {
        spectrum[frame * BINS + bin] = Math.sqrt((re[bin] as number) ** 2 + (im[bin] as number) ** 2);
      }
    }
    return spectrum;
  };

  return {
    score(samples, state, into) {
      if (samples.length !== CONTEXT_SAMPLES + WINDOW_SAMPLES) {
        throw new RangeError(
          `the network takes ${CONTEXT_SAMPLES + WINDOW_SAMPLES} samples, not ${samples.length}`,
        );
      }
      let signal: Float32Array = analyse(samples);
      for (const layer of layers) signal = layer(signal);
      for (let g = 0; g < 4 * HIDDEN; g++) {
        gates[g] =
          (gateBias[g] as number) +
          dot(inputWeights, g * HIDDEN, signal, 0, HIDDEN) +
          dot(hiddenWeights, g * HIDDEN, state.hidden, 0, HIDDEN);
      }
      let output = outputBias;
      for (let i = 0; i < HIDDEN; i++) {
        const input = sigmoid(gates[i] as number);
        const forget = sigmoid(gates[HIDDEN + i] as number);
        const fresh = Math.tanh(gates[2 * HIDDEN + i] as number);
        const out = sigmoid(gates[3 * HIDDEN + i] as number);
        const cell = forget * (state.cell[i] as number) + input * fresh;
        const hidden = out * Math.tanh(cell);
        into.cell[i] = cell;
        into.hidden[i] = hidden;
        if (hidden > 0) output += (outputWeights[i] as number) * hidden;
      }
      return sigmoid(output);
    },
  };
}

/**
 * A convolution over time with three taps, one frame of zeros at either end and a rectifier. Signals lie frame after
 * frame; the weights are turned so that each tap is one run of memory.
 */
function createConvolution(
  weight: Float32Array,
  bias: Float32Array,
  shape: { outputs: number; inputs: number; stride: number; frames: number },
): (input: Float32Array) => Float32Array {
  const { outputs, inputs, stride, frames } = shape;
  const taps = new Float32Array(weight.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let t = 0; t < 3; t++) {
        taps[(o * 3 + t) * inputs + i] = weight[(o * inputs + i) * 3 + t] as number;
      }
    }
  }
  const outputFrames = Math.ceil(frames / stride);
  const result = new Float32Array(outputFrames * outputs);
  return (input) => {
    for (let frame = 0; frame < outputFrames; frame++) {
      for (let o = 0; o < outputs; o++) {
        let sum = bias[o] as number;
        for (let t = 0; t < 3; t++) {
          const from = frame * stride + t - 1;
          if (from < 0 || from >= frames) continue;
          sum += dot(taps, (o * 3 + t) * inputs, input, from * inputs, inputs);
        }
        result[frame * outputs + o] = sum > 0 ? sum : 0;
      }
    }
    return result;
  };
}

/** Four sums at a time: the processor need not wait for one addition before the next. */
function dot(a: Float32Array, aFrom: number, b: Float32Array, bFrom: number, length: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[aFrom + i] as number) * (b[bFrom + i] as number);
    s1 += (a[aFrom + i + 1] as number) * (b[bFrom + i + 1] as number);
    s2 += (a[aFrom + i + 2] as number) * (b[bFrom + i + 2] as number);
    s3 += (a[aFrom + i + 3] as number) * (b[bFrom + i + 3] as number);
  }
  for (let i = whole; i < length; i++) s0 += (a[aFrom + i] as number) * (b[bFrom + i] as number);
  return s0 + s1 + s2 + s3;
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
