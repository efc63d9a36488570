/**
 * Silero VAD v5 for 16 kHz, computed here: spectrum, four convolutions, one LSTM cell, one output. It gives
 * the probability itself, and may look at a window without taking it into its memory.
 */
import { createRealFft } from '../shared/fft';
import { readOnnxWeights } from './onnx-weights';
import { multiply, packMatrix } from './packed-matrix';

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
  const gateWeights = packMatrix(4 * HIDDEN, 2 * HIDDEN, (gate, column) => {
    const weights = column < HIDDEN ? inputWeights : hiddenWeights;
    return weights[gate * HIDDEN + (column % HIDDEN)] as number;
  });
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
  const spectrum = new Float64Array(FRAMES * BINS);
  /** What the LSTM cell sees: the last layer's signal and what it remembers itself. */
  const seen = new Float64Array(2 * HIDDEN);
  const gates = new Float64Array(4 * HIDDEN);

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
      let signal: Float64Array = analyse(samples);
      for (const layer of layers) signal = layer(signal);
      seen.set(signal);
      seen.set(state.hidden, HIDDEN);
      multiply(gateWeights, gateBias, { from: 0, to: 2 * HIDDEN }, seen, 0, gates, 0);
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
 * frame, so the three frames that one output frame comes from are one run of memory.
 */
function createConvolution(
  weight: Float32Array,
  bias: Float32Array,
  shape: { outputs: number; inputs: number; stride: number; frames: number },
): (input: Float64Array) => Float64Array {
  const { outputs, inputs, stride, frames } = shape;
  const taps = packMatrix(outputs, 3 * inputs, (output, column) => {
    const tap = Math.floor(column / inputs);
    return weight[(output * inputs + (column % inputs)) * 3 + tap] as number;
  });
  const outputFrames = Math.ceil(frames / stride);
  const result = new Float64Array(outputFrames * outputs);
  return (input) => {
    for (let frame = 0; frame < outputFrames; frame++) {
      const first = frame * stride - 1;
      // Zeros beyond the ends need no sums.
      const columns = { from: first < 0 ? inputs : 0, to: Math.min(3, frames - first) * inputs };
      multiply(taps, bias, columns, input, first * inputs, result, frame * outputs);
    }
    for (let i = 0; i < result.length; i++) result[i] = Math.max(0, result[i] as number);
    return result;
  };
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
