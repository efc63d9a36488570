import type { MicrophoneStatus } from '../../shared/ipc';

/** How the microphone is to be opened. */
export interface MicrophoneSettings {
  /** As the browser gives it; '' is the system's default. */
  deviceId: string;
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}

/** What is needed of `navigator.mediaDevices`. */
export type MicrophoneDevices = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
>;

export interface MicrophoneOptions {
  devices: MicrophoneDevices;
  /** Leads a stream into the capture node; the returned function takes it out again. */
  connect(stream: MediaStream): () => void;
  /** `detail` is technical: the device's name when open, the reason when not. */
  onStatus(status: MicrophoneStatus, detail: string): void;
}

export interface Microphone {
  /** Opens with these settings, in place of what is open. The outcome comes through `onStatus`; never throws. */
  open(settings: MicrophoneSettings): Promise<void>;
  /** Lets the device go at once, even in the middle of opening. */
  close(): void;
  /** Closes for good. */
  dispose(): void;
}

/** One change of devices comes as a volley of events. */
const DEVICE_CHANGE_DEBOUNCE_MS = 300;

/** What holds the device while it is open. */
interface OpenMicrophone {
  /** The device asked for; '' when the default stands in for one that is gone. */
  deviceId: string;
  release(): void;
}

/**
 * The microphone as a device: asks for it, says how that went, and keeps at it. When the open device is unplugged the
 * system's default takes over; when the wished one comes back, it is taken again.
 */
export function createMicrophone({ devices, connect, onStatus }: MicrophoneOptions): Microphone {
  let wanted: MicrophoneSettings | null = null;
  let current: OpenMicrophone | null = null;
  /** Every open and close begins a new one; whatever an older one still brings is let go. */
  let generation = 0;
  let debounce: ReturnType<typeof setTimeout> | undefined;

  const release = (): void => {
    current?.release();
    current = null;
  };

  async function acquire(settings: MicrophoneSettings): Promise<void> {
    const mine = ++generation;
    release();
    onStatus('opening', '');
    try {
      const stream = await devices.getUserMedia({ audio: constraintsOf(settings) });
      if (mine === generation) take(stream, settings, mine);
      else stopTracks(stream);
    } catch (cause) {
      if (mine === generation) onStatus(...statusOf(cause));
    }
  }

  function take(stream: MediaStream, settings: MicrophoneSettings, mine: number): void {
    const track = stream.getAudioTracks()[0];
    if (!track) {
      stopTracks(stream);
      onStatus('missing', 'the stream holds no audio track');
      return;
    }
    const onEnded = (): void => {
      if (mine === generation) void acquire({ ...settings, deviceId: '' });
    };
    track.addEventListener('ended', onEnded);
    const disconnect = connect(stream);
    current = {
      deviceId: settings.deviceId,
      release() {
        track.removeEventListener('ended', onEnded);
        disconnect();
        stopTracks(stream);
      },
    };
    onStatus('open', track.label);
  }

  /** Tries again when nothing is open; goes back to the wished device when another stands in for it. */
  async function reconsider(): Promise<void> {
    if (!wanted) return;
    const mine = generation;
    if (current) {
      if (current.deviceId === wanted.deviceId) return;
      const present = await devices.enumerateDevices();
      const isBack = present.some((d) => d.kind === 'audioinput' && d.deviceId === wanted?.deviceId);
      if (!isBack) return;
    }
    if (wanted && mine === generation) await acquire(wanted);
  }

  const onDeviceChange = (): void => {
    clearTimeout(debounce);
    debounce = setTimeout(() => void reconsider(), DEVICE_CHANGE_DEBOUNCE_MS);
  };
  devices.addEventListener('devicechange', onDeviceChange);

  const close = (): void => {
    generation++;
    wanted = null;
    release();
    onStatus('off', '');
  };

  return {
    open(settings) {
      wanted = settings;
      return acquire(settings);
    },
    close,
    dispose() {
      clearTimeout(debounce);
      devices.removeEventListener('devicechange', onDeviceChange);
      close();
    },
  };
}

function constraintsOf(settings: MicrophoneSettings): MediaTrackConstraints {
  const { deviceId, echoCancellation, noiseSuppression, autoGainControl } = settings;
  return {
    ...(deviceId === '' ? {} : { deviceId: { exact: deviceId } }),
    channelCount: 1,
    echoCancellation,
    noiseSuppression,
    autoGainControl,
  };
}

/** What a refusal of `getUserMedia` means to the user. Names: Media Capture and Streams, section 10. */
function statusOf(cause: unknown): [MicrophoneStatus, string] {
  // An OverconstrainedError is no Error before Chrome 127.
  const { name = 'Error', message = String(cause) } =
    typeof cause === 'object' && cause !== null ? (cause as Partial<Error>) : {};
  const detail = message === '' ? name : `${name}: ${message}`;
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return ['denied', detail];
    case 'NotFoundError':
    case 'OverconstrainedError':
      return ['missing', detail];
    default:
      return ['failed', detail];
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
