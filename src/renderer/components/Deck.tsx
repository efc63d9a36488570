import { useTranslation } from 'react-i18next';
import { useAppState } from '../context';
import { viewOf } from './activity';
import { Composer } from './Composer';
import { ModeSwitch } from './ModeSwitch';
import { Picture } from './Picture';
import { StateLine } from './StateLine';
import { TalkButton } from './TalkButton';

/** Where one talks: the picture around the button, the state in words, the mode, the line to type. */
export function Deck() {
  const { t } = useTranslation();
  const view = viewOf(useAppState());
  return (
    <section className="deck" data-view={view} aria-label={t('talk.label')}>
      <div className="stage">
        <Picture />
        <TalkButton />
      </div>
      <StateLine />
      <ModeSwitch />
      <Composer />
    </section>
  );
}
