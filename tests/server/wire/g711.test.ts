import { describe, expect, it } from 'vitest';
import { type FakeScript, tone } from '../../../src/server/backends/fake';
import { fromWireBytes, toWire, toWireFormat, type WireFormat } from '../../../src/server/wire/wire-audio';
import { openSession } from '../../helpers/open-session';
import type { TestClient, TestServer, WireEvent } from '../../helpers/server-client';

let server: TestServer;
let client: TestClient;

async function open(script: FakeScript = {}): Promise<void> {
  ({ server, client } = await openSession(script));
}

const SILENT: Record<WireFormat, number> = { pcm: 0, pcmu: 0xff, pcma: 0xd5 };
const BYTES_PER_MS: Record<WireFormat, number> = { pcm: 48, pcmu: 8, pcma: 8 };
const G711: WireFormat[] = ['pcmu', 'pcma'];

const silent = (ms: number, format: WireFormat) => Buffer.alloc(ms * BYTES_PER_MS[format], SILENT[format]);
const loud = (ms: number, format: WireFormat) => toWire(tone(ms), 24_000, format);

const update = async (audio: object) =>
  (await client.ask({ type: 'session.update', session: { type: 'realtime', audio } }, 'session.updated'))
    .session;
const speakIn = (format: WireFormat, turn_detection: object | null = null) =>
  update({ input: { format: toWireFormat(format), turn_detection } });
const answerIn = (format: WireFormat) => update({ output: { format: toWireFormat(format) } });
const append = (bytes: Buffer) =>
  client.send({ type: 'input_audio_buffer.append', audio: bytes.toString('base64') });
const commit = async () =>
  (await client.ask({ type: 'input_audio_buffer.commit' }, 'input_audio_buffer.committed')).item_id;
const soundOf = async (item_id: string) => {
  const { item } = await client.ask(
    { type: 'conversation.item.retrieve', item_id },
    'conversation.item.retrieved',
  );
  return Buffer.from(
    item.content.find(({ type }: { type: string }) => type === 'input_audio').audio,
    'base64',
  );
};
const sizes = (response: WireEvent) =>
  client
    .of('response.output_audio.delta')
    .filter(({ response_id }) => response_id === response.response.id)
    .map(({ delta }) => Buffer.from(delta, 'base64').length);
const total = (numbers: number[]) => numbers.reduce((sum, number) => sum + number, 0);
const ask = (response: object = {}) => client.ask({ type: 'response.create', response }, 'response.done');

describe.each(G711)('input in %s', (format) => {
  it('is counted in milliseconds of 8 bytes', async () => {
    await open();
    expect((await speakIn(format)).audio.input.format).toEqual({ type: `audio/${format}` });
    append(silent(99, format));
    const { error } = await client.ask({ type: 'input_audio_buffer.commit' }, 'error');
    expect(error).toMatchObject({
      code: 'input_audio_buffer_commit_empty',
      message: expect.stringContaining('99.00 ms'),
    });
    append(silent(1, format));
    expect(await soundOf(await commit())).toEqual(silent(100, format));
    await client.settle();
    expect(server.record.stt[0]).toMatchObject({ samples: 1600, ended: true });
  });

  it('is heard, with the times of its turns, however it is cut', async () => {
    await open();
    await speakIn(format, { type: 'server_vad', prefix_padding_ms: 300 });
    const bytes = Buffer.concat([silent(1024, format), await loud(1024, format), silent(1024, format)]);
    for (let from = 0; from < bytes.length; from += 333) append(bytes.subarray(from, from + 333));
    const start = (await client.next('input_audio_buffer.speech_started')).audio_start_ms;
    const { audio_end_ms: end, item_id } = await client.next('input_audio_buffer.speech_stopped');
    expect(Math.abs(start - (1024 - 300))).toBeLessThanOrEqual(32);
    expect(Math.abs(end - (2048 + 512))).toBeLessThanOrEqual(64);
    await client.next('conversation.item.done');
    expect(Math.abs((await soundOf(item_id)).length / 8 - (end - start))).toBeLessThanOrEqual(32);
  });

  it('is what a created item is in, and comes back as it was', async () => {
    await open();
    await speakIn(format);
    const bytes = await loud(1500, format);
    const content = [{ type: 'input_audio', audio: bytes.toString('base64') }];
    const { item } = await client.ask(
      { type: 'conversation.item.create', item: { type: 'message', role: 'user', content } },
      'conversation.item.done',
    );
    expect(await soundOf(item.id)).toEqual(bytes);
    await ask();
    expect(server.record.stt[0]).toMatchObject({ samples: 24_000 });
  });
});

