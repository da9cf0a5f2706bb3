import { createInstance, type i18n as I18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import { Languages } from '../../main/contract/common.ts';
import { resources } from './resources.ts';

export type Language = (typeof Languages)[number];

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: (typeof resources)['ru'];
  }
}

const STORED = 'kalancha.language';

export const isLanguage = (text: string | null): text is Language =>
  Languages.some((language) => language === text);

/** What the person chose before, else what the browser asks for; Russian unless that is clearly English. */
export function firstLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage);
  return known ?? 'ru';
}

/** Ready when returned: everything is bundled, nothing is fetched. */
export function createI18n(storage: Pick<Storage, 'getItem' | 'setItem'>, wanted: readonly string[]): I18n {
  const i18n = createInstance();
  void i18n.use(initReactI18next).init({
    resources,
    lng: firstLanguage(storage.getItem(STORED), wanted),
    fallbackLng: 'ru',
    supportedLngs: [...Languages],
    defaultNS: 'common',
    ns: Object.keys(resources.ru),
    initAsync: false,
    returnNull: false,
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  const follow = (language: string) => {
    document.documentElement.lang = language;
    document.title = i18n.t('product');
  };
  follow(i18n.language);
  i18n.on('languageChanged', (language) => {
    storage.setItem(STORED, language);
    follow(language);
  });
  return i18n;
}
