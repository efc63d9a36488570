import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../shared/settings';

/** Puts theme and language on the document. The theme is always resolved, so the tokens need one dark block only. */
export function useAppearance(theme: Settings['theme'], language: 'en' | 'zh'): void {
  const { i18n } = useTranslation();

  useEffect(() => {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const apply = (): void => {
      document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
    };
    apply();
    dark.addEventListener('change', apply);
    return () => dark.removeEventListener('change', apply);
  }, [theme]);

  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    if (i18n.language !== language) void i18n.changeLanguage(language);
  }, [language, i18n]);
}
