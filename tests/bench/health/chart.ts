import { join } from 'node:path';
import SqliteConnection from 'better-sqlite3';
import type { DeviceKind } from '../../../main/contract/device.ts';
import { atMost, type Figure, percentile } from '../figures.ts';
import { pause } from '../video/proc.ts';
import { startBroker } from './broker.ts';
import type { BenchCity } from './city.ts';
import { buildHistory } from './history-builder.ts';
import { startCityHub } from './hub.ts';
import { rateFor } from './load.ts';
import type { HealthOptions } from './options.ts';
import { startPublisher } from './publisher.ts';

const DAY_MS = 86_400_000;
const LIMIT_MS = 25;
const DEVICES = 192;
const CHARTS = 300;
const metrics: Record<DeviceKind, string> = {
  camera: 'temperature,bitrate,fps',
  ap: 'clients,utilisation-5,traffic-down',
  switch: 'cpu,poe,memory-used',
};

interface Drawn {
  num: number;
  id: string;
  kind: DeviceKind;
}

/** Neighbours by number, with all kinds among them where they are. */
function devicesOf(dataDir: string): Drawn[] {
  const db = new SqliteConnection(join(dataDir, 'kalancha.db'), { readonly: true });
  try {
    const from = db
      .prepare<[], { num: number }>("select num from device where kind = 'ap' order by num")
      .all();
    const start = Math.floor((from[Math.floor(from.length / 2)]?.num ?? 0) / 64) * 64;
    return db
      .prepare<[number, number], Drawn>(
        'select num, id, kind from device where num >= ? order by num limit ?',
      )
      .all(start, DEVICES);
  } finally {
    db.close();
  }
}

/** The same week of one metric as a row a report in an indexed table: what a chart costs without packing, ms. */
function plainRows(folder: string, days: number): number {
  const db = new SqliteConnection(join(folder, 'plain.db'));
  db.pragma('journal_mode = WAL');
  db.exec(
    'create table s (num integer, at integer, a real, b real, c real, primary key (num, at)) without rowid',
  );
  const insert = db.prepare('insert into s values (?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (let report = 0; report < days * 2_880; report++)
      for (let num = 0; num < 16; num++)
        insert.run(num, report * 30_000 + num, report % 97, report % 31, report % 7);
  })();
  const query = db.prepare(
    'select at / 2016000 as bucket, avg(a), min(a), max(a), avg(b), min(b), max(b), avg(c), min(c), max(c) from s where num = ? group by bucket',
  );
  const values = Array.from({ length: 48 }, (_, i) => {
    const started = performance.now();
    query.all(i % 16);
    return performance.now() - started;
  });
  db.close();
  return percentile(values, 0.95);
}

/** Charts of a week as a console asks for them, while the hub hears the whole city. */
export async function chart(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const to = Date.now();
  const from = to - options.days * DAY_MS;
  let devices: Drawn[] = [];
  let reports = 0;
  let plain = 0;
  const broker = await startBroker();
  try {
    const hub = await startCityHub(city, options, broker.url, async (dataDir) => {
      devices = devicesOf(dataDir);
      const start = Math.floor(from / DAY_MS) * DAY_MS;
      ({ reports } = await buildHistory({
        ...{ file: join(dataDir, 'history', 'history.db'), devices, from: start, to, sampleDays: 3 },
      }));
      plain = plainRows(dataDir, options.days);
    });
    try {
      const publisher = await startPublisher(hub.hub.dataDir, city.devices, {
        ...{ port: broker.port, qos: 0, rate: rateFor(city) },
      });
      try {
        await pause(5_000);
        const viewer = await hub.viewer();
        const values: number[] = [];
        let points = 0;
        for (let i = 0; i < CHARTS; i++) {
          const device = devices[(i * 89) % devices.length];
          if (!device) throw new Error('no device to draw');
          const started = performance.now();
          const { series } = await viewer.json<{ series: { avg: (number | null)[] }[] }>(
            `/api/devices/${device.id}/history?metrics=${metrics[device.kind]}&from=${from}&to=${to}&points=300`,
          );
          values.push(performance.now() - started);
          points += series.reduce((sum, { avg }) => sum + avg.filter((value) => value !== null).length, 0);
          await pause(20);
        }
        if (points < CHARTS * 600) throw new Error(`the charts held only ${points} points`);
        return [
          {
            ...atMost(
              `chart of ${options.days} days, three metrics, over HTTP at the usual load, p95`,
              percentile(values, 0.95),
              'ms',
              LIMIT_MS,
              `one query of plain indexed rows, without HTTP: ${plain.toFixed(0)} ms`,
            ),
            note: `p50 ${percentile(values, 0.5).toFixed(1)} ms of ${values.length}; ${reports} reports of ${devices.length} devices in the history beside what came`,
          },
        ];
      } finally {
        await publisher.stop();
      }
    } finally {
      await hub.stop();
    }
  } finally {
    await broker.stop();
  }
}
