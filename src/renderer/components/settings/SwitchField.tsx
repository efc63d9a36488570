import { Switch } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, type FieldId, type Setting } from './fields';
import { useSave } from './use-save';

export function SwitchField({ id, setting }: { id: FieldId; setting: Setting<boolean> }) {
  const { t } = useTranslation();
  const value = setting.read(useAppState().settings);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);
  return (
    <FieldFrame
      id={id}
      defaultText={t(standard ? 'settings.on' : 'settings.off')}
      changed={value !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
    >
      <Switch
        className="switch"
        isSelected={value}
        onChange={(on) => save(setting.patch(on))}
        aria-describedby={aboutId(id)}
      >
        <span className="field-label">{t(`field.${id}.label`)}</span>
        <span className="switch-track" aria-hidden="true" />
      </Switch>
    </FieldFrame>
  );
}
