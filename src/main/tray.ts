/** The tray: state at a glance and the few things one wants without opening the window. */
import { Menu, type NativeImage, Tray } from 'electron';
import type { AppState } from '../shared/ipc';
import { type TrayActions, type TrayPicture, trayMenu, trayPicture } from './tray-menu';

/** Puts the icon into the tray; the returned function shows a new state and rebuilds the menu only when it changed. */
export function createTray(
  pictures: Record<TrayPicture, NativeImage>,
  actions: TrayActions,
): { show(state: AppState, t: (key: string) => string): void; close(): void } {
  const tray = new Tray(pictures.idle);
  tray.on('click', actions.show);
  let shownPicture: TrayPicture = 'idle';
  let shownMenu = '';
  return {
    show(state, t) {
      const picture = trayPicture(state);
      if (picture !== shownPicture) tray.setImage(pictures[picture]);
      shownPicture = picture;
      tray.setToolTip(t(`tray.tooltip.${state.activity}`));
      const menu = trayMenu(state, t, actions);
      const key = JSON.stringify(menu);
      if (key === shownMenu) return;
      shownMenu = key;
      tray.setContextMenu(Menu.buildFromTemplate(menu));
    },
    close: () => tray.destroy(),
  };
}
