import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { footageFolders, loadConfig } from './config.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'kalancha-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function withFile(content: unknown, environment: Record<string, string> = {}) {
  const configFile = join(dir, 'kalancha.json');
  writeFileSync(configFile, typeof content === 'string' ? content : JSON.stringify(content));
  return () => loadConfig({ dataDir: dir, configFile }, environment);
}

describe('settings', () => {
  it('need no file and listen on loopback only', () => {
    const config = loadConfig({ dataDir: dir }, { PATH: '/bin' });
    expect(config.http).toEqual({ host: '127.0.0.1', port: 8321, publicHosts: [] });
    expect(config.mqtt).toMatchObject({ host: '127.0.0.1', port: 1883, anonymousLoopback: true });
    expect(config.demoMode).toBe(false);
  });

  it('are taken from file, then environment, then the command line', () => {
    const configFile = join(dir, 'c.json');
    writeFileSync(
      configFile,
      JSON.stringify({ http: { port: 1 }, mqtt: { port: 2 }, recording: { retentionDays: 9 } }),
    );
    const config = loadConfig(
      { dataDir: dir, configFile, port: 5 },
      { KALANCHA_HTTP_PORT: '3', KALANCHA_MQTT_PORT: '4' },
    );
    expect([config.http.port, config.mqtt.port, config.recording.retentionDays]).toEqual([5, 4, 9]);
  });

  it('name one disk for footage, or several, each with its own limits', () => {
    const folders = (recording: object) => footageFolders(withFile({ recording })());
    expect(folders({})).toEqual([
      { folder: join(dir, 'footage'), maxBytes: null, minFreeBytes: 2 * 2 ** 30 },
    ]);
    expect(folders({ dir: '/disk', maxBytes: 20_000_000 })).toMatchObject([
      { folder: '/disk', maxBytes: 20_000_000 },
    ]);
    const dirs = ['/disk1/footage', { dir: 'second', maxBytes: 30_000_000, minFreeBytes: 5 }];
    expect(folders({ dirs, maxBytes: 20_000_000, minFreeBytes: 7 })).toEqual([
      { folder: '/disk1/footage', maxBytes: 20_000_000, minFreeBytes: 7 },
      { folder: join(dir, 'second'), maxBytes: 30_000_000, minFreeBytes: 5 },
    ]);
    expect(withFile({ recording: { dir: '/disk', dirs } })).toThrow(/either recording.dir/);
    expect(withFile({ recording: { dirs: [] } })).toThrow(/recording.dirs/);
  });

  it('refuse an unknown key and name the one that was meant', () => {
    expect(withFile({ http: { prot: 80 } })).toThrow('unknown key "http.prot". Did you mean "port"?');
    expect(withFile({ notify: { email: { host: 'mail.example.org' } } })).toThrow(
      '"notify.email.from" is missing: give a string.',
    );
    expect(withFile({ htpp: {} })).toThrow('unknown key "htpp". Did you mean "http"?');
    expect(withFile({ http: { certificate: 'x' } })).toThrow('Known here: host, port, publicHosts, tls');
  });

  it('refuse an unknown environment variable, but not those of the launcher', () => {
    expect(() => loadConfig({ dataDir: dir }, { KALANCHA_HTTP_PROT: '80' })).toThrow(
      'Did you mean "KALANCHA_HTTP_PORT"?',
    );
    expect(() => loadConfig({ dataDir: dir }, { KALANCHA_LAUNCHER: '1', HOME: '/x' })).not.toThrow();
  });

  it('refuse values of a wrong kind, by key', () => {
    expect(withFile({ http: { port: 70_000 } })).toThrow('"http.port"');
    expect(withFile({}, { KALANCHA_HTTP_PORT: 'abc' })).toThrow('"http.port"');
    expect(withFile({ city: { timeZone: 'Moscow' } })).toThrow('is not a time zone');
  });

  it('say what is wrong with a file that is no JSON, or is not there', () => {
    expect(withFile('{ http: ')).toThrow('is not a JSON object');
    expect(withFile('[1]')).toThrow('is not a JSON object');
    expect(() => loadConfig({ dataDir: dir, configFile: join(dir, 'none.json') }, {})).toThrow(
      'cannot be read',
    );
  });

  it('refuse to listen to other machines without TLS', () => {
    expect(withFile({ http: { host: '0.0.0.0' } })).toThrow('needs TLS');
    expect(withFile({ mqtt: { host: '10.0.0.5' } })).toThrow('needs TLS');
  });

  it('refuse half of what client certificates need', () => {
    const tls = { certFile: 'c', keyFile: 'k' };
    expect(withFile({ mqtt: { clientCertFile: 'c' } })).toThrow('mqtt.clientKeyFile together');
    expect(withFile({ mqtt: { url: 'mqtt://b', clientCertFile: 'c', clientKeyFile: 'k' } })).toThrow(
      'mqtts://',
    );
    expect(withFile({ mqtt: { tls: { ...tls, requireClientCertificates: true } } })).toThrow('clientCaFile');
    expect(withFile({ mqtt: { tls: { ...tls, clientCaFile: 'a', clientCrlFile: 'r' } } })).not.toThrow();
    expect(withFile({ http: { host: '0.0.0.0', tls: { certFile: 'c', keyFile: 'k' } } })).not.toThrow();
    expect(withFile({ http: { host: '127.0.0.9' } })).not.toThrow();
  });
});
