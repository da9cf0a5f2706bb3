import sparkplugPayload from 'sparkplug-payload';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type DialectHub, dialectHub } from '../../../tests/support/dialect-hub.ts';
import { linkUp } from '../../../tests/support/health-harness.ts';

let city: DialectHub;
beforeEach(async () => {
  city = await dialectHub();
});
afterEach(() => city.stop());

describe('Sparkplug B', () => {
  const codec = sparkplugPayload.get('spBv1.0');
  if (!codec) throw new Error('no codec');
  const bytes = (run?: number) =>
    codec.encodePayload({
      timestamp: 1_486_144_502_122,
      seq: 0,
      metrics: run === undefined ? [] : [{ name: 'bdSeq', type: 'UInt64', value: run }],
    });
  const node = (verb: string, run?: number, edge = 'sw-1') =>
    city.hub.tell(`spBv1.0/city/${verb}/${edge}`, bytes(run));
  const device = (verb: string, id: string, edge = 'sw-1') =>
    city.hub.tell(`spBv1.0/city/${verb}/${edge}/${id}`, bytes());

  test('a death of an older connection is ignored, that of the live one is not', () => {
    node('NBIRTH', 4);
    node('NBIRTH', 5);
    node('NDEATH', 4);
    expect(city.hub.statusOf('sw-1')).toBe('online');
    node('NDEATH', 5);
    expect(city.hub.statusOf('sw-1')).toBe('suspect');
    city.hub.seconds(11);
    expect(city.hub.statusOf('sw-1')).toBe('offline');
    node('NDATA');
    expect(city.hub.statusOf('sw-1')).toBe('online');
  });

  test('the number begins anew after 255, and after a restart of the node', () => {
    for (const [old, young] of [
      [255, 0],
      [9, 0],
    ] as const) {
      node('NBIRTH', old);
      node('NBIRTH', young);
      node('NDEATH', old);
      city.hub.seconds(11);
      expect(city.hub.statusOf('sw-1')).toBe('online');
      node('NDEATH', young);
      expect(city.hub.statusOf('sw-1')).toBe('suspect');
    }
  });

  test('with its node all devices are gone, registered node or not', () => {
    for (const edge of ['sw-1', 'gateway']) {
      node('NBIRTH', 1, edge);
      device('DBIRTH', 'cam-1', edge);
      device('DDATA', 'ap-1', edge);
      node('NDEATH', 1, edge);
      expect([city.hub.statusOf('cam-1'), city.hub.statusOf('ap-1')]).toEqual(['suspect', 'suspect']);
      city.hub.seconds(11);
      expect([city.hub.statusOf('cam-1'), city.hub.statusOf('ap-1')]).toEqual(['offline', 'offline']);
      node('NBIRTH', 2, edge);
      device('DBIRTH', 'cam-1', edge);
      expect([city.hub.statusOf('cam-1'), city.hub.statusOf('ap-1')]).toEqual(['online', 'offline']);
    }
  });

  test('one device dies alone', () => {
    node('NBIRTH', 1);
    device('DBIRTH', 'cam-1');
    device('DDEATH', 'cam-1');
    expect([city.hub.statusOf('sw-1'), city.hub.statusOf('cam-1')]).toEqual(['online', 'suspect']);
  });

  test('after a restart of the hub an older death is still told from a newer', async () => {
    node('NBIRTH', 5);
    await city.hub.stop();
    await city.start();
    node('NDATA');
    node('NDEATH', 4);
    city.hub.seconds(45);
    expect(city.hub.statusOf('sw-1')).toBe('online');
    // The birth of 6 was not heard.
    node('NDEATH', 6);
    city.hub.seconds(45);
    expect(city.hub.statusOf('sw-1')).toBe('offline');
  });

  test('a birth may have been missed while the broker was away', () => {
    node('NBIRTH', 5);
    city.hub.seconds(1);
    city.hub.health.sink.link({ ...linkUp, downSince: city.hub.clock.now() });
    city.hub.seconds(5);
    city.hub.health.sink.link(linkUp);
    node('NDATA');
    node('NDEATH', 6);
    expect(city.hub.statusOf('sw-1')).toBe('suspect');
  });

  test('a kept birth of a node is old', () => {
    city.hub.tell('spBv1.0/city/NBIRTH/sw-1', bytes(3), true);
    expect(city.hub.statusOf('sw-1')).toBe('never-seen');
  });
});
