import { useLanguage } from '../i18n/useLanguage.ts';
import { useSaveFile } from '../ui/native.tsx';
import { type ApColumn, columns as everyColumn, type Words } from './columns.tsx';
import { toCsv } from './csv.ts';
import type { ApRow } from './rows.ts';

/**
 * Saves rows with the columns that are shown, in the order given; and with the numbers of the points whatever is shown:
 * names repeat, and another program finds a point by its number.
 */
export function useApCsv(
  shown: readonly ApColumn[],
  words: Words,
): (rows: readonly ApRow[]) => Promise<boolean> {
  const { language } = useLanguage();
  const saveFile = useSaveFile();
  const columns = [
    ...shown,
    ...everyColumn.filter((column) => column.id === 'id' && !shown.includes(column)),
  ];
  return (rows) => {
    const text = toCsv(
      columns.map(({ id }) => words.t(`column.${id}`)),
      rows.map((row) => columns.map(({ csv, key }) => (csv ? csv(row, words) : (key(row) ?? null)))),
      language,
    );
    return saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), 'access-points.csv');
  };
}
