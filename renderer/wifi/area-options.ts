import type { Area } from '../../main/contract/device.ts';

/** Okrugs, each followed by its districts, for a list to choose from. */
export function areaOptions(
  areas: readonly Area[],
  language: 'ru' | 'en',
): { value: string; label: string }[] {
  const name = (area: Area) => (language === 'ru' ? area.nameRu : area.nameEn);
  const byName = (a: Area, b: Area) => name(a).localeCompare(name(b), language);
  const okrugs = areas.filter(({ level }) => level === 'okrug').sort(byName);
  return okrugs.flatMap((okrug) => [
    { value: okrug.id, label: name(okrug) },
    ...areas
      .filter(({ level, parentId }) => level === 'district' && parentId === okrug.id)
      .sort(byName)
      .map((area) => ({ value: area.id, label: `${name(okrug)} — ${name(area)}` })),
  ]);
}
