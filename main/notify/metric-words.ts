import { MetricId, MetricTable } from '../contract/history.ts';
import type { NoticeIncident } from './types.ts';

type Language = 'ru' | 'en';

const NAMES = {
  ru: {
    clients: 'клиенты',
    'utilisation-2.4': 'загрузка эфира 2,4 ГГц',
    'utilisation-5': 'загрузка эфира 5 ГГц',
    'utilisation-6': 'загрузка эфира 6 ГГц',
    'noise-2.4': 'шум 2,4 ГГц',
    'noise-5': 'шум 5 ГГц',
    'noise-6': 'шум 6 ГГц',
    'channel-2.4': 'канал 2,4 ГГц',
    'channel-5': 'канал 5 ГГц',
    'channel-6': 'канал 6 ГГц',
    'client-signal': 'средний сигнал клиентов',
    'traffic-down': 'трафик к клиентам',
    'traffic-up': 'трафик от клиентов',
    cpu: 'загрузка процессора',
    'memory-used': 'занятая память',
    uplink: 'скорость подключения',
    temperature: 'температура',
    fps: 'кадров в секунду',
    bitrate: 'битрейт',
    'storage-used': 'занято на карте памяти',
    poe: 'мощность PoE',
    'ports-up': 'подключённые порты',
  },
  en: {
    clients: 'clients',
    'utilisation-2.4': 'airtime used, 2.4 GHz',
    'utilisation-5': 'airtime used, 5 GHz',
    'utilisation-6': 'airtime used, 6 GHz',
    'noise-2.4': 'noise, 2.4 GHz',
    'noise-5': 'noise, 5 GHz',
    'noise-6': 'noise, 6 GHz',
    'channel-2.4': 'channel, 2.4 GHz',
    'channel-5': 'channel, 5 GHz',
    'channel-6': 'channel, 6 GHz',
    'client-signal': 'clients’ average signal',
    'traffic-down': 'traffic to clients',
    'traffic-up': 'traffic from clients',
    cpu: 'processor load',
    'memory-used': 'memory used',
    uplink: 'uplink speed',
    temperature: 'temperature',
    fps: 'frames a second',
    bitrate: 'bitrate',
    'storage-used': 'memory card used',
    poe: 'PoE power',
    'ports-up': 'ports in use',
  },
} as const satisfies Record<Language, Record<MetricId, string>>;

const UNITS = {
  ru: {
    percent: ' %',
    dBm: ' дБм',
    celsius: ' °C',
    watt: ' Вт',
    'kbit/s': ' кбит/с',
    'Mbit/s': ' Мбит/с',
    count: '',
    fps: '',
    channel: '',
  },
  en: {
    percent: '%',
    dBm: ' dBm',
    celsius: ' °C',
    watt: ' W',
    'kbit/s': ' kbit/s',
    'Mbit/s': ' Mbit/s',
    count: '',
    fps: '',
    channel: '',
  },
} as const satisfies Record<Language, Record<(typeof MetricTable)[number]['unit'], string>>;

/** What is out of bounds, and how it will be sound again: "temperature 88 °C (sound at 75 °C and below)". */
export function measurementText(
  { metric, value, side, clear }: NoticeIncident['exceeded'][number],
  language: Language,
): string {
  const known = MetricId.safeParse(metric);
  const unit = MetricTable.find(({ id }) => id === metric)?.unit;
  const number = new Intl.NumberFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { maximumFractionDigits: 1 });
  const text = (of: number) => `${number.format(of)}${unit === undefined ? '' : UNITS[language][unit]}`;
  const name = known.success ? NAMES[language][known.data] : metric;
  const sound =
    language === 'ru'
      ? `норма — ${side === 'above' ? 'не выше' : 'не ниже'} ${text(clear)}`
      : `sound at ${text(clear)} and ${side === 'above' ? 'below' : 'above'}`;
  return `${name} ${text(value)} (${sound})`;
}
