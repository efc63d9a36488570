import { Check, ChevronDown } from 'lucide-react';
import { useId } from 'react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  Select,
  SelectValue,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, type FieldId, type Setting } from './fields';
import { useSave } from './use-save';

export interface Choice<T extends string> {
  value: T;
  label: string;
  /** What choosing it means; only a `RadioField` shows it. */
  about?: string;
}

interface ChoiceFieldProps<T extends string> {
  id: FieldId;
  setting: Setting<T>;
  choices: readonly Choice<T>[];
}

/** Few choices, all in view: in a row, or one below the other where each says what it means. */
export function RadioField<T extends string>({ id, setting, choices }: ChoiceFieldProps<T>) {
  const { t } = useTranslation();
  const value = setting.read(useAppState().settings);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);
  return (
    <FieldFrame
      id={id}
      defaultText={labelOf(choices, standard)}
      changed={value !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
    >
      <RadioGroup
        className="radios"
        value={value}
        onChange={(chosen) => save(setting.patch(chosen as T))}
        aria-describedby={aboutId(id)}
      >
        <Label className="field-label">{t(`field.${id}.label`)}</Label>
        <div className="radio-row">
          {choices.map((choice) =>
            choice.about === undefined ? (
              <Radio key={choice.value} value={choice.value} className="radio">
                {choice.label}
              </Radio>
            ) : (
              <ExplainedRadio key={choice.value} choice={choice} about={choice.about} />
            ),
          )}
        </div>
      </RadioGroup>
    </FieldFrame>
  );
}

/** The whole card is the target; the explanation describes the choice and is not part of its name. */
function ExplainedRadio({ choice, about }: { choice: Choice<string>; about: string }) {
  const id = useId();
  return (
    <Radio
      value={choice.value}
      className="radio radio-explained"
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-about`}
    >
      <span className="radio-words">
        <span id={`${id}-label`} className="radio-label">
          {choice.label}
        </span>
        <span id={`${id}-about`} className="radio-about">
          {about}
        </span>
      </span>
    </Radio>
  );
}

/** Many choices, in a list that opens. */
export function SelectField<T extends string>({ id, setting, choices }: ChoiceFieldProps<T>) {
  const { t } = useTranslation();
  const value = setting.read(useAppState().settings);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);
  return (
    <FieldFrame
      id={id}
      defaultText={labelOf(choices, standard)}
      changed={value !== standard}
      onReset={() => save(setting.patch(standard))}
      problem={problem}
    >
      <Select
        className="select"
        value={value === '' ? SYSTEM_DEFAULT : value}
        onChange={(chosen) => save(setting.patch((chosen === SYSTEM_DEFAULT ? '' : chosen) as T))}
        aria-describedby={aboutId(id)}
      >
        <Label className="field-label">{t(`field.${id}.label`)}</Label>
        <Button className="select-button">
          <SelectValue />
          <ChevronDown aria-hidden="true" />
        </Button>
        <Popover className="popover" offset={4}>
          <ListBox
            className="list"
            items={choices.map((c) => ({ ...c, id: c.value === '' ? SYSTEM_DEFAULT : c.value }))}
          >
            {(choice) => (
              <ListBoxItem className="list-item" id={choice.id} textValue={choice.label}>
                {choice.label}
                <Check className="list-check" aria-hidden="true" />
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </Select>
    </FieldFrame>
  );
}

/** A list item needs an id that is not empty. */
const SYSTEM_DEFAULT = 'system-default';

function labelOf<T extends string>(choices: readonly Choice<T>[], value: T): string {
  return choices.find((choice) => choice.value === value)?.label ?? value;
}
