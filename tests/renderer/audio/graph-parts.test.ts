import { describe, expect, it } from 'vitest';
import { soundDevicesOf } from '../../../src/renderer/audio/devices';
import { LevelMeter } from '../../../src/renderer/audio/level-meter';
import { receiveAudioPorts } from '../../../src/renderer/audio/ports';

describe('LevelMeter', () => {
  const cases: [name: string, quanta: number, value: number, count: number, expected: number][] = [
    ['a constant', 6, 0.5, 128, 0.5],
    ['nothing before a reading is due', 5, 0.5, 128, -1],
    ['the last whole reading', 11, 0.25, 128, 0.25],
    ['no sample at all', 6, 0.5, 0, 0],
    ['louder than full scale', 6, 2, 128, 1],
  ];
  it.each(cases)('%s', (_name, quanta, value, count, expected) => {
    const gauges = new Float64Array([7, -1]);
    const meter = new LevelMeter(gauges, 1, 6);
    for (let i = 0; i < quanta; i++) meter.add(new Float32Array(128).fill(value), count);
    expect(gauges[0]).toBe(7);
    expect(gauges[1]).toBeCloseTo(expected, 6);
  });

  it('a reading does not carry over into the next', () => {
    const gauges = new Float64Array(1);
    const meter = new LevelMeter(gauges, 0, 6);
    for (let i = 0; i < 6; i++) meter.add(new Float32Array(128).fill(0.5), 128);
    for (let i = 0; i < 6; i++) meter.add(new Float32Array(128), 128);
    expect(gauges[0]).toBe(0);
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
