/** The page may use the microphone and choose a loudspeaker, and nothing else. */
import type { Session } from 'electron';

interface Request {
  permission: string;
  /** Origin or URL of the frame that asks. */
  from: string;
  mediaTypes: string[];
}

/** Whether a permission request is granted. A request for the camera, alone or beside the microphone, is not. */
export function mayUse({ permission, from, mediaTypes }: Request, pageOrigin: string): boolean {
  if (from !== pageOrigin && !from.startsWith(`${pageOrigin}/`)) return false;
  if (permission === 'speaker-selection') return true;
  return permission === 'media' && mediaTypes.length > 0 && mediaTypes.every((type) => type === 'audio');
}

/** Sets the handlers of `session` so that only what `mayUse` allows is granted. */
export function lockPermissions(session: Session, pageOrigin: string): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    const mediaTypes = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    callback(mayUse({ permission, from: details.requestingUrl, mediaTypes }, pageOrigin));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) =>
    mayUse(
      { permission, from: origin.replace(/\/$/, ''), mediaTypes: [details.mediaType ?? 'unknown'] },
      pageOrigin,
    ),
  );
  session.setDevicePermissionHandler(() => false);
}
