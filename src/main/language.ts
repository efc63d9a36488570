/** The words of tray and dialogs, from the same locale files as the page's. */
import { createInstance, type i18n } from 'i18next';
import en from '../shared/locales/en.json';
import zh from '../shared/locales/zh.json';
import type { Settings } from '../shared/settings';

export type Language = 'en' | 'zh';

/** The language that the setting and the system's preferred languages (BCP 47, best first) come to. */
export function resolveLanguage(setting: Settings['language'], preferred: readonly string[]): Language {
  if (setting !== 'system') return setting;
  const known = preferred
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((tag) => tag === 'en' || tag === 'zh');
  return known === 'zh' ? 'zh' : 'en';
}

/** A translator; `changeLanguage` switches it. */
export function createTranslator(language: Language): i18n {
  const translator = createInstance();
  void translator.init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: en }, zh: { translation: zh } },
  });
  return translator;
}
