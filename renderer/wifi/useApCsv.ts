import { useLanguage } from '../i18n/useLanguage.ts';
import { useSaveFile } from '../ui/native.tsx';
import type { ApColumn, Words } from './columns.tsx';
import { toCsv } from './csv.ts';
import type { ApRow } from './rows.ts';

/** Saves rows with the columns that are shown, in the order given. */
export function useApCsv(
  columns: readonly ApColumn[],
  words: Words,
): (rows: readonly ApRow[]) => Promise<boolean> {
  const { language } = useLanguage();
  const saveFile = useSaveFile();
  return (rows) => {
    const text = toCsv(
      columns.map(({ id }) => words.t(`column.${id}`)),
      rows.map((row) => columns.map(({ csv, key }) => (csv ? csv(row, words) : (key(row) ?? null)))),
      language,
    );
    return saveFile(new Blob([text], { type: 'text/csv;charset=utf-8' }), 'access-points.csv');
  };
}
