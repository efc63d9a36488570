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
  const tray = (picture: TrayPicture): NativeImage => {
    const image = nativeImage.createFromPath(join(folder, `tray-${picture}.png`));
    // On macOS the system colours a template to fit its menu bar.
    if (process.platform === 'darwin') image.setTemplateImage(true);
    return image;
  };
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