describe('the input format', () => {
  it('may change while sound is coming in', async () => {
    await open();
    await speakIn('pcm');
    append(silent(60, 'pcm'));
    await speakIn('pcmu');
    append(silent(40, 'pcmu'));
    await speakIn('pcma');
    append(silent(50, 'pcma'));
    const id = await commit();
    expect(await soundOf(id)).toHaveLength(150 * 8);
    await speakIn('pcm');
    const sound = fromWireBytes(await soundOf(id), 'pcm');
    expect(sound).toHaveLength(150 * 24);
    // A-law has no zero: its silence is 8, and in one format's silence read as another's it would be thousands.
    expect(Math.max(...sound.map(Math.abs))).toBeLessThanOrEqual(16);
  });

  it('is forgotten with the sound by clear', async () => {
    await open();
    await speakIn('pcmu');
    append(await loud(90, 'pcmu'));
    await client.ask({ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared');
    append(silent(100, 'pcmu'));
    expect(await soundOf(await commit())).toEqual(silent(100, 'pcmu'));
  });
});

describe.each(G711)('output in %s', (format) => {
  it('comes in deltas of at most 100 ms, as long as the answer', async () => {
    // 10 ms of sound for each of 43 characters.
    await open({ answers: [['One sentence. And another one that is longer.']] });
    expect((await answerIn(format)).audio.output.format).toEqual({ type: `audio/${format}` });
    const done = await ask();
    expect(done.response.audio.output.format).toEqual({ type: `audio/${format}` });
    expect(Math.max(...sizes(done))).toBeLessThanOrEqual(800);
    const spokenMs = total(server.record.tts.spoken.map(({ text }) => text.length * 10));
    expect(total(sizes(done))).toBe(spokenMs * 8);
    const item_id = done.response.output[0].id;
    const cut = (audio_end_ms: number) => ({
      type: 'conversation.item.truncate',
      item_id,
      content_index: 0,
      audio_end_ms,
    });
    const { error } = await client.ask(cut(spokenMs + 1), 'error');
    expect(error.message).toContain(`${spokenMs}ms`);
    await client.ask(cut(spokenMs), 'conversation.item.truncated');
  });
});

describe('the output format', () => {
  it('may be that of one response', async () => {
    await open({ answers: [['Same.'], ['Same.'], ['Same.']] });
    const plain = await ask();
    const g711 = await ask({ audio: { output: { format: { type: 'audio/pcma' } } } });
    const again = await ask();
    expect([plain, g711, again].map(({ response }) => response.audio.output.format.type)).toEqual([
      'audio/pcm',
      'audio/pcma',
      'audio/pcm',
    ]);
    expect([plain, g711, again].map((done) => total(sizes(done)))).toEqual([2400, 400, 2400]);
  });

  it('of a response that is in progress stays; the next has the new one', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await open({ answers: [['Same. ', gate, 'Then more.'], ['Same.']] });
    const first = ask();
    await client.next('response.output_audio.delta');
    await answerIn('pcmu');
    go();
    expect(total(sizes(await first)) % 48).toBe(0);
    expect((await first).response.audio.output.format.type).toBe('audio/pcm');
    expect((await ask()).response.audio.output.format.type).toBe('audio/pcmu');
  });
});

describe('the speed', () => {
  it('is given to the TTS, and acts from the next response when one is in progress', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    await open({ answers: [['One. ', gate, 'Two.'], ['Three.']] });
    await update({ output: { speed: 1.25 } });
    const first = ask();
    await client.next('response.output_audio.delta');
    expect((await update({ output: { speed: 0.5 } })).audio.output.speed).toBe(0.5);
    go();
    await first;
    await ask();
    expect(server.record.tts.spoken.map(({ text, speed }) => [text.trim(), speed])).toEqual([
      ['One.', 1.25],
      ['Two.', 1.25],
      ['Three.', 0.5],
    ]);
  });
});
