import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { KeyName } from '../../../shared/ipc';
import { useAppState, usePage } from '../../context';
import { aboutId, FieldFrame } from './FieldFrame';
import { FIELDS, type FieldId } from './fields';
import { useSave } from './use-save';

/** A key goes in and is never shown again; what is shown is where it is kept, or why it is not. */
export function KeyField({ id, name }: { id: FieldId; name: KeyName }) {
  const { t } = useTranslation();
  const { parley } = usePage();
  const status = useAppState().keys[name];
  const { problem, run } = useSave();
  const [text, setText] = useState('');

  const store = async (value: string): Promise<void> => {
    if (value.trim() === '') return;
    if (await run(parley.command('key.set', { name, value: value.trim() }))) setText('');
  };
  const place = status.source === 'none' && !status.storable ? 'refused' : status.source;
  return (
    <FieldFrame id={id} defaultText={t('key.noDefault')} changed={false} problem={problem}>
      {status.storable ? (
        <TextField
          className="text-field"
          type="password"
          value={text}
          onChange={setText}
          maxLength={1000}
          isInvalid={problem !== null}
          aria-describedby={aboutId(id)}
        >
          <Label className="field-label">{t(`field.${id}.label`)}</Label>
          <div className="key-row">
            <Input
              className="text-input"
              placeholder={t(status.source === 'stored' ? 'key.replace' : 'key.paste')}
              autoComplete="off"
              spellCheck="false"
              onPaste={(event) => {
                if (text !== '') return;
                event.preventDefault();
                void store(event.clipboardData.getData('text'));
              }}
              onKeyDown={(event) => {
                if (event.key === 'Enter') void store(text);
              }}
            />
            {text.trim() !== '' && (
              <Button className="button" onPress={() => void store(text)}>
                {t('key.save')}
              </Button>
            )}
          </div>
        </TextField>
      ) : (
        <p className="field-label">{t(`field.${id}.label`)}</p>
      )}
      <p className="key-status" data-place={place}>
        <KeyRound aria-hidden="true" />
        <span>{t(`key.${place}`, { variable: FIELDS.find((field) => field.id === id)?.wire })}</span>
        {status.source === 'stored' && (
          <Button className="link-button" onPress={() => void run(parley.command('key.clear', name))}>
            {t('key.clear')}
          </Button>
        )}
      </p>
    </FieldFrame>
  );
}
