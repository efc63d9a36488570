/** The voice on a thread of its own, as the built program runs it. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineError } from '../../../../src/server/backends';
import { type ClosableTts, createFlite } from '../../../../src/server/backends/flite';
import type { Phrase } from '../../../../src/server/backends/flite/phrase';
import { findWorker, startVoiceThread } from '../../../../src/server/backends/flite/voice-thread';
import type { Pcm16 } from '../../../../src/shared/audio';
import { silentLogger } from '../../../../src/shared/log';
import { bundleFliteWorker } from '../../../helpers/server-process';
import { concat } from '../../../helpers/sound';

let program: string;
const open: ClosableTts[] = [];
beforeAll(async () => {
  program = await bundleFliteWorker();
}, 120_000);
afterAll(async () => {
  for (const tts of open) await tts.close();
});

async function voice(worker: string | null): Promise<ClosableTts> {
  const tts = await createFlite(silentLogger, worker);
  open.push(tts);
  return tts;
}

async function spoken(tts: ClosableTts, text: string): Promise<Pcm16> {
  const parts: Pcm16[] = [];
  const options = { voice: 'marin', speed: 1 };
  for await (const pcm of tts.speak(text, options, new AbortController().signal)) parts.push(pcm);
  return concat(...parts);
}

const phrase = (text: string): Phrase => ({ text, end: 'sentence', voice: 'slt', stretch: 1 });
const unaborted = () => new AbortController().signal;
/** A program in place of the voice's. */
async function scripted(name: string, code: string): Promise<string> {
  const file = join(dirname(program), `${name}.js`);
  await writeFile(file, `const { parentPort } = require('node:worker_threads');\n${code}`);
  return file;
}

describe('the voice on its own thread', () => {
  it('says the same as on this one', async () => {
    const [here, there] = await Promise.all([voice(null), voice(program)]);
    for (const text of ['What time is it?', 'It is noon, and the sun is high.']) {
      expect(await spoken(there, text)).toEqual(await spoken(here, text));
    }
  });

  it('is found beside the built server, and not when it runs from source', () => {
    expect(findWorker(dirname(program))).toBe(program);
    expect(findWorker(join(dirname(program), 'chunks'))).toBe(program);
    expect(findWorker()).toBeNull();
  });

  it('speaks one phrase after the other, and none that was called off', async () => {
    const echo = await scripted(
      'echo',
      `let count = 0;
       parentPort.on('message', () => parentPort.postMessage({ type: 'sound', pcm: Int16Array.of(++count) }));
       parentPort.postMessage({ type: 'ready' });`,
    );
    const thread = await startVoiceThread(echo);
    const controller = new AbortController();
    const sounds = [
      thread.speak(phrase('one'), unaborted()),
      thread.speak(phrase('two'), controller.signal),
      thread.speak(phrase('three'), unaborted()),
    ];
    controller.abort();
    expect(await Promise.all(sounds)).toEqual([Int16Array.of(1), new Int16Array(0), Int16Array.of(2)]);
    await thread.close();
  });

  it('fails the phrase in which it dies, and speaks the next', async () => {
    const mortal = await scripted(
      'mortal',
      `parentPort.on('message', ({ text }) => {
         if (text === 'die') process.exit(3);
         parentPort.postMessage({ type: 'sound', pcm: Int16Array.of(7) });
       });
       parentPort.postMessage({ type: 'ready' });`,
    );
    const thread = await startVoiceThread(mortal);
    const dying = thread.speak(phrase('die'), unaborted());
    const next = thread.speak(phrase('live'), unaborted());
    await expect(dying).rejects.toThrow('code 3');
    expect(await next).toEqual(Int16Array.of(7));
    await thread.close();
  });

  it('says why it cannot start', async () => {
    const message = 'The voice could not start: it has a cold.';
    const mute = await scripted(
      'mute',
      `parentPort.postMessage({ type: 'unusable', message: '${message}' });`,
    );
    await expect(startVoiceThread(mute)).rejects.toEqual(new EngineError('tts', message));
    await expect(startVoiceThread(join(dirname(program), 'nothing.js'))).rejects.toThrow();
  });

  it('gives silence to what still waits when it is closed', async () => {
    const deaf = await scripted(
      'deaf',
      `parentPort.on('message', () => {}); parentPort.postMessage({ type: 'ready' });`,
    );
    const thread = await startVoiceThread(deaf);
    const sounds = [thread.speak(phrase('one'), unaborted()), thread.speak(phrase('two'), unaborted())];
    await thread.close();
    expect(await Promise.all(sounds)).toEqual([new Int16Array(0), new Int16Array(0)]);
  });
});
