/** The program's pictures for window and tray, from a folder of its own. */
import { join } from 'node:path';
import { type NativeImage, nativeImage } from 'electron';
import type { TrayPicture } from './tray-menu';

export function windowIcon(folder: string): NativeImage {
  return nativeImage.createFromPath(join(folder, '256x256.png'));
}

/** An `@2x` file beside a tray picture serves dense displays. */
export function trayIcons(folder: string): Record<TrayPicture, NativeImage> {
  // The system of a Mac colours black pictures, called templates, to fit its menu bar.
  const suffix = process.platform === 'darwin' ? 'Template' : '';
  const tray = (picture: TrayPicture): NativeImage =>
    nativeImage.createFromPath(join(folder, `tray-${picture}${suffix}.png`));
  return {
    idle: tray('idle'),
    listening: tray('listening'),
    speaking: tray('speaking'),
    muted: tray('muted'),
    trouble: tray('trouble'),
  };
}
