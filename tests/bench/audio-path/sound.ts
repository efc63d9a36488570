/** The devices that programs of these measurements open, and the noise in their microphone. */
import { join } from 'node:path';
import type { Bench } from '../figure';
import { openSoundCard } from '../sound-card';
import { writeNoise } from './signals';

export interface Sound {
  /** What a program gets on its command line, and in its environment. */
  args: string[];
  env: Record<string, string>;
  /** What a reader of the figures must know of these devices. */
  note: string;
  close(): Promise<void>;
}

const NOISE_SECONDS = 30;

/** The virtual sound card where there is PulseAudio; else Chromium's own fake microphone and no loudspeaker. */
export async function openSound(bench: Bench): Promise<Sound> {
  const noise = join(bench.work, 'noise.wav');
  writeNoise(noise, NOISE_SECONDS);
  try {
    const card = await openSoundCard();
    let closing = false;
    let playing = card.play(noise);
    const again = (): void => {
      if (closing) return;
      playing = card.play(noise);
      void playing.done.then(again);
    };
    void playing.done.then(again);
    return {
      args: ['--use-fake-ui-for-media-stream'],
      env: card.env,
      note: 'The sound card is virtual (PulseAudio, null sink).',
      async close() {
        closing = true;
        playing.stop();
        await playing.done;
        await card.close();
      },
    };
  } catch (cause) {
    bench.say(`No virtual sound card: ${cause instanceof Error ? cause.message : cause}`);
    return {
      args: ['--use-fake-device-for-media-stream', `--use-file-for-fake-audio-capture=${noise}`],
      env: {},
      note: 'No sound card: the fake microphone of Chromium, and no device for the output.',
      close: async () => undefined,
    };
  }
}
