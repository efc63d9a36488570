import { useEffect, useRef, useState } from 'react';
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, type FieldId, type Setting } from './fields';
import { useSave } from './use-save';

interface SliderFieldProps {
  id: FieldId;
  setting: Setting<number>;
  minimum: number;
  maximum: number;
  step: number;
  /** Written behind the number; '' for a bare number. */
  unit: string;
}

/** A change without an end (assistive technology sets the value directly) is saved after this long without another. */
const SETTLE_MS = 300;

/** A number on a scale. Saved when the thumb is let go. */
export function SliderField({ id, setting, minimum, maximum, step, unit }: SliderFieldProps) {
  const { t, i18n } = useTranslation();
  const saved = setting.read(useAppState().settings);
  const [value, setValue] = useState(saved);
  useEffect(() => setValue(saved), [saved]);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);
  const settling = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(settling.current), []);
  const end = (chosen: number): void => {
    clearTimeout(settling.current);
    if (chosen !== saved) save(setting.patch(chosen));
  };
  const written = (number: number): string => {
    const digits = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 }).format(number);
    return unit === '' ? digits : `${digits} ${unit}`;
  };
  return (
    <FieldFrame
      id={id}
      defaultText={written(standard)}
      range={t('settings.range', { from: written(minimum), to: written(maximum) })}
      changed={saved !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
    >
      <Slider
        className="slider"
        value={value}
        onChange={(chosen) => {
          setValue(chosen);
          clearTimeout(settling.current);
          settling.current = setTimeout(() => end(chosen), SETTLE_MS);
        }}
        onChangeEnd={end}
        minValue={minimum}
        maxValue={maximum}
        step={step}
      >
        <Label className="field-label">{t(`field.${id}.label`)}</Label>
        <SliderOutput className="slider-value">{written(value)}</SliderOutput>
        <SliderTrack className="slider-track">
          {({ state }) => (
            <>
              <div className="slider-fill" style={{ width: `${state.getThumbPercent(0) * 100}%` }} />
              <SliderThumb className="slider-thumb" aria-describedby={aboutId(id)} />
            </>
          )}
        </SliderTrack>
      </Slider>
    </FieldFrame>
  );
}
