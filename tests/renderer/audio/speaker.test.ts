import { describe, expect, it } from 'vitest';
import { createSpeakerOutput } from '../../../src/renderer/audio/speaker';

function scene(missing: string[] = []) {
  const calls: string[] = [];
  const problems: string[] = [];
  const context = {
    async setSinkId(id: string) {
      calls.push(id);
      await Promise.resolve();
      if (missing.includes(id)) throw Object.assign(new Error('no such device'), { name: 'NotFoundError' });
    },
  };
  return {
    calls,
    problems,
    missing,
    speaker: createSpeakerOutput(context, (detail) => problems.push(detail)),
  };
}

describe('the output device', () => {
  it('is set once, and not again for the same wish', async () => {
    const { calls, speaker } = scene();
    await speaker.setDevice('headset');
    await speaker.setDevice('headset');
    expect(calls).toEqual(['headset']);
  });

  it('of several wishes in a row ends as the last one', async () => {
    const { calls, speaker } = scene();
    await Promise.all(['a', 'b', 'c'].map((id) => speaker.setDevice(id)));
    expect(calls).toEqual(['a', 'c']);
  });

  it('falls back to the default when the wished one cannot be had, and says why', async () => {
    const { calls, problems, speaker } = scene(['gone']);
    await speaker.setDevice('headset');
    await speaker.setDevice('gone');
    expect(calls).toEqual(['headset', 'gone', '']);
    expect(problems).toEqual(['NotFoundError: no such device']);
  });

  it('is left when it is unplugged and taken again when it is back', async () => {
    const { calls, speaker } = scene();
    await speaker.setDevice('headset');
    await speaker.setPresent(['built-in']);
    await speaker.setPresent(['built-in', 'headset']);
    expect(calls).toEqual(['headset', '', 'headset']);
  });

  it('stays where it is when not even the default can be had', async () => {
    const { calls, problems, speaker } = scene(['', 'gone']);
    await speaker.setDevice('gone');
    expect(calls).toEqual(['gone']);
    expect(problems.length).toBe(1);
  });

  it('is the default on browsers that know no choice', async () => {
    const problems: string[] = [];
    const speaker = createSpeakerOutput({}, (detail) => problems.push(detail));
    await speaker.setDevice('headset');
    expect(problems).toEqual([]);
  });
});
