import { Minus, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, Group, Input, Label, NumberField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, type FieldId, type Setting } from './fields';
import { useSave } from './use-save';

interface NumberSettingProps {
  id: FieldId;
  setting: Setting<number>;
  minimum: number;
  maximum: number;
}

/** A small whole number, typed or stepped. What is typed is saved when it is left or Enter is pressed. */
export function NumberSetting({ id, setting, minimum, maximum }: NumberSettingProps) {
  const { t } = useTranslation();
  const saved = setting.read(useAppState().settings);
  // Ahead of what is saved, so that two quick steps are two steps.
  const [value, setValue] = useState(saved);
  useEffect(() => setValue(saved), [saved]);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);
  const label = t(`field.${id}.label`);
  return (
    <FieldFrame
      id={id}
      defaultText={String(standard)}
      range={t('settings.range', { from: minimum, to: maximum })}
      changed={saved !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
    >
      <NumberField
        className="number-field"
        value={value}
        minValue={minimum}
        maxValue={maximum}
        step={1}
        isWheelDisabled
        incrementAriaLabel={t('settings.more', { field: label })}
        decrementAriaLabel={t('settings.fewer', { field: label })}
        aria-describedby={aboutId(id)}
        onChange={(chosen) => {
          // An emptied field goes back to the number that holds.
          if (Number.isNaN(chosen) || chosen === value) return;
          setValue(chosen);
          save(setting.patch(chosen));
        }}
      >
        <Label className="field-label">{label}</Label>
        <Group className="number-group">
          <Button slot="decrement" className="number-step">
            <Minus aria-hidden="true" />
          </Button>
          <Input className="number-input" />
          <Button slot="increment" className="number-step">
            <Plus aria-hidden="true" />
          </Button>
        </Group>
      </NumberField>
    </FieldFrame>
  );
}
