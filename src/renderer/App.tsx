import { lazy, Suspense } from 'react';
import { I18nProvider } from 'react-aria-components';
import { Announcer } from './components/Announcer';
import { Deck } from './components/Deck';
import { Problems } from './components/Problems';
import { TopBar } from './components/TopBar';
import { Transcript } from './components/Transcript';
import { useAppStore } from './context';
import { useAppearance } from './use-appearance';

/** Half of the page's script, and never on the first picture: loaded by itself once that was painted. */
const SettingsSheet = lazy(async () => {
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return { default: (await import('./components/settings/SettingsSheet')).SettingsSheet };
});

/** The whole window. Empty until the main process answered, which is before the window is shown. */
export function App() {
  const app = useAppStore((s) => s.app);
  useAppearance(app?.settings.theme ?? 'system', app?.language ?? 'en');
  if (!app) return null;
  return (
    <I18nProvider locale={app.language === 'zh' ? 'zh-CN' : 'en-GB'}>
      <div className="app">
        <TopBar />
        <Problems />
        <Transcript />
        <Deck />
        <Announcer />
      </div>
      <Suspense fallback={null}>
        <SettingsSheet />
      </Suspense>
    </I18nProvider>
  );
}
