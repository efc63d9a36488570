import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Pcm16 } from '../../../shared/audio';
import { EngineError } from '../index';
import type { Phrase, PhraseSpeaker } from './phrase';
import type { WorkerAnswer } from './worker';

/** The built program of the voice's thread, which lies beside the server's or above its chunks; null when run from source. */
export function findWorker(folder = __dirname): string | null {
  const places = [join(folder, 'flite-worker.js'), join(folder, '..', 'flite-worker.js')];
  return places.find((file) => existsSync(file)) ?? null;
}

interface Job {
  phrase: Phrase;
  signal: AbortSignal;
  resolve(pcm: Pcm16): void;
  reject(error: Error): void;
}

/**
 * A thread that speaks, from the program `file`. Only one phrase is ever handed to it, so that what waits can be
 * called off; a thread that dies fails that phrase and is started again for the next. Rejects with an EngineError when
 * the voice cannot start.
 */
export async function startVoiceThread(file: string): Promise<PhraseSpeaker> {
  const waiting: Job[] = [];
  let current: Job | null = null;
  let worker: Worker | null = await started(file);
  let closed = false;

  const finish = (settle: (job: Job) => void) => {
    const job = current;
    current = null;
    if (job !== null) settle(job);
    void next();
  };
  const listen = (thread: Worker) => {
    thread.on('message', (answer: WorkerAnswer) => {
      switch (answer.type) {
        case 'sound':
          return finish((job) => job.resolve(answer.pcm));
        case 'failed':
          return finish((job) => job.reject(new Error(answer.message)));
        case 'ready':
        case 'unusable':
          return;
        default:
          answer satisfies never;
      }
    });
    const died = (error: Error) => {
      if (worker !== thread) return;
      worker = null;
      finish((job) => job.reject(error));
    };
    thread.on('error', died);
    thread.on('exit', (code) => died(new Error(`the voice's thread ended with code ${code}`)));
  };
  const next = async () => {
    if (current !== null || closed) return;
    const job = waiting.shift();
    if (job === undefined) return;
    current = job;
    if (job.signal.aborted) return finish(() => job.resolve(new Int16Array(0)));
    try {
      if (worker === null) {
        worker = await started(file);
        listen(worker);
      }
      worker.postMessage(job.phrase);
    } catch (cause) {
      finish(() => job.reject(cause as Error));
    }
  };

  listen(worker);
  return {
    speak: (phrase, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ phrase, signal, resolve, reject });
        void next();
      }),
    async close() {
      closed = true;
      const thread = worker;
      worker = null;
      for (const job of [...(current ? [current] : []), ...waiting.splice(0)]) job.resolve(new Int16Array(0));
      current = null;
      await thread?.terminate();
    },
  };
}

/** A thread that has loaded the voice. */
function started(file: string): Promise<Worker> {
  const worker = new Worker(file);
  // An idle voice must not keep a program from ending.
  worker.unref();
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      worker.off('message', onMessage).off('error', reject).off('exit', onExit);
      act();
    };
    const onMessage = (answer: WorkerAnswer) =>
      settle(() =>
        answer.type === 'unusable' ? reject(new EngineError('tts', answer.message)) : resolve(worker),
      );
    const onExit = (code: number) => reject(new Error(`the voice's thread ended with code ${code}`));
    worker.on('message', onMessage).on('error', reject).on('exit', onExit);
  });
}
