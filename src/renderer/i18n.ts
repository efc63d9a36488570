import { createInstance, type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import en from '../shared/locales/en.json';
import zh from '../shared/locales/zh.json';

/** Both languages are in the bundle, so a change of language shows at once. */
export function createI18n(language: 'en' | 'zh'): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, zh: { translation: zh } },
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  return instance;
}
