import type { Activity, ConnectionState } from '../shared/ipc';
import type { TalkMode } from '../shared/settings';

/** What a session tells about itself; changes are few, so it is sent whole. */
export interface SessionState {
  talkMode: TalkMode;
  /** The microphone is off in free mic. */
  muted: boolean;
  /** Push-to-talk records. */
  recording: boolean;
  /** The user is heard to speak (free mic): by the server, or over an answer that is held for it. */
  userSpeaking: boolean;
  /** A turn is being understood, or its answer is asked for or being made. */
  responseOpen: boolean;
  /** An answer is to be heard. */
  playing: boolean;
  /** The microphone hears our own answers loudly enough to be taken for a voice. */
  echo: boolean;
}

/**
 * What one glance must tell, in this order: the user is being heard; the answer is being heard; something is wrong
 * (`trouble`: a problem that stands in the way); the connection is being made; an answer is on its way.
 */
export function deriveActivity(input: {
  connection: ConnectionState;
  session: SessionState;
  trouble: boolean;
}): Activity {
  const { connection, session, trouble } = input;
  if (session.recording || (session.userSpeaking && connection === 'connected')) return 'listening';
  if (session.playing) return 'speaking';
  if (trouble) return 'trouble';
  switch (connection) {
    case 'connecting':
    case 'recovering':
      return 'connecting';
    case 'disconnected':
    case 'closing':
      return 'idle';
    case 'connected':
      if (session.responseOpen) return 'thinking';
      return session.talkMode === 'free-mic' && !session.muted ? 'listening' : 'idle';
    default:
      return connection satisfies never;
  }
}
