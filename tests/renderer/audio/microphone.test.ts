import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMicrophone, type MicrophoneSettings } from '../../../src/renderer/audio/microphone';

const settings = (deviceId = ''): MicrophoneSettings => ({
  deviceId,
  echoCancellation: true,
  noiseSuppression: false,
  autoGainControl: true,
});

class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  stopped = false;
  constructor(readonly label: string) {
    super();
  }
  stop() {
    this.stopped = true;
  }
  unplug() {
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream {
  readonly track: FakeTrack;
  connected = false;
  constructor(label: string) {
    this.track = new FakeTrack(label);
  }
  getTracks() {
    return [this.track];
  }
  getAudioTracks() {
    return [this.track];
  }
}

/** Devices whose every answer the test gives by hand. */
class FakeDevices extends EventTarget {
  present: string[] = [];
  readonly asked: MediaTrackConstraints[] = [];
  readonly answers: { resolve(stream: FakeStream): void; reject(cause: unknown): void }[] = [];
  getUserMedia = ({ audio }: MediaStreamConstraints): Promise<MediaStream> => {
    this.asked.push(audio as MediaTrackConstraints);
    return new Promise((resolve, reject) =>
      this.answers.push({ resolve: (stream) => resolve(stream as unknown as MediaStream), reject }),
    );
  };
  enumerateDevices = async (): Promise<MediaDeviceInfo[]> =>
    this.present.map((deviceId) => ({ deviceId, kind: 'audioinput' }) as MediaDeviceInfo);
}

function scene() {
  const devices = new FakeDevices();
  const statuses: string[] = [];
  const microphone = createMicrophone({
    devices,
    connect(stream) {
      const fake = stream as unknown as FakeStream;
      fake.connected = true;
      return () => {
        fake.connected = false;
      };
    },
    onStatus: (status, detail) => statuses.push(detail === '' ? status : `${status} (${detail})`),
  });
  const answer = async (index: number, stream: FakeStream) => {
    devices.answers[index]?.resolve(stream);
    await vi.advanceTimersByTimeAsync(0);
  };
  const refuse = async (index: number, cause: unknown) => {
    devices.answers[index]?.reject(cause);
    await vi.advanceTimersByTimeAsync(0);
  };
  const devicesChange = async (present: string[]) => {
    devices.present = present;
    for (let i = 0; i < 4; i++) devices.dispatchEvent(new Event('devicechange'));
    await vi.advanceTimersByTimeAsync(1000);
  };
  return { devices, statuses, microphone, answer, refuse, devicesChange };
}

const refusal = (name: string) => Object.assign(new Error('why'), { name });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('opening', () => {
  it('asks for one channel of the wished device with the wished processing', async () => {
    const { devices, statuses, microphone, answer } = scene();
    void microphone.open(settings('usb'));
    const stream = new FakeStream('USB microphone');
    await answer(0, stream);
    expect(devices.asked).toEqual([
      {
        deviceId: { exact: 'usb' },
        channelCount: 1,
        echoCancellation: true,
        noiseSuppression: false,
        autoGainControl: true,
      },
    ]);
    expect(statuses).toEqual(['opening', 'open (USB microphone)']);
    expect(stream.connected).toBe(true);
  });

  it('leaves the device open to the system when none is wished', async () => {
    const { devices, microphone } = scene();
    void microphone.open(settings());
    expect(devices.asked[0]).not.toHaveProperty('deviceId');
  });

  it.each([
    ['NotAllowedError', 'denied'],
    ['SecurityError', 'denied'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'failed'],
    ['AbortError', 'failed'],
    ['TypeError', 'failed'],
  ])('%s is %s', async (name, status) => {
    const { statuses, microphone, refuse } = scene();
    void microphone.open(settings());
    await refuse(0, refusal(name));
    expect(statuses).toEqual(['opening', `${status} (${name}: why)`]);
  });

  it.each([
    ['no', 'failed (Error: no)'],
    [{ name: 'OverconstrainedError', message: '' }, 'missing (OverconstrainedError)'],
  ])('a refusal that is no Error is told too: %j', async (cause, status) => {
    const { statuses, microphone, refuse } = scene();
    void microphone.open(settings());
    await refuse(0, cause);
    expect(statuses[1]).toBe(status);
  });
});

describe('races', () => {
  it('a device that arrives after close is let go and not told of', async () => {
    const { statuses, microphone, answer } = scene();
    void microphone.open(settings());
    microphone.close();
    const late = new FakeStream('late');
    await answer(0, late);
    expect(late.track.stopped).toBe(true);
    expect(late.connected).toBe(false);
    expect(statuses).toEqual(['opening', 'off']);
  });

  it('of two opens the later one wins, whichever device arrives first', async () => {
    const { statuses, microphone, answer } = scene();
    void microphone.open(settings('a'));
    void microphone.open(settings('b'));
    const [a, b] = [new FakeStream('a'), new FakeStream('b')];
    await answer(1, b);
    await answer(0, a);
    expect([a.track.stopped, b.track.stopped]).toEqual([true, false]);
    expect(statuses.at(-1)).toBe('open (b)');
  });

  it('a refusal that comes after close is not told', async () => {
    const { statuses, microphone, refuse } = scene();
    void microphone.open(settings());
    microphone.close();
    await refuse(0, refusal('NotFoundError'));
    expect(statuses.at(-1)).toBe('off');
  });

  it('close lets the device go and takes it out of the graph', async () => {
    const { microphone, answer } = scene();
    void microphone.open(settings());
    const stream = new FakeStream('mic');
    await answer(0, stream);
    microphone.close();
    expect(stream.track.stopped).toBe(true);
    expect(stream.connected).toBe(false);
  });
});

describe('devices that come and go', () => {
  it('the default takes over from an unplugged device, and gives way when that is back', async () => {
    const { devices, statuses, microphone, answer, devicesChange } = scene();
    void microphone.open(settings('usb'));
    const usb = new FakeStream('usb');
    await answer(0, usb);
    usb.track.unplug();
    await answer(1, new FakeStream('built-in'));
    expect(devices.asked[1]).not.toHaveProperty('deviceId');
    expect(usb.connected).toBe(false);

    await devicesChange(['built-in']);
    expect(devices.asked.length).toBe(2);
    await devicesChange(['built-in', 'usb']);
    expect(devices.asked[2]).toMatchObject({ deviceId: { exact: 'usb' } });
    await answer(2, new FakeStream('usb'));
    expect(statuses.filter((s) => s.startsWith('open ('))).toEqual([
      'open (usb)',
      'open (built-in)',
      'open (usb)',
    ]);
  });

  it('a missing microphone is tried again, once, when devices change', async () => {
    const { devices, statuses, microphone, answer, refuse, devicesChange } = scene();
    void microphone.open(settings());
    await refuse(0, refusal('NotFoundError'));
    await devicesChange(['usb']);
    expect(devices.asked.length).toBe(2);
    await answer(1, new FakeStream('usb'));
    expect(statuses.at(-1)).toBe('open (usb)');
  });

  it('an open microphone is left alone when devices change', async () => {
    const { devices, microphone, answer, devicesChange } = scene();
    void microphone.open(settings());
    await answer(0, new FakeStream('mic'));
    await devicesChange(['mic', 'other']);
    expect(devices.asked.length).toBe(1);
  });

  it('nothing is opened by a change of devices after close', async () => {
    const { devices, microphone, answer, devicesChange } = scene();
    void microphone.open(settings('usb'));
    const usb = new FakeStream('usb');
    await answer(0, usb);
    microphone.close();
    usb.track.unplug();
    await devicesChange(['usb']);
    expect(devices.asked.length).toBe(1);
  });
});
