import type { IncidentCause } from '../contract/incidents.ts';
import { measurementText } from './metric-words.ts';
import type { Notice } from './types.ts';

const WORDS = {
  ru: {
    cause: {
      'device-offline': 'нет связи',
      'stream-lost': 'нет видео',
      flapping: 'связь то есть, то нет',
      'bad-data': 'неверные данные',
      degraded: 'показатели не в норме',
      picture: 'неисправна картинка',
      'area-outage': 'массовое отключение в районе',
      'city-outage': 'массовое отключение в городе',
      disk: 'диск записи',
      monitoring: 'наблюдение прервано',
      history: 'история показателей не сохраняется',
    },
    opened: 'Открыт',
    cleared: 'Причина исчезла',
    partOf: (name: string) => `Входит в инцидент «${name}»`,
    since: 'с',
    affected: 'устройств затронуто',
    many: 'Каланча: инцидентов',
    one: 'Каланча',
  },
  en: {
    cause: {
      'device-offline': 'no connection',
      'stream-lost': 'no video',
      flapping: 'comes and goes',
      'bad-data': 'broken data',
      degraded: 'readings out of limits',
      picture: 'picture out of order',
      'area-outage': 'outage of a district',
      'city-outage': 'outage of the city',
      disk: 'recording disk',
      monitoring: 'monitoring interrupted',
      history: 'values are not kept',
    },
    opened: 'Opened',
    cleared: 'Cause gone',
    partOf: (name: string) => `Part of the incident “${name}”`,
    since: 'since',
    affected: 'devices affected',
    many: 'Kalancha: incidents',
    one: 'Kalancha',
  },
} as const satisfies Record<string, { cause: Record<IncidentCause, string> } & Record<string, unknown>>;

const SUBJECT_LIMIT = 160;
/** A name must not begin a header of its own. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A digest as a plain letter: the worst first, times in the city's zone with their offset. */
export function letterOf(
  notices: readonly Notice[],
  language: 'ru' | 'en',
  timeZone: string,
): { subject: string; text: string } {
  const words = WORDS[language];
  const time = new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'long',
  });
  const order = { critical: 0, warning: 1, info: 2 };
  const sorted = [...notices].sort((a, b) => order[a.incident.severity] - order[b.incident.severity]);
  const stateOf = ({ kind, incident: { partOf } }: Notice): string =>
    kind === 'cleared' && partOf ? words.partOf(oneLine(partOf.name)) : words[kind];
  const titleOf = ({ incident: { subject, cause } }: Notice): string =>
    `${oneLine(subject.name)} — ${words.cause[cause]}`;
  const blocks = sorted.map((notice) => {
    const { subject, exceeded, since, clearedAt, affected } = notice.incident;
    return [
      `${stateOf(notice)}: ${titleOf(notice)}`,
      ...(subject.address ? [`  ${oneLine(subject.address)}`] : []),
      ...exceeded.map((one) => `  ${measurementText(one, language)}`),
      `  ${words.since} ${time.format(since)}${clearedAt === null ? '' : ` – ${time.format(clearedAt)}`}`,
      ...(affected > 1 ? [`  ${affected} ${words.affected}`] : []),
    ].join('\n');
  });
  const [first] = sorted;
  const subject =
    sorted.length === 1 && first
      ? [words.one, ...(first.kind === 'cleared' ? [stateOf(first)] : []), titleOf(first)].join(': ')
      : `${words.many}: ${sorted.length}`;
  return { subject: subject.slice(0, SUBJECT_LIMIT), text: `${blocks.join('\n\n')}\n` };
}

const TEST = {
  ru: {
    subject: 'Каланча: проверка уведомлений',
    text: 'Это проверка. Если вы читаете это письмо, уведомления об инцидентах доходят до вас.',
  },
  en: {
    subject: 'Kalancha: test of notices',
    text: 'This is a test. If you read this letter, notices of incidents reach you.',
  },
};

/** A letter that tells of no incident. */
export const testLetter = (language: 'ru' | 'en'): { subject: string; text: string } => TEST[language];
