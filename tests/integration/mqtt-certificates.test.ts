import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BrokerCertificates } from '../../main/mqtt/settings.ts';
import { topicOf } from '../../main/mqtt/topics.ts';
import { type Authority, type Certificate, makeAuthority } from '../support/certificates.ts';
import { type EmbeddedHub, startEmbeddedHub } from '../support/embedded-hub.ts';
import { CITY, statusPayload, temporaryFolder } from '../support/health-harness.ts';
import { until } from '../support/hub-process.ts';
import { mosquittoTools } from '../support/mosquitto.ts';
import { rawMqtt } from '../support/raw-mqtt.ts';

let folder: ReturnType<typeof temporaryFolder>;
let city: Authority;
let stranger: Authority;
let server: Certificate;
let own: Certificate;
let bench: EmbeddedHub;

beforeAll(async () => {
  folder = temporaryFolder();
  city = await makeAuthority(folder.path, 'city');
  stranger = await makeAuthority(folder.path, 'stranger');
  server = await city.issue('hub', '127.0.0.1');
  own = await city.issue('ap-1');
});
afterAll(() => folder.remove());

async function withBroker(clients: { required: boolean }, check: () => Promise<void>) {
  bench = await startEmbeddedHub({
    ...{
      anonymousLocal: false,
      tls: { cert: server.cert, key: server.key, clients: { ca: city.cert, ...clients } },
    },
  });
  try {
    await check();
  } finally {
    await bench.stop();
  }
}

/** mosquitto_pub with this certificate, or none: whether the birth was acknowledged. */
async function birth(id: string, session: number, certificate?: Certificate, more: string[] = []) {
  const tools = mosquittoTools(bench.port, [
    ...['--cafile', city.certFile, ...more],
    ...(certificate ? ['--cert', certificate.certFile, '--key', certificate.keyFile] : []),
  ]);
  const topic = topicOf(CITY, 'ap', id, 'status');
  return (await tools.publish(topic, JSON.stringify(statusPayload(id, session)), ['-q', '1'])).code === 0;
}

it('a device proves itself by a certificate that our authority gave its id, and speaks for itself alone', () =>
  withBroker({ required: true }, async () => {
    expect(await birth('ap-1', 1, own)).toBe(true);
    expect(bench.hub.statusOf('ap-1')).toBe('online');
    // Another device's topic, another device's name, another authority, none at all.
    expect(await birth('cam-1', 1, own)).toBe(false);
    expect(await birth('ap-1', 2, own, ['-u', 'cam-1'])).toBe(false);
    expect(await birth('ap-1', 2, await stranger.issue('ap-1'))).toBe(false);
    expect(await birth('ap-1', 2)).toBe(false);
    const secret = await bench.credentials.issue('ap-1');
    expect(await birth('ap-1', 2, undefined, ['-u', 'ap-1', '-P', secret])).toBe(false);
    await until('the refusals', () => (bench.broker.refusals().tls >= 3 ? true : undefined));
    expect(await birth('ap-1', 2, own, ['-u', 'ap-1'])).toBe(true);
  }));

it('beside certificates secrets may do; a stranger’s certificate is no way in even with a secret', () =>
  withBroker({ required: false }, async () => {
    const secret = await bench.credentials.issue('ap-1');
    const credentials = ['-u', 'ap-1', '-P', secret];
    expect(await birth('ap-1', 1, undefined, credentials)).toBe(true);
    expect(await birth('ap-1', 2, own)).toBe(true);
    expect(await birth('ap-1', 3, await stranger.issue('ap-1'), credentials)).toBe(false);
    expect(await birth('ap-1', 3)).toBe(false);
  }));

