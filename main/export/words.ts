import type { ExportGapReason } from '../contract/export.ts';
import type { Person } from './types.ts';

export type Language = 'ru' | 'en';

interface Words {
  number: string;
  login: string;
  export: string;
  snapshot: string;
  noFootage: string;
  gap: Record<ExportGapReason, string>;
  units: { h: string; min: string; s: string };
}

/** What is written on pictures, in the language of whoever asked for the copy. */
export const words: Record<Language, Words> = {
  ru: {
    number: '№',
    login: 'логин',
    export: 'выгрузка',
    snapshot: 'снимок',
    noFootage: 'Нет записи',
    gap: {
      'stream-lost': 'камера не передавала видео',
      'hub-stopped': 'сервер был остановлен',
      disk: 'не было места на диске',
      expired: 'удалена по сроку хранения',
      unknown: 'причина неизвестна',
      'not-yet': 'ещё не поступила к моменту выгрузки',
    },
    units: { h: 'ч', min: 'мин', s: 'с' },
  },
  en: {
    number: 'No.',
    login: 'login',
    export: 'export',
    snapshot: 'snapshot',
    noFootage: 'No footage',
    gap: {
      'stream-lost': 'the camera sent no video',
      'hub-stopped': 'the hub was stopped',
      disk: 'there was no room on the disk',
      expired: 'deleted at the end of its time',
      unknown: 'for an unknown reason',
      'not-yet': 'had not come when the copy was made',
    },
    units: { h: 'h', min: 'min', s: 's' },
  },
};

/** Who took the copy, as it stands on the picture: the personnel number, or the login where there is none. */
export const personLine = ({ name, number, login }: Person, language: Language): string =>
  `${name} · ${number === '' ? `${words[language].login} ${login}` : `${words[language].number} ${number}`}`;

/** `2 мин 20 с`. */
export function lengthText(ms: number, language: Language): string {
  const { h, min, s } = words[language].units;
  const total = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(total / 3600), h],
    [Math.floor((total % 3600) / 60), min],
    [total % 60, s],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return told.length > 0 ? told.join(' ') : `0 ${s}`;
}
