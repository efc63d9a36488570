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
export function viewOf(app: Pick<AppState, 'activity' | 'talkMode' | 'microphone' | 'settings'>): View {
  const { activity, talkMode, microphone } = app;
  const talking = talkMode.talking === 'holding' || talkMode.talking === 'latched';
  if (talking && microphone.status === 'opening') return 'opening';
  if (activity === 'idle' && talkMode.talking === 'muted') return 'muted';
  return activity;
}
