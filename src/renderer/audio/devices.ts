import type { SoundDevices } from '../bridge';

/** The devices a user can choose: the browser's own aliases of the default are left out. */
export function soundDevicesOf(infos: readonly MediaDeviceInfo[]): SoundDevices {
  const of = (kind: MediaDeviceKind) =>
    infos
      .filter((d) => d.kind === kind && !['', 'default', 'communications'].includes(d.deviceId))
      .map((d) => ({ id: d.deviceId, label: d.label }));
  return { microphones: of('audioinput'), speakers: of('audiooutput') };
}
