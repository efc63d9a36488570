import type { AppState } from '../../shared/ipc';

/** What the picture shows: the activity, told apart further where the word would mislead. */
export type View =
  | 'idle'
  | 'muted'
  | 'connecting'
  | 'opening'
  | 'listening'
  | 'thinking'
  | 'speaking'
  | 'trouble';

/** One glance's worth of `app`. */
export function viewOf(app: Pick<AppState, 'activity' | 'connection' | 'talkMode' | 'microphone'>): View {
  const { activity, connection, talkMode, microphone } = app;
  if (activity === 'listening' && microphone.status === 'opening') return 'opening';
  // Without a connection nothing would come of talking, so this is not "ready".
  if (activity === 'idle' && connection !== 'connected') return 'connecting';
  if (activity === 'idle' && talkMode.talking === 'muted') return 'muted';
  return activity;
}
