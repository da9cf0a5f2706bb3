import { describe, expect, it } from 'vitest';
import { resources } from '../i18n/resources.ts';
import { asksForHelp, KEY_HELP, sectionsOf } from './key-help.ts';

const key = (change: Partial<Parameters<typeof asksForHelp>[0]>) => ({
  ...{ code: '', key: '', shiftKey: false, ctrlKey: false, metaKey: false, altKey: false },
  ...change,
});

describe('help with keys', () => {
  it('comes by a question mark on any keyboard, and by F1', () => {
    expect(asksForHelp(key({ code: 'Slash', key: '?', shiftKey: true }))).toBe(true);
    // Russian letters: the question mark is on the seven, the Latin one's place has a comma.
    expect(asksForHelp(key({ code: 'Digit7', key: '?', shiftKey: true }))).toBe(true);
    expect(asksForHelp(key({ code: 'Slash', key: ',', shiftKey: true }))).toBe(true);
    expect(asksForHelp(key({ code: 'F1', key: 'F1' }))).toBe(true);
    expect(asksForHelp(key({ code: 'Slash', key: '/' }))).toBe(false);
    expect(asksForHelp(key({ code: 'F1', key: 'F1', ctrlKey: true }))).toBe(false);
  });

  it('begins with the screen one is on', () => {
    expect(sectionsOf('/wall/new')).toEqual(['wall', 'everywhere']);
    expect(sectionsOf('/archive')).toEqual(['archive', 'everywhere']);
    expect(sectionsOf('/wifi/ap-0001')).toEqual(['everywhere']);
  });

  it('has words for each key in both languages, and none for keys that are no more', () => {
    for (const { keys } of [resources.ru, resources.en])
      for (const [section, rows] of Object.entries(KEY_HELP)) {
        const words = Object.entries(keys).find(([name]) => name === section)?.[1];
        expect(Object.keys(words ?? {}).sort()).toEqual(
          ['title', ...rows.map(([name]) => name.split('.')[1])].sort(),
        );
      }
  });
});
