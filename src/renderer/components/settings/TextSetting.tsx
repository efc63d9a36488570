import { useEffect, useState } from 'react';
import { Input, Label, TextArea, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { defaultOf, type FieldId, type Setting } from './fields';
import { useSave } from './use-save';

interface TextSettingProps {
  id: FieldId;
  setting: Setting<string>;
  maxLength: number;
  rows?: number;
  placeholder?: string;
  /** The locale key of what is wrong with a text, or null. */
  check?: (text: string) => string | null;
  range: string;
}

/** A line or a paragraph. Saved when it is left or Enter is pressed, so half an address is never tried. */
export function TextSetting(props: TextSettingProps) {
  const { id, setting, maxLength, rows, placeholder, check, range } = props;
  const { t } = useTranslation();
  const saved = setting.read(useAppState().settings);
  const [text, setText] = useState(saved);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => setText(saved), [saved]);
  const { problem, save } = useSave();
  const standard = defaultOf(setting);

  const commit = (): void => {
    const wrong = check?.(text.trim()) ?? null;
    setError(wrong && t(wrong));
    if (wrong === null && text.trim() !== saved) save(setting.patch(text.trim()));
  };
  const shared = {
    className: 'text-input',
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  return (
    <FieldFrame
      id={id}
      defaultText={rows ? t('settings.shippedText') : standard || t('settings.empty')}
      range={range}
      changed={saved !== standard}
      onReset={() => {
        setError(null);
        setText(standard);
        save(setting.patch(standard));
      }}
      problem={problem}
      error={error}
    >
      <TextField
        className="text-field"
        value={text}
        onChange={setText}
        onBlur={commit}
        maxLength={maxLength}
        isInvalid={error !== null || problem !== null}
        aria-describedby={aboutId(id)}
      >
        <Label className="field-label">{t(`field.${id}.label`)}</Label>
        {rows ? (
          <TextArea {...shared} rows={rows} />
        ) : (
          <Input
            {...shared}
            spellCheck="false"
            autoComplete="off"
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) commit();
            }}
          />
        )}
      </TextField>
    </FieldFrame>
  );
}

const ADDRESS_PROTOCOLS: Record<'realtime' | 'http', string[]> = {
  realtime: ['http:', 'https:', 'ws:', 'wss:'],
  http: ['http:', 'https:'],
};

/** The locale key of what is wrong with an address, or null; an empty one is left to the server's answer. */
export function checkAddress(kind: 'realtime' | 'http'): (text: string) => string | null {
  return (text) => {
    if (text === '') return 'settings.addressMissing';
    try {
      return ADDRESS_PROTOCOLS[kind].includes(new URL(text).protocol) ? null : `settings.address.${kind}`;
    } catch {
      return `settings.address.${kind}`;
    }
  };
}
