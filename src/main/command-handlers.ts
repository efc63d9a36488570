/** What each command of the page does. */
import type { Assistant } from './assistant';
import type { CommandHandlers } from './ipc';

export interface CommandDependencies {
  assistant: Assistant;
  /** Makes new ports and sends their far ends to the page. */
  connectAudio(): void;
  /** Opens the system's settings for the microphone, where there are any. */
  openMicrophoneSettings(): void;
}

export function commandHandlers(dependencies: CommandDependencies): CommandHandlers {
  const { assistant, connectAudio, openMicrophoneSettings } = dependencies;
  return {
    ready: () => ({ state: assistant.state, history: assistant.history() }),
    'talk.press': () => assistant.talkDown(),
    'talk.release': () => assistant.talkUp(),
    'talk.mode': (mode) => assistant.setMode(mode),
    'talk.mute': (muted) => assistant.setMuted(muted),
    interrupt: () => assistant.interrupt(),
    'text.send': (text) => assistant.sendText(text),
    'conversation.clear': () => assistant.clear(),
    'connection.retry': () => assistant.retry(),
    'settings.update': (patch) => assistant.updateSettings(patch),
    'key.set': ({ name, value }) => assistant.setKey(name, value),
    'key.clear': (name) => assistant.clearKey(name),
    'microphone.status': ({ status, detail }) => assistant.setMicrophoneStatus(status, detail),
    'microphone.help': () => openMicrophoneSettings(),
    'audio.ports': () => connectAudio(),
  };
}
