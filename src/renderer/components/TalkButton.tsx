import { Mic, MicOff } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppState, useAppStore, usePage } from '../context';
import { Hold } from './talk';
import { useTalkKeys } from './use-talk-keys';

/**
 * The big button: hold it to talk, or mute with it in free mic. A library button ends its press when the pointer
 * leaves it; this one keeps the pointer, because a hand that talks moves.
 */
export function TalkButton() {
  const { t } = useTranslation();
  const { parley } = usePage();
  const { talkMode } = useAppState();
  const covered = useAppStore((s) => s.settings.open);
  const freeMic = talkMode.mode === 'free-mic';
  const muted = talkMode.talking === 'muted';
  const active = freeMic ? !muted : talkMode.talking !== 'idle';

  const hold = useMemo(
    () =>
      new Hold({
        press: () => void parley.command('talk.press'),
        release: () => void parley.command('talk.release'),
      }),
    [parley],
  );
  const toggleMute = useCallback(() => void parley.command('talk.mute', !muted), [parley, muted]);
  const spaceDown = useCallback(
    () => (freeMic ? toggleMute() : hold.down('space')),
    [freeMic, toggleMute, hold],
  );
  const spaceUp = useCallback(() => hold.up('space'), [hold]);
  const lost = useCallback(() => hold.cancel(), [hold]);
  const interrupt = useCallback(() => void parley.command('interrupt'), [parley]);
  useTalkKeys({ enabled: !covered, spaceDown, spaceUp, lost, interrupt });

  const label = freeMic ? t(muted ? 'talk.unmute' : 'talk.mute') : t('talk.hold');
  return (
    <button
      type="button"
      className="talk-button"
      data-talk=""
      data-active={active || undefined}
      data-muted={muted || undefined}
      aria-label={label}
      aria-pressed={freeMic ? undefined : active}
      onPointerDown={(event) => {
        if (freeMic || event.button !== 0) return;
        event.currentTarget.setPointerCapture?.(event.pointerId);
        hold.down('pointer');
      }}
      onPointerUp={() => hold.up('pointer')}
      onPointerCancel={() => hold.up('pointer')}
      onLostPointerCapture={() => hold.up('pointer')}
      onContextMenu={(event) => event.preventDefault()}
      onClick={(event) => {
        if (freeMic) toggleMute();
        else if (event.detail === 0) hold.tap();
      }}
    >
      {muted ? <MicOff aria-hidden="true" /> : <Mic aria-hidden="true" />}
    </button>
  );
}
