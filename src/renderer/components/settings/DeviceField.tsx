import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SoundDevices } from '../../bridge';
import { useAppState, usePage } from '../../context';
import { SelectField } from './ChoiceField';
import { plain } from './fields';

/** A microphone or loudspeaker from what is plugged in now. One that is chosen but gone stays in the list, and says so. */
export function DeviceField({ kind }: { kind: 'microphones' | 'speakers' }) {
  const { t } = useTranslation();
  const { sound } = usePage();
  const id = kind === 'microphones' ? 'microphoneId' : 'speakerId';
  const chosen = useAppState().settings[id];
  const [devices, setDevices] = useState<SoundDevices | null>(null);

  useEffect(() => {
    let current = true;
    const load = (): void => {
      void sound.devices().then((found) => {
        if (current) setDevices(found);
      });
    };
    load();
    const stop = sound.onDevicesChanged(load);
    return () => {
      current = false;
      stop();
    };
  }, [sound]);

  const present = devices?.[kind] ?? [];
  const choices = [
    { value: '', label: t('device.system') },
    ...present.map((device, index) => ({
      value: device.id,
      label: device.label || t('device.unnamed', { number: index + 1 }),
    })),
  ];
  if (chosen !== '' && !present.some((device) => device.id === chosen)) {
    choices.push({ value: chosen, label: t('device.gone') });
  }
  return <SelectField id={id} setting={plain(id)} choices={choices} />;
}
