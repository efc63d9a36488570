import type { AudioPortsMessage } from '../../shared/ipc';

/**
 * Hands each pair of audio ports that the preload posts to `window` to `listener`; a new pair comes whenever the main
 * process makes one, and replaces the earlier. The returned function ends that.
 */
export function receiveAudioPorts(
  window: Window,
  listener: (capture: MessagePort, playback: MessagePort) => void,
): () => void {
  const onMessage = (event: MessageEvent<Partial<AudioPortsMessage> | null>): void => {
    if (event.source !== window || event.data?.type !== 'parley.audio-ports') return;
    const [capture, playback] = event.ports;
    if (capture && playback) listener(capture, playback);
  };
  window.addEventListener('message', onMessage);
  return () => window.removeEventListener('message', onMessage);
}
