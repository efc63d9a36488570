import { describe, expect, it } from 'vitest';
import { soundDevicesOf } from '../../../src/renderer/audio/devices';
import { LevelMeter } from '../../../src/renderer/audio/level-meter';
import { receiveAudioPorts } from '../../../src/renderer/audio/ports';
import { RenderRecorder } from '../../../src/renderer/audio/render-recorder';

describe('LevelMeter', () => {
  const read = (meter: LevelMeter, samples: Float32Array | null, quanta: number) =>
    Array.from({ length: quanta }, () => meter.add(samples)).filter((level) => level !== null);

  it('reads the RMS about 30 times a second', () => {
    const oneSecond = Math.round(24_000 / 128);
    const levels = read(new LevelMeter(), new Float32Array(128).fill(0.5), oneSecond);
    expect(levels.length).toBe(31);
    for (const level of levels) expect(level).toBeCloseTo(0.5, 6);
  });

  it('reads silence once, then nothing until sound comes back', () => {
    const meter = new LevelMeter();
    read(meter, new Float32Array(128).fill(0.5), 6);
    expect(read(meter, null, 60)).toEqual([0]);
    expect(read(meter, new Float32Array(128).fill(0.25), 6)).toEqual([0.25]);
  });

  it('reads nothing from the start when there is only silence', () => {
    expect(read(new LevelMeter(), new Float32Array(128), 60)).toEqual([]);
  });
});

describe('RenderRecorder', () => {
  const scene = () => {
    const stretches: { frame: number; samples: number[] }[] = [];
    const recorder = new RenderRecorder((audio, frame) =>
      stretches.push({ frame, samples: [...new Int16Array(audio)] }),
    );
    return { stretches, recorder };
  };
  const quantum = new Float32Array(128).fill(-0.5);

  it('hands out stretches of 20 ms placed on the clock', () => {
    const { stretches, recorder } = scene();
    for (let i = 0; i < 15; i++) recorder.add(quantum, 128, 1000 + i * 128);
    expect(stretches.map((s) => [s.frame, s.samples.length])).toEqual([
      [1000, 480],
      [1480, 480],
      [1960, 480],
      [2440, 480],
    ]);
    expect(new Set(stretches.flatMap((s) => s.samples))).toEqual(new Set([-0x4000]));
  });

  it('leaves silence out and begins a new stretch after it', () => {
    const { stretches, recorder } = scene();
    recorder.add(quantum, 100, 0);
    recorder.add(quantum, 0, 128);
    recorder.add(quantum, 128, 256);
    recorder.finish();
    recorder.finish();
    expect(stretches.map((s) => [s.frame, s.samples.length])).toEqual([
      [0, 100],
      [256, 128],
    ]);
  });
});

describe('receiveAudioPorts', () => {
  /** As the preload posts it; `source` is the window itself unless the test says otherwise. */
  const post = (data: unknown, ports: unknown[], source: unknown = window) => {
    const event = new Event('message');
    Object.assign(event, { data, ports, source });
    window.dispatchEvent(event);
  };
  const message = { type: 'parley.audio-ports' };
  const pair = () => {
    const channel = new MessageChannel();
    return [channel.port1, channel.port2];
  };

  it('hands over every pair until it is ended', () => {
    const got: unknown[][] = [];
    const end = receiveAudioPorts(window, (...ports) => got.push(ports));
    const [first, second] = [pair(), pair()];
    post(message, first);
    post(message, second);
    end();
    post(message, pair());
    expect(got).toEqual([first, second]);
  });

  it.each([
    ['another message', { type: 'other' }, pair(), window],
    ['no data', null, pair(), window],
    ['one port only', message, pair().slice(1), window],
    ['another sender', message, pair(), null],
  ])('ignores %s', (_name, data, ports, source) => {
    const got: unknown[][] = [];
    const end = receiveAudioPorts(window, (...both) => got.push(both));
    post(data, ports, source);
    end();
    expect(got).toEqual([]);
  });
});

describe('soundDevicesOf', () => {
  it('sorts by kind and leaves aliases of the default out', () => {
    const device = (kind: string, deviceId: string, label = deviceId) =>
      ({ kind, deviceId, label }) as MediaDeviceInfo;
    expect(
      soundDevicesOf([
        device('audioinput', 'default'),
        device('audioinput', 'communications'),
        device('audioinput', 'usb', 'USB'),
        device('videoinput', 'cam'),
        device('audiooutput', ''),
        device('audiooutput', 'hdmi', 'TV'),
      ]),
    ).toEqual({ microphones: [{ id: 'usb', label: 'USB' }], speakers: [{ id: 'hdmi', label: 'TV' }] });
  });
});
