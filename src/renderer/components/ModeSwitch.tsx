import { Hand, Mic } from 'lucide-react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { useAppState, usePage } from '../context';

/** Push-to-talk or free mic. */
export function ModeSwitch() {
  const { t } = useTranslation();
  const { parley } = usePage();
  const { talkMode } = useAppState();
  return (
    <ToggleButtonGroup
      className="mode-switch"
      aria-label={t('mode.label')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[talkMode.mode]}
      onSelectionChange={(keys) => {
        const mode = keys.has('free-mic') ? 'free-mic' : 'push-to-talk';
        void parley.command('talk.mode', mode);
      }}
    >
      <ToggleButton id="push-to-talk">
        <Hand aria-hidden="true" />
        <span>{t('mode.pushToTalk')}</span>
      </ToggleButton>
      <ToggleButton id="free-mic">
        <Mic aria-hidden="true" />
        <span>{t('mode.freeMic')}</span>
      </ToggleButton>
    </ToggleButtonGroup>
  );
}
