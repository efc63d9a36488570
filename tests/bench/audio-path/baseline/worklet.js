/** Passes sound on, and says on a port past the UI thread when it begins and when it ends. */
class SilenceWatch extends AudioWorkletProcessor {
  constructor() {
    super();
    this.silent = true;
    this.main = null;
    this.port.onmessage = ({ data }) => {
      this.main = data;
    };
  }

  process([input], [output]) {
    const samples = input[0];
    if (samples) for (const channel of output) channel.set(samples);
    // A mix without sources gives no channel. A tone's last sample may be zero by itself; a quantum's last two are not.
    const silent = !samples || (samples[samples.length - 1] === 0 && samples[samples.length - 2] === 0);
    if (silent !== this.silent) {
      this.silent = silent;
      this.main?.postMessage({ silent, at: Date.now() });
    }
    return true;
  }
}

/** Gathers samples and hands them to the page. */
class MicrophoneTap extends AudioWorkletProcessor {
  constructor({ processorOptions }) {
    super();
    this.chunk = new Float32Array(processorOptions.chunkSamples);
    this.filled = 0;
  }

  process([[samples]]) {
    if (!samples) return true;
    if (this.filled === 0) this.processedAt = Date.now();
    this.chunk.set(samples, this.filled);
    this.filled += samples.length;
    if (this.filled === this.chunk.length) {
      const frame = currentFrame + samples.length - this.filled;
      this.port.postMessage({ frame, processedAt: this.processedAt, samples: this.chunk });
      this.filled = 0;
    }
    return true;
  }
}

registerProcessor('silence-watch', SilenceWatch);
registerProcessor('microphone-tap', MicrophoneTap);
