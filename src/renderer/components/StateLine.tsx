import {
  AudioLines,
  Ear,
  Ellipsis,
  LoaderCircle,
  type LucideIcon,
  MicOff,
  Plug,
  TriangleAlert,
} from 'lucide-react';
import { Button } from 'react-aria-components';
import { Trans, useTranslation } from 'react-i18next';
import type { AppState } from '../../shared/ipc';
import { useAppState, usePage } from '../context';
import { type View, viewOf } from './activity';
import { Keys } from './Keys';

/** At rest there is the word alone. */
const ICONS: Record<View, LucideIcon | null> = {
  idle: null,
  muted: MicOff,
  connecting: Plug,
  opening: LoaderCircle,
  listening: Ear,
  thinking: Ellipsis,
  speaking: AudioLines,
  trouble: TriangleAlert,
};

/** The state in a word, and below it what to do next. */
export function StateLine() {
  const { t } = useTranslation();
  const { parley } = usePage();
  const app = useAppState();
  const view = viewOf(app);
  const Icon = ICONS[view];
  const busy = view === 'speaking' || view === 'thinking';
  return (
    <div className="state-line">
      <p className="state-word" data-view={view}>
        {Icon && <Icon aria-hidden="true" />}
        {t(`activity.${view}`)}
      </p>
      <div className="state-hint">
        {busy ? (
          <Button className="link-button" onPress={() => void parley.command('interrupt')}>
            {t('talk.interrupt')} <kbd>Esc</kbd>
          </Button>
        ) : (
          <Hint app={app} view={view} />
        )}
      </div>
    </div>
  );
}

function Hint({ app, view }: { app: AppState; view: View }) {
  const { store } = usePage();
  const { t } = useTranslation();
  const components = { kbd: <kbd />, keys: <Keys accelerator={app.hotkey.accelerator} /> };
  const key = hintOf(app, view);
  if (app.hotkey.kind === 'unavailable' && key === 'hint.holdUnavailable') {
    return (
      <>
        <span>
          <Trans i18nKey={key} components={components} />
        </span>{' '}
        <Button className="link-button" onPress={() => store.getState().openSettings('hotkey')}>
          {t('hint.chooseHotkey')}
        </Button>
      </>
    );
  }
  return (
    <span>
      <Trans i18nKey={key} components={components} />
    </span>
  );
}

/** The locale key of the one thing to do next. */
export function hintOf(app: Pick<AppState, 'talkMode' | 'hotkey'>, view: View): string {
  switch (view) {
    case 'connecting':
      return 'hint.connecting';
    case 'trouble':
      return 'hint.trouble';
    case 'opening':
      return 'hint.opening';
    case 'muted':
      return 'hint.muted';
    case 'idle':
    case 'listening':
    case 'thinking':
    case 'speaking':
      break;
    default:
      view satisfies never;
  }
  if (app.talkMode.mode === 'free-mic') return 'hint.freeMic';
  if (app.talkMode.talking === 'holding') return 'hint.holding';
  if (app.talkMode.talking === 'latched') return 'hint.latched';
  switch (app.hotkey.kind) {
    case 'hold':
      return 'hint.hold';
    case 'toggle':
      return 'hint.toggle';
    case 'unavailable':
      return 'hint.holdUnavailable';
    default:
      return app.hotkey.kind satisfies never;
  }
}
