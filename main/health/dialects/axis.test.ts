import { describe, expect, test } from 'vitest';
import { findings, read, sample } from '../../../tests/support/dialect-samples.ts';

describe('Axis', () => {
  const topic = 'axis/00408C123456/event/tns:onvif/Device/tns:axis/Sensor/PIR/$source/sensor/0';

  test('an event', () => {
    expect(read('axis', topic, sample('axis-pir'), 'camera')).toEqual({
      ok: true,
      findings: [
        {
          ...{
            kind: 'event',
            at: 1_590_258_472_044,
            type: 'axis.onvif:Device/axis:Sensor/PIR',
            severity: 'info',
          },
          source: { sensor: '0' },
          data: { state: '1' },
        },
      ],
    });
  });

  test.each([
    ['axis-connected', 'birth'],
    ['axis-disconnected', 'death'],
  ])('%s is a %s', (name, kind) => {
    expect(read('axis', 'axis/00408C123456/event/connection', sample(name), 'camera')).toEqual({
      ok: true,
      findings: [{ kind }],
      says: '00408C123456',
    });
  });

  test.each([
    ['onvif:VideoSource/axis:Tampering', {}, 'warning'],
    ['onvif:Device/axis:Tampering/ShockDetected', {}, 'warning'],
    ['onvif:Device/axis:HardwareFailure/StorageFailure', { disruption: '1', temperature: '30' }, 'warning'],
    ['onvif:Device/axis:HardwareFailure/StorageFailure', { disruption: '0', temperature: '30' }, 'info'],
    ['onvif:Device/axis:Status/SystemReady', { ready: '1' }, 'info'],
  ])('%s with %j is of severity %s', (event, data, severity) => {
    const payload = Buffer.from(JSON.stringify({ topic: event, message: { data } }));
    expect(findings(read('axis', topic, payload, 'camera'))).toMatchObject([{ at: null, severity }]);
  });

  test('another serial number than the topic has is told', () => {
    expect(read('axis', topic, sample('axis-other-serial'), 'camera')).toMatchObject({
      says: 'ACCC8EFFFFFF',
    });
  });

  test.each([
    [topic, 'axis-bad-no-message', 'wrong-field /message'],
    ['axis/00408C123456/event/connection', 'axis-bad-connected', 'wrong-field /connected'],
  ])('on %s, %s is refused', (where, name, reason) => {
    expect(read('axis', where, sample(name), 'camera')).toMatchObject({ ok: false, reason });
  });
});
