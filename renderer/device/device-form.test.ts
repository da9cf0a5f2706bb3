import { describe, expect, it } from 'vitest';
import type { Device } from '../../main/contract/device.ts';
import { type DeviceForm, emptyForm, formOf, inputOf, patchOf } from './device-form.ts';

const place = { lat: 55.75, lon: 37.6, azimuthDeg: 90 };
const form: DeviceForm = { ...emptyForm, id: 'cam-1', name: 'Арбат, 1', districtId: 'arbat' };
const device: Device = {
  id: 'cam-1',
  num: 5,
  kind: 'camera',
  name: 'Арбат, 1',
  address: '',
  lat: 55.75,
  lon: 37.6,
  azimuthDeg: 90,
  owner: '',
  contractor: '',
  okrugId: 'cao',
  districtId: 'arbat',
  parentId: null,
  groupIds: ['g1'],
  model: '',
  serial: '',
  mac: '',
  recorded: true,
  retentionDays: 5,
  hasStream: true,
  streamHost: 'rtsp://192.0.2.1',
  hasSecond: false,
  secondHost: null,
  sound: true,
  updatedAt: 1,
  status: 'online',
  statusSince: 1,
};

describe('a new device', () => {
  it('is taken with the least that is needed', () => {
    const checked = inputOf(form, place);
    expect(checked).toMatchObject({
      ok: true,
      value: { id: 'cam-1', districtId: 'arbat', azimuthDeg: 90, streamUrl: null },
    });
  });

  it('names every field that is missing or wrong', () => {
    expect(inputOf({ ...emptyForm, id: 'имя с пробелом' }, null)).toEqual({
      ok: false,
      faults: { id: 'bad-id', name: 'required', place: 'required', districtId: 'required' },
    });
    expect(inputOf({ ...form, model: 'x'.repeat(121) }, place)).toEqual({
      ok: false,
      faults: { model: 'too-long' },
    });
    for (const mac of ['zzz', '50:98:71:00:32', '50:98:71:00:32:7B:11', 'AABBCCDDEEFG'])
      expect(inputOf({ ...form, mac }, place)).toEqual({ ok: false, faults: { mac: 'bad-mac' } });
    for (const mac of ['', '50:98:71:00:32:7B', '50-98-71-00-32-7b', '5098.7100.327b', '50987100327B'])
      expect(inputOf({ ...form, mac }, place)).toMatchObject({ ok: true, value: { mac } });
  });

  it('sends stream settings of cameras only, and credentials only beside an address', () => {
    const typed = { ...form, streamUrl: 'rtsp://192.0.2.1/s', streamUser: 'u', streamPassword: ' p ' };
    expect(inputOf(typed, place)).toMatchObject({
      value: { streamUrl: 'rtsp://192.0.2.1/s', streamUser: 'u', streamPassword: ' p ' },
    });
    expect(inputOf({ ...typed, kind: 'ap' }, place)).toMatchObject({
      value: { streamUrl: null, streamUser: null, azimuthDeg: null },
    });
    expect(inputOf({ ...typed, streamUrl: '' }, place)).toMatchObject({
      value: { streamUrl: null, streamPassword: null },
    });
  });
});

describe('a changed device', () => {
  it('sends nothing when nothing was touched', () => {
    expect(patchOf(formOf(device), place, device)).toEqual({ ok: true, value: {} });
  });

  it('sends just what was touched', () => {
    const touched = { ...formOf(device), name: 'Арбат, 2', groupIds: [], retentionDays: null };
    expect(patchOf(touched, { ...place, azimuthDeg: null }, device)).toEqual({
      ok: true,
      value: { name: 'Арбат, 2', groupIds: [], retentionDays: null, azimuthDeg: null },
    });
  });

  it('keeps the stored address unless another is typed', () => {
    const typed = { ...formOf(device), streamUrl: 'rtsp://192.0.2.9/s' };
    expect(patchOf(typed, place, device)).toEqual({
      ok: true,
      value: { streamUrl: 'rtsp://192.0.2.9/s', streamUser: null, streamPassword: null },
    });
  });

  it('gives, keeps and takes away its second stream', () => {
    const before = { ...device, hasSecond: true, secondHost: 'rtsp://192.0.2.1' };
    const typed = {
      ...formOf(before),
      secondUrl: 'rtsp://192.0.2.1/small',
      secondPassword: 'p',
      sound: false,
    };
    expect(patchOf(typed, place, before)).toEqual({
      ok: true,
      value: { secondUrl: 'rtsp://192.0.2.1/small', secondUser: null, secondPassword: 'p', sound: false },
    });
    expect(patchOf({ ...formOf(before), secondRemoved: true }, place, before)).toEqual({
      ok: true,
      value: { secondUrl: null },
    });
  });

  it('is not sent while a needed field is empty', () => {
    expect(patchOf({ ...formOf(device), name: '  ' }, place, device)).toMatchObject({
      ok: false,
      faults: { name: expect.any(String) },
    });
  });
});
