import { ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { Button, Input, TextField } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { usePage } from '../context';

/** One line to type instead of talking. The send button appears with the first letter. */
export function Composer() {
  const { t } = useTranslation();
  const { parley } = usePage();
  const [text, setText] = useState('');
  const ready = text.trim() !== '';

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        void parley.command('text.send', text.trim());
        setText('');
      }}
    >
      <TextField aria-label={t('composer.label')} value={text} onChange={setText} maxLength={16_000}>
        <Input placeholder={t('composer.placeholder')} autoComplete="off" enterKeyHint="send" />
      </TextField>
      {ready && (
        <Button type="submit" className="composer-send" aria-label={t('composer.send')}>
          <ArrowUp aria-hidden="true" />
        </Button>
      )}
    </form>
  );
}
