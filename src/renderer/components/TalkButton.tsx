import { Mic, MicOff, Square } from 'lucide-react';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppState, useAppStore, usePage } from '../context';
import { Hold } from './talk';
import { useTalkKeys } from './use-talk-keys';

/**
 * The big button: hold it to talk, or mute with it in free mic; where no voice interrupts, it does. A library button ends its press when the pointer
 * leaves it; this one keeps the pointer, because a hand that talks moves.
 */
export function TalkButton() {
  const { t } = useTranslation();
  const { parley } = usePage();
  const { talkMode, activity, settings } = useAppState();
  const covered = useAppStore((s) => s.settings.open);
  const freeMic = talkMode.mode === 'free-mic';
  const muted = talkMode.talking === 'muted';
  const cutsOff = freeMic && settings.interruption.when === 'by-key' && activity === 'speaking';
  const active = freeMic ? !muted : talkMode.talking !== 'idle';

  const hold = useMemo(
    () =>
      new Hold({
        press: () => void parley.command('talk.press'),
        release: () => void parley.command('talk.release'),
      }),
    [parley],
  );
  const interrupt = useCallback(() => void parley.command('interrupt'), [parley]);
  const toggleMute = useCallback(() => void parley.command('talk.mute', !muted), [parley, muted]);
  const freeMicKey = cutsOff ? interrupt : toggleMute;
  const spaceDown = useCallback(
    () => (freeMic ? freeMicKey() : hold.down('space')),
    [freeMic, freeMicKey, hold],
  );
  const spaceUp = useCallback(() => hold.up('space'), [hold]);
  const lost = useCallback(() => hold.cancel(), [hold]);
  useTalkKeys({ enabled: !covered, spaceDown, spaceUp, lost, interrupt });

  const muteLabel = muted ? 'talk.unmute' : 'talk.mute';
  const label = cutsOff ? 'talk.interrupt' : freeMic ? muteLabel : 'talk.hold';
  const Icon = cutsOff ? Square : muted ? MicOff : Mic;
  return (
    <button
      type="button"
      className="talk-button"
      data-talk=""
      data-active={active || undefined}
      data-muted={muted || undefined}
      aria-label={t(label)}
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
        if (freeMic) freeMicKey();
        else if (event.detail === 0) hold.tap();
      }}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}
