/** The program's pictures for window and tray. */
import { join } from 'node:path';
import { type NativeImage, nativeImage } from 'electron';
import type { TrayPicture } from './tray-menu';

export interface Icons {
  window: NativeImage;
  tray: Record<TrayPicture, NativeImage>;
}

/** Loads the pictures from `folder`; an `@2x` file beside a tray picture serves dense displays. */
export function loadIcons(folder: string): Icons {
  // The system of a Mac colours black pictures, called templates, to fit its menu bar.
  const suffix = process.platform === 'darwin' ? 'Template' : '';
  const tray = (picture: TrayPicture): NativeImage =>
    nativeImage.createFromPath(join(folder, `tray-${picture}${suffix}.png`));
  return {
    window: nativeImage.createFromPath(join(folder, '256x256.png')),
    tray: {
      idle: tray('idle'),
      listening: tray('listening'),
      speaking: tray('speaking'),
      muted: tray('muted'),
      trouble: tray('trouble'),
    },
  };
}
