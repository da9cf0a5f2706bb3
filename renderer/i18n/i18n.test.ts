import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HealthStatuses, Monitoring, StatusReasons } from '../../main/contract/health.ts';
import { MetricIds } from '../../main/contract/history.ts';
import {
  IncidentCauses,
  IncidentDetail,
  IncidentNoteKinds,
  Severities,
} from '../../main/contract/incidents.ts';
import { NoticeReceivers } from '../../main/contract/notices.ts';
import { DiskReason, DiskState } from '../../main/contract/recording.ts';
import { TroubleCodes } from '../../main/contract/trouble.ts';
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

/** Fields of a JSON schema that are named as what went wrong and may hold any words. */
function sentencesIn(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    if (key !== 'properties') return sentencesIn(value, path);
    return Object.entries(Object(value)).flatMap(([name, field]) => {
      const here = `${path}.${name}`;
      const words = /^(?:error|problem|said|why)$/.test(name) && anyWords(field);
      return words ? [here] : sentencesIn(field, here);
    });
  });
}
const anyWords = (field: unknown): boolean => {
  const { type, enum: listed, anyOf } = AnyField.parse(field);
  return ([type].flat().includes('string') && listed === undefined) || (anyOf ?? []).some(anyWords);
};
const AnyField = z.object({
  type: z.unknown().optional(),
  enum: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});

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

describe('what the hub calls by a code', () => {
  const both = (words: Record<'ru' | 'en', object>, codes: readonly string[]) =>
    codes.filter((code) => !Object.hasOwn(words.ru, code) || !Object.hasOwn(words.en, code));
  const of = <N extends keyof typeof resources.ru>(namespace: N) => ({
    ru: resources.ru[namespace],
    en: resources.en[namespace],
  });

  it('has words in both languages: troubles, causes, reasons, notes', () => {
    expect(both(of('troubles'), TroubleCodes)).toEqual([]);
    for (const [words, codes] of [
      [{ ru: resources.ru.incidents.cause, en: resources.en.incidents.cause }, IncidentCauses],
      [{ ru: resources.ru.incidents.severity, en: resources.en.incidents.severity }, Severities],
      [{ ru: resources.ru.incidents.note, en: resources.en.incidents.note }, IncidentNoteKinds],
      [
        { ru: resources.ru.incidents['disk-reason'], en: resources.en.incidents['disk-reason'] },
        [...DiskReason.options, ...DiskState.options.filter((state) => state !== 'in-use')],
      ],
      [{ ru: resources.ru.common.reason, en: resources.en.common.reason }, StatusReasons],
      [{ ru: resources.ru.common.status, en: resources.en.common.status }, HealthStatuses],
      [{ ru: resources.ru.charts.full, en: resources.en.charts.full }, MetricIds],
    ] as const)
      expect(both(words, codes)).toEqual([]);
  });

  it('is told by code alone: no sentence of a program or a system stands in what everybody is shown', () => {
    expect(
      sentencesIn(z.toJSONSchema(z.object({ broker: z.object({ error: z.string().nullable() }) }))),
    ).toEqual(['.broker.error']);
    for (const schema of [Monitoring, NoticeReceivers, IncidentDetail])
      expect(sentencesIn(z.toJSONSchema(schema))).toEqual([]);
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
