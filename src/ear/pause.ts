/** Milliseconds without voice that end a stretch. */
export const PAUSE_MS = 200;
