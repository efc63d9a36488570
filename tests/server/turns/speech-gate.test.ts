import { describe, expect, it } from 'vitest';
import type { SttPart } from '../../../src/server/backends';
import { createFakeBackends, type FakeScript } from '../../../src/server/backends/fake';
import { withSpeechGate } from '../../../src/server/turns/speech-gate';
import { concat, recognise, silence, tone } from '../../helpers/sound';

function gated(script: FakeScript) {
  const { backends, record } = createFakeBackends(script);
  return { stt: withSpeechGate(backends.stt, backends.vad), record };
}

describe('speech gate', () => {
  it.each([0, 100, 320, 512, 40_000])(
    'asks nobody about an utterance without speech, in chunks of %i',
    async (chunk) => {
      const { stt, record } = gated({ speech: [{ final: 'invented' }] });
      expect(await recognise(stt, silence(2000), chunk || 320)).toEqual([{ type: 'final', text: '' }]);
      expect(record.stt).toEqual([]);
    },
  );

  it('asks nobody about an empty utterance', async () => {
    const { stt } = gated({});
    expect(await recognise(stt, silence(0))).toEqual([{ type: 'final', text: '' }]);
  });

  it.each([1, 320, 1000, 48_000])(
    'passes speech on with the half second before it, in chunks of %i',
    async (chunk) => {
      const { stt, record } = gated({ speech: [{ final: 'hello' }] });
      const parts = await recognise(stt, concat(silence(2000), tone(1000, 300, 8000)), chunk);
      expect(parts.at(-1)).toEqual({ type: 'final', text: 'hello' });
      const passedMs = (record.stt[0]?.samples ?? 0) / 16;
      expect(passedMs).toBeGreaterThanOrEqual(1400);
      expect(passedMs).toBeLessThanOrEqual(chunk === 48_000 ? 3000 : 1600);
    },
  );

  it('hands partials and failures on', async () => {
    const { stt } = gated({ speech: [{ partials: ['he'], failure: new Error('lost') }] });
    const stream = stt.open({});
    stream.write(tone(200, 300, 8000));
    stream.end();
    const parts: SttPart[] = [];
    const read = async () => {
      for await (const part of stream) parts.push(part);
    };
    await expect(read()).rejects.toThrow('lost');
    expect(parts[0]).toEqual({ type: 'partial', text: 'he' });
  });

  it.each([silence(500), tone(500, 300, 8000)])('ends without a transcript when cancelled', async (pcm) => {
    const { stt, record } = gated({});
    const stream = stt.open({});
    stream.write(pcm);
    stream.cancel();
    stream.write(pcm);
    stream.end();
    const parts: SttPart[] = [];
    for await (const part of stream) parts.push(part);
    expect(parts.filter((part) => part.type === 'final')).toEqual([]);
    for (const { cancelled } of record.stt) expect(cancelled).toBe(true);
  });
});
