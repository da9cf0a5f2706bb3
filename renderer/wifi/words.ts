import type { TFunction } from 'i18next';
import type { useFormat } from '../ui/useFormat.ts';

/** What the cells of the table need to say what they show. */
export interface Words {
  t: TFunction<['wifi', 'common']>;
  format: ReturnType<typeof useFormat>;
  scheme: 'light' | 'dark';
  /** UTC ms, renewed every few seconds: rows say how long ago things were. */
  now: number;
}
