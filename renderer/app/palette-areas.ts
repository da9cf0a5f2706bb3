import type { Area } from '../../main/contract/device.ts';
import type { Language } from '../i18n/i18n.ts';

const folded = (text: string) => text.toLowerCase().replaceAll('ё', 'е');

/** Things whose name holds the words typed, all of them for nothing typed. */
export const matchingNames = <T extends { name: string }>(things: readonly T[], typed: string): T[] =>
  things.filter(({ name }) => folded(name).includes(folded(typed)));

/** Areas whose name in either language holds the words typed; those that begin with them first. */
export function matchingAreas(areas: readonly Area[], typed: string, language: Language): Area[] {
  const wanted = folded(typed);
  if (wanted === '') return [];
  const name = (area: Area) => folded(language === 'ru' ? area.nameRu : area.nameEn);
  const starts = (area: Area) => (name(area).startsWith(wanted) ? 0 : 1);
  return areas
    .filter((area) => folded(area.nameRu).includes(wanted) || folded(area.nameEn).includes(wanted))
    .sort((a, b) => starts(a) - starts(b) || name(a).localeCompare(name(b)));
}
