/** Entry of the voice's own thread: speaks what it is told, one phrase at a time, and hands the sound over uncopied. */
import { parentPort } from 'node:worker_threads';
import { toError } from '../../../shared/log';
import { EngineError } from '../index';
import { type Phrase, speakPhrase } from './phrase';
import { type Flite, loadFlite } from './program';

export type WorkerAnswer =
  | { type: 'ready' }
  /** It cannot speak at all; `message` is fit for the user. */
  | { type: 'unusable'; message: string }
  | { type: 'sound'; pcm: Int16Array }
  | { type: 'failed'; message: string };

async function run(port: NonNullable<typeof parentPort>): Promise<void> {
  let flite: Flite;
  try {
    flite = await loadFlite();
  } catch (cause) {
    if (!(cause instanceof EngineError)) throw cause;
    port.postMessage({ type: 'unusable', message: cause.message } satisfies WorkerAnswer);
    return;
  }
  port.on('message', (phrase: Phrase) => {
    speakPhrase(flite, phrase).then(
      (pcm) => port.postMessage({ type: 'sound', pcm } satisfies WorkerAnswer, [pcm.buffer as ArrayBuffer]),
      (cause) => port.postMessage({ type: 'failed', message: toError(cause).message } satisfies WorkerAnswer),
    );
  });
  port.postMessage({ type: 'ready' } satisfies WorkerAnswer);
}

if (parentPort !== null) void run(parentPort);
