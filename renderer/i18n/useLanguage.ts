import { useTranslation } from 'react-i18next';
import { isLanguage, type Language } from './i18n.ts';

/** The language now shown, and how to change it without a reload. */
export function useLanguage(): { language: Language; change: (language: Language) => void } {
  const { i18n } = useTranslation();
  return {
    language: isLanguage(i18n.language) ? i18n.language : 'ru',
    change: (language) => void i18n.changeLanguage(language),
  };
}
