import { Eraser, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useAppState, useAppStore, usePage } from '../context';
import { IconButton } from './IconButton';

/** Where the conversation goes and whether it can get there; the two ways out of the view. */
export function TopBar() {
  const { t } = useTranslation();
  const { parley, store } = usePage();
  const { connection, serverLabel, settings } = useAppState();
  const hasWords = useAppStore((s) => s.conversation.entries.length > 0);
  const place = settings.service === 'local' ? t('connection.thisComputer') : serverLabel;
  return (
    <header className="top-bar">
      <h1 className="visually-hidden">Parley</h1>
      <p className="connection" data-connection={connection}>
        <span className="connection-dot" aria-hidden="true" />
        <span className="connection-place">{place}</span>
        <span className="connection-word">{t(`connection.${connection}`)}</span>
      </p>
      <div className="top-actions">
        {hasWords && (
          <IconButton label={t('top.clear')} onPress={() => void parley.command('conversation.clear')}>
            <Eraser aria-hidden="true" />
          </IconButton>
        )}
        <IconButton label={t('top.settings')} onPress={() => store.getState().openSettings()}>
          <Settings aria-hidden="true" />
        </IconButton>
      </div>
    </header>
  );
}
