import { CornerDownLeft } from 'lucide-react';
import { Button } from 'react-aria-components';
import { Trans, useTranslation } from 'react-i18next';
import type { AppState } from '../../shared/ipc';
import { useAppState, usePage } from '../context';
import { Keys } from './Keys';

/** Teaches the first step: which key to hold and one thing to say. */
export function EmptyState() {
  const { t, i18n } = useTranslation();
  const { parley } = usePage();
  const app = useAppState();
  const english = hearsEnglishOnly(app);
  const example = english ? i18n.getFixedT('en') : t;
  const examples = builtInAnswers(app)
    ? [example('empty.builtin.sum'), example('empty.builtin.timer'), example('empty.builtin.help')]
    : [example('empty.model.explain'), example('empty.model.plan'), example('empty.model.translate')];
  const language = english ? 'en' : i18n.language;
  const note =
    english && i18n.language !== 'en' ? t('empty.englishOnly') : staysHere(app) ? t('empty.staysHere') : null;
  const freeMic = app.talkMode.mode === 'free-mic';
  return (
    <div className="empty">
      <p className="empty-lead">
        <Trans
          i18nKey={
            freeMic ? 'empty.freeMic' : app.hotkey.kind === 'unavailable' ? 'empty.holdHere' : 'empty.hold'
          }
          components={{ kbd: <kbd />, keys: <Keys accelerator={app.hotkey.accelerator} /> }}
        />
      </p>
      <p className="empty-say" lang={language}>
        {`“${example('empty.say')}”`}
      </p>
      <div className="empty-examples">
        <p id="examples-label">{t('empty.examples')}</p>
        <ul aria-labelledby="examples-label">
          {examples.map((text) => (
            <li key={text}>
              <Button
                className="example"
                lang={language}
                onPress={() => void parley.command('text.send', text)}
              >
                {text}
                <CornerDownLeft aria-hidden="true" />
              </Button>
            </li>
          ))}
        </ul>
        {note && <p className="empty-note">{note}</p>}
      </div>
    </div>
  );
}

/** The built-in assistant and the offline recogniser know English only. */
function hearsEnglishOnly({ settings, engines }: AppState): boolean {
  return (
    settings.service === 'local' &&
    (settings.llm.kind === 'builtin' || (engines.stt ?? '').toLowerCase().includes('sphinx'))
  );
}

function builtInAnswers({ settings }: AppState): boolean {
  return settings.service === 'local' && settings.llm.kind === 'builtin';
}

/** Only claimed where no stage leaves this computer. */
function staysHere(app: AppState): boolean {
  return builtInAnswers(app);
}
