/** What the tray shows and offers for a state. */
import type { MenuItemConstructorOptions } from 'electron';
import type { Activity, AppState } from '../shared/ipc';
import type { TalkMode } from '../shared/settings';

export interface TrayActions {
  show(): void;
  setMode(mode: TalkMode): void;
  setMuted(muted: boolean): void;
  quit(): void;
}

/** Which picture the tray shows; each differs in form, not in colour alone. */
export type TrayPicture = 'idle' | 'listening' | 'speaking' | 'muted' | 'trouble';

export function trayPicture(state: Pick<AppState, 'activity' | 'talkMode'>): TrayPicture {
  const pictures: Record<Activity, TrayPicture> = {
    idle: 'idle',
    connecting: 'idle',
    listening: 'listening',
    thinking: 'idle',
    speaking: 'speaking',
    trouble: 'trouble',
  };
  const picture = pictures[state.activity];
  return picture === 'idle' && state.talkMode.talking === 'muted' ? 'muted' : picture;
}

/** The menu for `state`; `t` translates keys of the `tray` group. */
export function trayMenu(
  state: AppState,
  t: (key: string) => string,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const { mode, talking } = state.talkMode;
  return [
    { label: t('tray.show'), click: actions.show },
    { type: 'separator' },
    {
      label: t('tray.pushToTalk'),
      type: 'radio',
      checked: mode === 'push-to-talk',
      click: () => actions.setMode('push-to-talk'),
    },
    {
      label: t('tray.freeMic'),
      type: 'radio',
      checked: mode === 'free-mic',
      click: () => actions.setMode('free-mic'),
    },
    {
      label: t('tray.mute'),
      type: 'checkbox',
      checked: talking === 'muted',
      enabled: mode === 'free-mic',
      click: (item) => actions.setMuted(item.checked),
    },
    { type: 'separator' },
    { label: t('tray.quit'), click: actions.quit },
  ];
}
