/** What the page knows of the outside: the API the preload puts on `window`, and the sound devices. */
import type { AppEventName, AppEvents, CommandArgument, CommandName, CommandResultOf } from '../shared/ipc';

export interface ParleyApi {
  /** Sends a command; rejects when the main process refuses its name, payload or sender. */
  command<C extends CommandName>(
    name: C,
    ...argument: undefined extends CommandArgument<C> ? [] : [CommandArgument<C>]
  ): Promise<CommandResultOf<C>>;
  /** Listens to one kind of event; the returned function ends that. */
  on<E extends AppEventName>(event: E, listener: (payload: AppEvents[E]) => void): () => void;
}

declare global {
  interface Window {
    parley: ParleyApi;
  }
}

export interface SoundDevice {
  id: string;
  label: string;
}

export interface SoundDevices {
  microphones: SoundDevice[];
  speakers: SoundDevice[];
}

/** What the settings and the problem banner ask of the audio graph. */
export interface SoundControl {
  /** Devices present now; labels are empty until the microphone was allowed once. */
  devices(): Promise<SoundDevices>;
  /** Tells of a device that came or went; the returned function ends that. */
  onDevicesChanged(listener: () => void): () => void;
  /** Opens the microphone again after it failed. */
  retryMicrophone(): void;
}
