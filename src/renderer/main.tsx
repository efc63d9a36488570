import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { App } from './App';
import { startAudio } from './audio-bridge';
import { PageProvider } from './context';
import { createI18n } from './i18n';
import { Levels } from './levels';
import { connectStore, createAppStore } from './store';
import './styles/index.css';

const { parley } = window;
const store = createAppStore();
const levels = new Levels();
const sound = startAudio(parley, store, levels);
const i18n = createI18n(navigator.language.startsWith('zh') ? 'zh' : 'en');

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no root element');
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <PageProvider value={{ parley, store, levels, sound }}>
        <App />
      </PageProvider>
    </I18nextProvider>
  </StrictMode>,
);

await connectStore(store, parley);
await parley.command('audio.ports');
