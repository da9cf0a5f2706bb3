import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changesTo } from './test-changes.ts';
import { allOnline, makeTestCity, type TestCity, testDevice } from './test-city.ts';

let city: TestCity;
beforeEach(async () => {
  city = await makeTestCity();
});
afterEach(() => city.stop());
const { add, patch } = changesTo(() => city);

describe('stream addresses', () => {
  const source = async () => (await city.devices.camera('cam'))?.source;
  beforeEach(() => add({ id: 'cam', streamUrl: 'rtsp://h/x', streamUser: 'u', streamPassword: 'p' }));

  test('come out for the video room alone', async () => {
    expect(await city.devices.camera('cam')).toEqual({
      id: 'cam',
      num: 1,
      recorded: true,
      retentionDays: null,
      source: { url: 'rtsp://h/x', user: 'u', password: 'p' },
      second: null,
      sound: true,
      soundHint: null,
    });
    await add({ id: 'bare' }, { id: 'ap', kind: 'ap' });
    expect((await city.devices.camera('bare'))?.source).toBeNull();
    expect(await city.devices.camera('ap')).toBeUndefined();
    expect((await city.devices.camerasWithStream()).map(({ id }) => id)).toEqual(['cam']);
  });

  test('are not in the database for whoever reads it', async () => {
    const row = await city.storage.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
    expect(row.stream_host).toBe('rtsp://h');
    expect(Buffer.from(row.stream_sealed ?? '', 'base64url').includes('rtsp://h/x')).toBe(false);
  });

  test('keep the password as long as the address stays', async () => {
    await patch('cam', { name: 'other' });
    await patch('cam', { streamUrl: 'rtsp://h/x', streamPassword: null });
    expect(await source()).toEqual({ url: 'rtsp://h/x', user: 'u', password: 'p' });
    await patch('cam', { streamPassword: 'q' });
    expect(await source()).toEqual({ url: 'rtsp://h/x', user: 'u', password: 'q' });
  });

  test('of a second stream are kept apart from the first, and go with it', async () => {
    await patch('cam', { secondUrl: 'rtsp://h/small', secondUser: 'v', secondPassword: 'w', sound: false });
    const second = { url: 'rtsp://h/small', user: 'v', password: 'w' };
    expect(await city.devices.camera('cam')).toMatchObject({
      source: { url: 'rtsp://h/x', user: 'u', password: 'p' },
      ...{ second, sound: false },
    });
    expect(await city.devices.device('cam', allOnline)).toMatchObject({
      ...{ hasSecond: true, secondHost: 'rtsp://h', sound: false },
    });
    await patch('cam', { secondUrl: 'rtsp://evil/small' });
    expect((await city.devices.camera('cam'))?.second).toMatchObject({ user: null, password: null });
    await patch('cam', { streamUrl: null });
    expect(await city.devices.camera('cam')).toMatchObject({ source: null, second: null });
    await expect(patch('cam', { secondUrl: 'rtsp://h/small' })).rejects.toMatchObject({
      code: 'bad-stream-address',
    });
  });

  test('forget what the sound was when they change', async () => {
    await city.devices.rememberSound('cam', 'none');
    expect((await city.devices.camera('cam'))?.soundHint).toBe('none');
    await patch('cam', { name: 'renamed' });
    expect((await city.devices.camera('cam'))?.soundHint).toBe('none');
    await patch('cam', { streamUrl: 'rtsp://h/y' });
    expect((await city.devices.camera('cam'))?.soundHint).toBeNull();
  });

  test('never carry a stored password to another address', async () => {
    await patch('cam', { streamUrl: 'rtsp://evil/x', streamUser: 'u' });
    expect(await source()).toEqual({ url: 'rtsp://evil/x', user: 'u', password: null });
  });

  test('are taken away by null', async () => {
    await patch('cam', { streamUrl: null });
    expect(await source()).toBeNull();
    expect(await city.devices.device('cam', allOnline)).toMatchObject({ hasStream: false, streamHost: null });
    await expect(patch('cam', { streamPassword: 'q' })).rejects.toMatchObject({ code: 'bad-stream-address' });
  });

  test('sealed with a lost key are told of, can be entered anew, and harm no other camera', async () => {
    const devices = await city.reopen({ sealingKey: new Uint8Array(32).fill(9) });
    await expect(devices.camera('cam')).rejects.toMatchObject({ code: 'stream-unreadable' });
    await city.storage.db.transaction().execute(async (trx) => {
      await devices.add(trx, testDevice({ id: 'new', streamUrl: 'rtsp://n/x' }));
    });
    expect((await devices.camerasWithStream()).map(({ id }) => id)).toEqual(['new']);
    expect(city.logged()).toContain('"device":"cam"');
    await city.storage.db
      .transaction()
      .execute((trx) => devices.patch(trx, 'cam', { streamUrl: 'rtsp://h/y' }));
    expect((await devices.camera('cam'))?.source).toEqual({ url: 'rtsp://h/y', user: null, password: null });
  });
});