it('a certificate is taken back while the broker runs, and a file that is being written changes nothing', async () => {
  const lost = await city.issue('ap-lost');
  const tls = { cert: server.cert, key: server.key };
  let read = (): BrokerCertificates => ({ ...tls, clients });
  const clients = { ca: city.cert, required: true };
  bench = await startEmbeddedHub({
    ...{ anonymousLocal: false, tls: { ...tls, clients, renewal: { read: () => read(), everyMs: 20 } } },
  });
  const connected = async ({ cert, key }: Certificate) => {
    const socket = connectTls({ port: bench.port, host: '127.0.0.1', ca: city.cert, cert, key });
    const client = await rawMqtt(bench.port, socket);
    expect(await client.connect({ clientId: 'here' })).toBe(0);
    return client;
  };
  try {
    expect(await birth('ap-lost', 1, lost)).toBe(true);
    const inside = await connected(lost);
    const other = await connected(own);
    const crl = await city.revoke(lost);
    read = () => ({ ...tls, clients: { ...clients, crl } });
    // Who came in by it before is sent away too, and nobody else.
    await inside.closed;
    other.send({ cmd: 'pingreq' });
    await other.next('pingresp');
    await until('the list', async () => ((await birth('ap-lost', 1, lost)) ? undefined : true));
    read = () => ({ ...tls, cert: '-----BEGIN CERT', clients });
    await until('the complaint', () => (bench.hub.log.text().includes('old ones stay') ? true : undefined));
    expect(await birth('ap-lost', 1, lost)).toBe(false);
    expect(await birth('ap-1', 1, own)).toBe(true);
    // A list that another authority signed is none of ours: the old one stays, and the strip says so.
    const foreign = await stranger.list();
    read = () => ({ ...tls, clients: { ...clients, crl: foreign } });
    await until('the complaint', () =>
      bench.hub.health.monitoring().broker.error?.code === 'crl-unsigned' ? true : undefined,
    );
    expect(await birth('ap-lost', 1, lost)).toBe(false);
    expect(await birth('ap-1', 1, own)).toBe(true);
    // An authority that is no longer trusted: nor is who came in by its word.
    read = () => ({ ...tls, clients: { ca: stranger.cert, required: true } });
    await other.closed;
  } finally {
    await bench.stop();
  }
});

it('the broker speaks to nobody without TLS, and stops although a handshake hangs', async () => {
  const ended: Promise<void>[] = [];
  await withBroker({ required: true }, async () => {
    const plain = await rawMqtt(bench.port);
    expect(await plain.connect()).toBe('closed');
    expect(plain.received).toEqual([]);
    // Neither says a word more: who only opened the line, and who ended the handshake but sends no CONNECT.
    const silent = await rawMqtt(bench.port);
    const socket = connectTls({
      port: bench.port,
      host: '127.0.0.1',
      ca: city.cert,
      cert: own.cert,
      key: own.key,
    });
    const greeted = await rawMqtt(bench.port, socket);
    await until('the handshake', () => (socket.authorized ? true : undefined));
    ended.push(silent.closed, greeted.closed);
  });
  await Promise.all(ended);
});

it('a list that is overdue lets nobody in by a certificate; whoever is inside stays, and the strip says why', async () => {
  const overdue = await city.list('20200101000000Z');
  const tls = { cert: server.cert, key: server.key };
  let clients: BrokerCertificates['clients'] = { ca: city.cert, required: true };
  bench = await startEmbeddedHub({
    anonymousLocal: false,
    tls: { ...tls, clients, renewal: { read: () => ({ ...tls, clients }), everyMs: 20 } },
  });
  const complaint = () => bench.hub.health.monitoring().broker.error;
  try {
    const socket = connectTls({
      ...{ port: bench.port, host: '127.0.0.1', ca: city.cert, cert: own.cert, key: own.key },
    });
    const inside = await rawMqtt(bench.port, socket);
    expect(await inside.connect({ clientId: 'here' })).toBe(0);
    expect(complaint()).toBeNull();
    clients = { ca: city.cert, required: true, crl: overdue };
    await until('the complaint', () => (complaint() === null ? undefined : true));
    expect(complaint()).toMatchObject({ code: 'crl-overdue', params: { at: Date.UTC(2020, 0, 1) } });
    expect(await birth('ap-1', 1, own)).toBe(false);
    inside.send({ cmd: 'pingreq' });
    await inside.next('pingresp');
    clients = { ca: city.cert, required: true, crl: await city.list() };
    await until('nothing to complain of', () => (complaint() === null ? true : undefined));
    expect(await birth('ap-1', 1, own)).toBe(true);
  } finally {
    await bench.stop();
  }
});

it('a hub does not start with a list that nobody here signed', async () => {
  const crl = await stranger.list();
  const tls = { cert: server.cert, key: server.key, clients: { ca: city.cert, crl, required: true } };
  await expect(startEmbeddedHub({ anonymousLocal: false, tls })).rejects.toMatchObject({
    code: 'mqtt-crl-unsigned',
  });
});
