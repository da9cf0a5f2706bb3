import { describe, expect, it } from 'vitest';
import { firstLanguage } from './i18n.ts';
import { resources } from './resources.ts';

type Tree = { readonly [key: string]: string | Tree };

/** Every sentence by its full key. */
function flat(tree: Tree, prefix = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flat(value, `${prefix}${key}.`),
  );
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
const stem = (key: string) => key.replace(PLURAL, '');
const gaps = (text: string) => [...text.matchAll(/\{\{-?\s*([\w.]+)/g)].map((match) => match[1] ?? '');

/** What each key asks to be filled in; forms of one plural count as one. */
function asked(pairs: [string, string][]): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  for (const [key, text] of pairs) {
    const names = result.get(stem(key)) ?? new Set<string>();
    for (const name of gaps(text)) names.add(name);
    result.set(stem(key), names);
  }
  return result;
}

const namespaces = Object.keys(resources.ru) as (keyof typeof resources.ru)[];

describe.each(namespaces)('translations of %s', (namespace) => {
  const ru = flat(resources.ru[namespace]);
  const en = flat(resources.en[namespace]);

  it('have the same keys in both languages', () => {
    expect([...asked(en).keys()].sort()).toEqual([...asked(ru).keys()].sort());
  });

  it('ask for the same values', () => {
    const english = asked(en);
    for (const [key, names] of asked(ru)) expect([key, english.get(key)]).toEqual([key, names]);
  });

  it('have every plural form that the language counts with', () => {
    for (const [language, pairs] of [
      ['ru', ru],
      ['en', en],
    ] as const) {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      const plurals = new Set(pairs.filter(([key]) => PLURAL.test(key)).map(([key]) => stem(key)));
      const keys = new Set(pairs.map(([key]) => key));
      for (const plural of plurals)
        for (const form of forms) expect(keys, `${language} ${plural}`).toContain(`${plural}_${form}`);
    }
  });

  it('leave nothing empty', () => {
    expect([...ru, ...en].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

describe('errors of the hub', () => {
  const sources = import.meta.glob<string>(['../../main/**/*.ts', '!../../main/**/*.test.ts'], {
    query: '?raw',
    import: 'default',
    eager: true,
  });
  const codes = new Set<string>();
  for (const text of Object.values(sources))
    for (const [, first] of text.matchAll(/new AppError\(([^,]*),/g))
      for (const [, code] of (first ?? '').matchAll(/'([a-z][a-z0-9-]+)'/g)) if (code) codes.add(code);

  it('are found at all', () => {
    expect(codes.size).toBeGreaterThan(5);
    expect(codes).toContain('not-found');
  });

  it('are each worded in both languages', () => {
    const missing = [...codes].filter(
      (code) => !Object.hasOwn(resources.ru.errors, code) || !Object.hasOwn(resources.en.errors, code),
    );
    expect(missing).toEqual([]);
  });
});

describe('first language', () => {
  it('is the one chosen before, whatever the browser asks for', () => {
    expect(firstLanguage('en', ['ru-RU'])).toBe('en');
    expect(firstLanguage('ru', ['en-US'])).toBe('ru');
  });

  it('follows the browser as far as it can, else it is Russian', () => {
    expect(firstLanguage(null, ['de-DE', 'en-US', 'ru'])).toBe('en');
    expect(firstLanguage(null, ['de-DE'])).toBe('ru');
    expect(firstLanguage('xx', [])).toBe('ru');
  });
});
