import { type ApRow, shownRow } from './rows.ts';

/** An access point as the table shows it, for tests. */
export const apRow = (num: number, change: Partial<ApRow> = {}): ApRow => {
  const { okrug, district, day, month, words: _, ...own } = { ...plain(num), ...change };
  return shownRow(own, { okrug, district, day, month });
};
const plain = (num: number): ApRow => ({
  id: `ap-${num}`,
  num,
  name: `Точка ${num}`,
  address: 'ул. Берёзовая, 5',
  lat: 55.8,
  lon: 37.5,
  okrugId: 'sao',
  districtId: 'sokol',
  okrug: 'САО',
  district: 'Сокол',
  owner: 'Мосгортелеком',
  contractor: 'Связьмонтаж',
  model: 'AP-7',
  parentId: 'sw-1',
  status: 'online',
  since: 1000,
  reason: 'reported',
  lastSeenAt: 2000,
  firmware: '4.2.1',
  configId: 'c-17',
  uptimeS: 3600,
  clients: 5,
  utilisation: 0.4,
  noiseDbm: -93,
  channels: '2.4:6 5:44',
  radios: [],
  day: null,
  month: null,
  words: '',
});
