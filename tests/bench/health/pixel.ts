/// <reference lib="dom" />

import type { Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { atMost, type Figure, percentile } from '../figures.ts';
import { pause } from '../video/proc.ts';
import type { BenchCity, CityDevice } from './city.ts';
import { startLoadedHub } from './load.ts';
import { statusOf } from './messages.ts';
import type { HealthOptions } from './options.ts';
import { openPage } from './page.ts';

const ZOOM = 19;
/** Half of the square around the device that is looked at, CSS pixels. */
const AROUND_PX = 10;
/** Degrees of latitude within which nobody else stands: more than the square at this zoom. */
const ALONE = 0.0002;

/** A camera with nobody near, so that what changes at its place is its own. */
function lonely(devices: readonly CityDevice[]): CityDevice {
  const cells = new Map<string, number>();
  const cell = ({ lat, lon }: CityDevice, dy = 0, dx = 0) =>
    `${Math.floor(lat / ALONE) + dy} ${Math.floor(lon / ALONE) + dx}`;
  for (const device of devices) cells.set(cell(device), (cells.get(cell(device)) ?? 0) + 1);
  const alone = devices.find(
    (device) =>
      device.kind === 'camera' &&
      [-1, 0, 1].every((dy) =>
        [-1, 0, 1].every((dx) => (cells.get(cell(device, dy, dx)) ?? 0) === (dy === 0 && dx === 0 ? 1 : 0)),
      ),
  );
  if (!alone) throw new Error('no device of the city stands alone');
  return alone;
}

/** Arms the page: from now on it remembers when the pixels in the middle of the map change. */
const watchMiddle = (page: Page) =>
  page.evaluate((around) => {
    const look = (): string => {
      const map = document.querySelector('.leaflet-container')?.getBoundingClientRect();
      if (!map) return '';
      const x = map.left + map.width / 2;
      const y = map.top + map.height / 2;
      return [...document.querySelectorAll<HTMLCanvasElement>('.leaflet-container canvas')]
        .map((canvas) => {
          const box = canvas.getBoundingClientRect();
          const scale = canvas.width / box.width;
          const at = (value: number) => Math.round(value * scale);
          return canvas
            .getContext('2d')
            ?.getImageData(
              at(x - box.left - around),
              at(y - box.top - around),
              at(2 * around),
              at(2 * around),
            )
            .data.join();
        })
        .join();
    };
    const before = look();
    const changed = new Promise<number>((resolve, reject) => {
      const limit = setTimeout(() => reject(new Error('no pixel changed in 10 s')), 10_000);
      const watch = () => {
        if (look() === before) return requestAnimationFrame(watch);
        clearTimeout(limit);
        return resolve(Date.now());
      };
      watch();
    });
    Reflect.set(globalThis, 'pixelChanged', changed);
  }, AROUND_PX);

const pixelChanged = (page: Page) =>
  page.evaluate(() => Reflect.get(globalThis, 'pixelChanged') as Promise<number>);

/** From the publication of a status to the first frame in which the device's place on the map looks otherwise. */
export async function pixel(options: HealthOptions, city: BenchCity): Promise<Figure[]> {
  const device = lonely(city.devices);
  const loaded = await startLoadedHub(options, city, new Set([device.id]));
  const client = await connectAsync(loaded.broker.url);
  const listener = await connectAsync(loaded.broker.url);
  const opened = await openPage(loaded.hub);
  try {
    const { page } = opened;
    let session = Date.now();
    const say = async (online: boolean) => {
      const { topic, payload } = statusOf(device, session, online);
      await client.publishAsync(topic, payload, { qos: 1 });
    };
    await say(true);
    await page.evaluate((view) => sessionStorage.setItem('kalancha.view', JSON.stringify(view)), {
      ...{ lat: device.lat, lon: device.lon, zoom: ZOOM },
    });
    await page.goto(`${loaded.hub.hub.httpUrl}/map`);
    await page.locator('.leaflet-container canvas').first().waitFor();
    await pause(5_000);
    let heard: (at: number) => void = () => undefined;
    listener.on('message', () => heard(Date.now()));
    await listener.subscribeAsync(statusOf(device, session, true).topic, { qos: 1 });
    const values: number[] = [];
    const direct: number[] = [];
    for (let i = 0; i < 2 * options.times; i++) {
      await watchMiddle(page);
      const heardAt = new Promise<number>((resolve) => {
        heard = resolve;
      });
      const published = Date.now();
      await say(i % 2 === 1);
      values.push((await pixelChanged(page)) - published);
      direct.push((await heardAt) - published);
      if (i % 2 === 1) session += 1;
      // At no fixed step: updates of the hub and frames of the page are met at every phase.
      await pause(200 + ((i * 73) % 190));
    }
    return [
      {
        ...atMost(
          'publish to the pixel on the map at the usual load, p99',
          percentile(values, 0.99),
          'ms',
          500,
          `to another MQTT client of the broker, p99: ${percentile(direct, 0.99).toFixed(0)} ms`,
        ),
        note: `p50 ${percentile(values, 0.5)} ms of ${values.length} changes, Chromium without a graphics card`,
      },
    ];
  } finally {
    await opened.stop();
    await client.endAsync(true);
    await listener.endAsync(true);
    await loaded.stop();
  }
}
