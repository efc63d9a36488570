import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AsyncQueue } from '../../../src/server/backends/queue';
import { AnswerSound } from '../../../src/server/responses/answer-sound';
import type { ResponsePart } from '../../../src/server/responses/response';
import { SAMPLE_RATE } from '../../../src/shared/audio';

/** An answer of which `seconds` of sound were made at once. */
function made(seconds: number): AnswerSound {
  const sound = new AnswerSound(new AsyncQueue<ResponsePart>(), () => undefined);
  sound.begin('A long sentence.');
  for (let second = 0; second < seconds; second++) sound.add(new Int16Array(SAMPLE_RATE));
  return sound;
}

describe('the wait of an answer that is far ahead of the ear', () => {
  it('is woken by an abort', async () => {
    const controller = new AbortController();
    let waits = true;
    // Minutes, and with that far longer than this test may take.
    const wait = made(600)
      .pace(controller.signal)
      .then(() => {
        waits = false;
      });
    for (let turn = 0; turn < 100; turn++) await setImmediate();
    expect(waits).toBe(true);
    controller.abort();
    await wait;
  });

  it('does not begin after an abort', async () => {
    await expect(made(600).pace(AbortSignal.abort())).resolves.toBeUndefined();
  });

  it('is none for a short answer', async () => {
    await expect(made(5).pace(new AbortController().signal)).resolves.toBeUndefined();
  });
});
