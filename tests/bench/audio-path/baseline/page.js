/** Playing and capture on the UI thread, as main.cjs describes them. */
const SAMPLE_RATE = 24_000;
const FLUSH_BYTES = 8192;
const TONE_HZ = 440;

/** The sources that sound or will, and where the last of them ends on the context's clock, in seconds. */
const sources = new Set();
let endsAt = 0;
let context = null;
let mix = null;

function toneBuffer(from, samples) {
  const buffer = context.createBuffer(1, samples, SAMPLE_RATE);
  const channel = buffer.getChannelData(0);
  for (let i = 0; i < samples; i++)
    channel[i] = 0.3 * Math.sin((2 * Math.PI * TONE_HZ * (from + i)) / SAMPLE_RATE);
  return buffer;
}

function play({ ms, deltaMs }) {
  const samples = (deltaMs * SAMPLE_RATE) / 1000;
  for (let played = 0; played < ms; played += deltaMs) {
    const source = new AudioBufferSourceNode(context, {
      buffer: toneBuffer((played / deltaMs) * samples, samples),
    });
    source.connect(mix);
    source.onended = () => sources.delete(source);
    endsAt = Math.max(endsAt, context.currentTime);
    source.start(endsAt);
    endsAt += deltaMs / 1000;
    sources.add(source);
  }
}

function flush() {
  for (const source of sources) source.stop();
  sources.clear();
  endsAt = 0;
}

function sendPcm(socket, { frame, processedAt, samples: float }) {
  const pcm = new Int16Array(float.length);
  for (let i = 0; i < float.length; i++) pcm[i] = Math.max(-1, Math.min(1, float[i])) * 0x7fff;
  const bytes = new Uint8Array(pcm.buffer);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const event = { type: 'input_audio_buffer.append', audio: btoa(binary) };
  socket.send(JSON.stringify({ ...event, frame, processedAt, samples: pcm.length }));
}

async function start(port, socketUrl) {
  context = new AudioContext({ sampleRate: SAMPLE_RATE, latencyHint: 'interactive' });
  await context.audioWorklet.addModule('worklet.js');
  mix = new GainNode(context);
  const watch = new AudioWorkletNode(context, 'silence-watch');
  watch.port.postMessage(port, [port]);
  mix.connect(watch).connect(context.destination);

  const socket = new WebSocket(socketUrl);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const tap = new AudioWorkletNode(context, 'microphone-tap', {
    numberOfOutputs: 0,
    processorOptions: { chunkSamples: FLUSH_BYTES / 2 },
  });
  tap.port.onmessage = ({ data }) => sendPcm(socket, data);
  context.createMediaStreamSource(stream).connect(tap);
  await context.resume();
  window.postMessage({ type: 'ready' }, '*');
}

window.addEventListener('message', ({ data, ports }) => {
  switch (data.type) {
    case 'port':
      void start(ports[0], data.socketUrl);
      break;
    case 'play':
      play(data);
      break;
    case 'flush':
      flush();
      break;
  }
});
