import type { StoreApi } from 'zustand/vanilla';
import type { AppState } from '../shared/ipc';
import { type AudioEngine, createAudioEngine } from './audio/engine';
import { receiveAudioPorts } from './audio/ports';
import type { ParleyApi } from './bridge';
import type { Levels } from './levels';
import type { AppStore } from './store';

/** Joins the audio graph to the rest: ports in, wishes from the state, the microphone's fate out, levels to the picture. */
export function startAudio(parley: ParleyApi, store: StoreApi<AppStore>, levels: Levels): AudioEngine {
  const engine = createAudioEngine({
    onMicrophoneStatus: (status, detail) =>
      void parley.command('microphone.status', { status, detail: detail.slice(0, 500) }),
    onSpeakerProblem: (detail) => store.setState({ notice: { code: 'speaker-failed', detail } }),
  });
  engine.onLevels(({ microphone, speaker }) => levels.set(microphone, speaker));
  receiveAudioPorts(window, (capture, playback) => engine.attachPorts(capture, playback));

  const follow = (app: AppState | null): void => {
    if (!app) return;
    const { microphoneId, echoCancellation, noiseSuppression, autoGainControl, speakerId } = app.settings;
    engine.setMicrophone(app.microphone.wanted, {
      deviceId: microphoneId,
      echoCancellation,
      noiseSuppression,
      autoGainControl,
    });
    engine.setSpeaker(speakerId);
  };
  store.subscribe((now, before) => {
    if (now.app !== before.app) follow(now.app);
  });
  follow(store.getState().app);
  return engine;
}
