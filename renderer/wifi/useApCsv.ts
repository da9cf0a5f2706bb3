import { useMemo } from 'react';
import { useSession } from '../hub/session.tsx';
import { useLanguage } from '../i18n/useLanguage.ts';
import { cityZone } from '../time/city-zone.ts';
import { localIso } from '../time/local-iso.ts';
import { useSaveFile } from '../ui/native.tsx';
import { type ApColumn, columns as everyColumn } from './columns.tsx';
import { toCsv } from './csv.ts';
import type { ApRow } from './rows.ts';
import type { Words } from './words.ts';

/**
 * Saves rows with the columns that are shown, in the order given; and with addresses and numbers of the points whatever
 * is shown: names repeat, a crew drives to an address, and another program finds a point by its number.
 */
export function useApCsv(
  shown: readonly ApColumn[],
  words: Words,
): (rows: readonly ApRow[]) => Promise<boolean> {
  const { language } = useLanguage();
  const { timeZone } = useSession().city;
  const zone = useMemo(() => cityZone(timeZone), [timeZone]);
  const saveFile = useSaveFile();
  const columns = [
    ...shown,
    ...everyColumn.filter(
      ({ id }) => (id === 'id' || id === 'address') && !shown.some((column) => column.id === id),
    ),
  ];
  const cellOf = ({ moment, csv, key }: ApColumn, row: ApRow): string | number | null => {
    if (!moment) return csv ? csv(row, words) : (key(row) ?? null);
    const at = moment(row);
    return at === null ? null : localIso(at, zone);
  };
  return (rows) => {
    const text = toCsv(
      columns.map(({ id, moment }) => {
        const column = words.t(`column.${id}`);
        return moment ? words.t('csv-moment', { column, zone: timeZone }) : column;
      }),
      rows.map((row) => columns.map((column) => cellOf(column, row))),
      language,
    );
    return saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), 'access-points.csv');
  };
}
