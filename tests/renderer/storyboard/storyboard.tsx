/** Shows one scene: `#name?theme=dark&language=zh&text=200`. The outside is scripted, the page is the real one. */
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from '../../../src/renderer/App';
import type { ParleyApi, SoundControl } from '../../../src/renderer/bridge';
import { PageProvider } from '../../../src/renderer/context';
import { createI18n } from '../../../src/renderer/i18n';
import { Levels } from '../../../src/renderer/levels';
import { createAppStore } from '../../../src/renderer/store';
import type { AppState } from '../../../src/shared/ipc';
import { patchSettings, type SettingsPatch } from '../../../src/shared/settings';
import '../../../src/renderer/styles/index.css';
import { baseState, conversationOf, SCENES } from './scenes';

const [name = 'empty', query = ''] = location.hash.slice(1).split('?');
const options = new URLSearchParams(query);
const scene = SCENES[name];
if (!scene) throw new Error(`no scene ${name}; there are ${Object.keys(SCENES).join(', ')}`);

const language = options.get('language') === 'zh' ? 'zh' : 'en';
const theme = options.get('theme') === 'dark' ? 'dark' : 'light';
document.documentElement.style.fontSize = `${options.get('text') ?? 100}%`;

const app: AppState = {
  ...baseState,
  ...scene.app,
  language,
  settings: patchSettings(patchSettings(baseState.settings, scene.settings ?? {}), { theme }),
};

const store = createAppStore();
const levels = new Levels();

/** Answers like the main process as far as a look needs it: settings change, everything else is accepted. */
const parley: ParleyApi = {
  command(command, ...argument) {
    if (command === 'settings.update') {
      const patch = argument[0] as SettingsPatch;
      store.setState(({ app: now }) =>
        now ? { app: { ...now, settings: patchSettings(now.settings, patch) } } : {},
      );
    }
    return Promise.resolve({ ok: true } as never);
  },
  on: () => () => undefined,
};

const sound: SoundControl = {
  devices: () =>
    Promise.resolve({
      microphones: [
        { id: 'built-in', label: 'Built-in Microphone' },
        { id: 'usb', label: 'USB Podcast Microphone with a Rather Long Name (0d8c:0014)' },
      ],
      speakers: [{ id: 'built-in-out', label: 'Built-in Speakers' }],
    }),
  onDevicesChanged: () => () => undefined,
  retryMicrophone: () => undefined,
};

store.setState({
  app,
  conversation: conversationOf(scene.entries ?? []),
  notice: scene.notice ?? null,
  settings: { open: scene.open !== undefined, field: scene.open ?? null },
});

/** Loudness that rises and falls like syllables; the same in every picture. */
if (scene.levels) {
  const { microphone, answer } = scene.levels;
  let step = 0;
  setInterval(() => {
    step += 1;
    const syllable =
      0.12 +
      Math.abs(Math.sin(step * 0.31) * Math.sin(step * 0.117 + 1)) +
      0.25 * Math.abs(Math.sin(step * 1.7));
    levels.set(microphone * syllable, answer * syllable);
  }, 33);
}

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root element');
createRoot(root).render(
  <I18nextProvider i18n={createI18n(language)}>
    <PageProvider value={{ parley, store, levels, sound }}>
      <App />
    </PageProvider>
  </I18nextProvider>,
);
