import { join } from 'node:path';
import { cityAreas } from '../fixtures/city/city.ts';
import { createAccess } from './access/access.ts';
import { createEventSocket } from './api/event-socket.ts';
import { createServer } from './api/server.ts';
import { serveConsole } from './api/static-console.ts';
import { createTileSocket } from './api/tile-socket.ts';
import { createVideoDesk, type VideoDesk } from './api/video-desk.ts';
import { createVideoFeeds } from './api/video-feeds.ts';
import { createAudit } from './audit/audit.ts';
import { auditKeyFile } from './audit/head-file.ts';
import type { ChildRunner } from './base/child-runner.ts';
import type { Clock } from './base/clock.ts';
import { lockDataDir } from './base/data-lock.ts';
import { messageOf } from './base/errors.ts';
import { createEventBus } from './base/event-bus.ts';
import { newId } from './base/ids.ts';
import { Lifecycle } from './base/lifecycle.ts';
import type { Logger } from './base/logging.ts';
import { brokerSettings } from './broker-settings.ts';
import { createAnswerBox } from './commands/answers.ts';
import { type Commands, createCommands } from './commands/commands.ts';
import type { HubConfig } from './config.ts';
import type { HubEvents } from './contract/hub-events.ts';
import { startDemo } from './demo.ts';
import { createDeviceRegistry } from './devices/registry.ts';
import { loadSealingKey } from './devices/sealing.ts';
import { createExporting } from './exporting.ts';
import { createFootage } from './footage.ts';
import { openDeviceCredentials } from './health/device-credentials.ts';
import { createHealth } from './health/health.ts';
import { createMacRetention } from './health/mac-retention.ts';
import { createHistory } from './history/history.ts';
import { hubIdentity } from './hub-identity.ts';
import { createHubMetrics } from './hub-metrics.ts';
import { createJobs } from './jobs/jobs.ts';
import { createSpool } from './jobs/spool.ts';
import { createKeeping } from './keeping.ts';
import { listen } from './listen.ts';
import { createMqtt } from './mqtt/mqtt.ts';
import { startPictures } from './picture-reports.ts';
import { createReporting } from './reporting.ts';
import { registerRoutes } from './routes.ts';
import { openStorage } from './storage/database.ts';
import { tellStreams } from './stream-reports.ts';
import { readTls } from './tls-files.ts';
import { startTroubles } from './troubles.ts';
import { version } from './version.ts';
import { createWalls } from './walls/walls.ts';

export interface HubParts {
  log: Logger;
  clock: Clock;
  childRunner: ChildRunner;
  /** The built programs and pages: `renderer/`, `fixtures/`. */
  dist: string;
  /** Another build of better-sqlite3's addon, for hosts that need one. */
  nativeBinding?: string;
}

export interface RunningHub {
  httpUrl: string;
  mqttUrl: string;
  /** Set when this start made the first person. */
  firstPassword: { login: string; password: string; file: string } | null;
  stop(): Promise<void>;
}

/**
 * The composition root: the only place that knows every room. Starts them in the order in which they need each
 * other and stops them in reverse; a room that fails to start stops those before it.
 * @throws AppError with a sentence that says what to do
 */
export async function startHub(config: HubConfig, parts: HubParts): Promise<RunningHub> {
  const running = new Lifecycle();
  try {
    return await compose(config, parts, running);
  } catch (error) {
    await running
      .stop()
      .catch((failure: unknown) =>
        parts.log.error({ err: messageOf(failure) }, 'stopping after a failed start'),
      );
    throw error;
  }
}

async function compose(
  config: HubConfig,
  { log, clock, childRunner, dist, nativeBinding }: HubParts,
  running: Lifecycle,
): Promise<RunningHub> {
  const { dataDir } = config;
  const scheme = config.http.tls ? 'https' : 'http';
  running.own('data lock', lockDataDir(dataDir, nativeBinding));
  const { db } = running.own('database', await openStorage(dataDir, nativeBinding));
  const hubId = await hubIdentity(db, () => newId(clock.now()));
  const bus = createEventBus<HubEvents>((name, error) =>
    log.error({ err: error, event: String(name) }, 'a listener failed'),
  );

  const audit = running.own('audit', await createAudit({ db, clock, log, keyFile: auditKeyFile(dataDir) }));
  const devices = await createDeviceRegistry({
    db,
    clock,
    bus,
    log,
    sealingKey: loadSealingKey(join(dataDir, 'sealing.key')),
  });
  if (devices.areas().length === 0) await devices.seed(cityAreas(), [], []);
  // Who is watching is known further on: rights come first.
  let desk: VideoDesk | undefined;
  const access = running.own(
    'access',
    await createAccess({
      db,
      clock,
      bus,
      log,
      audit,
      devices,
      city: config.city,
      demo: config.demoMode ? { viewerOkrugId: 'cao' } : null,
      dataDir,
      watching: () => desk?.playback.watching() ?? [],
    }),
  );
  const { gate } = access;
  const jobs = running.own('jobs', await createJobs({ db, clock, bus, log }));
  const demo = config.demoMode
    ? running.own(
        'demonstration',
        await startDemo({
          config,
          childRunner,
          script: join(dist, 'fixtures', 'demo.js'),
          db,
          devices,
          clock,
          log,
        }),
      )
    : undefined;
  const footage = createFootage({ config, db, devices, clock, log, bus });
  const { video, archive } = footage;
  const history = running.own(
    'history',
    await createHistory({
      ...{ dataDir, clock, log, ...config.history },
      changed: () => bus.emit('monitoring.changed', undefined),
      workerFile: join(dist, 'main', 'history-worker.js'),
      ...(nativeBinding === undefined ? {} : { nativeBinding }),
    }),
  );
  const { recorder } = footage;
  const answers = createAnswerBox();
  const health = running.own(
    'health',
    await createHealth({
      ...{ db, clock, bus, log, devices, city: config.city.id, recorder, history, answers },
      dialects: { settings: config.mqtt.dialects, identities: devices.identities },
    }),
  );
  running.onStop('stream reports', tellStreams(bus, health));
  running.own(
    'MACs of clients',
    createMacRetention({
      ...{ db, clock, log, days: config.wifi.clientDays },
      forgetClients: health.forgetClients,
    }),
  );
  // Commands need the broker, and come later: until then nothing is sent.
  let orders: Commands | undefined;
  const commandedAt = (num: number) => orders?.cuttingOff(num);
  const { incidents, maintenance, notices } = await startTroubles(running, {
    ...{ config, db, clock, bus, log, audit, devices, health, commandedAt },
  });
  running.own('footage', footage);
  const { recording } = footage;
  const keeping = running.own('keeping', createKeeping({ config, db, clock, log, audit, recording }));
  await keeping.start();
  await footage.start();
  const exporting = running.own(
    'exporting',
    createExporting({
      ...{ config, hubId, db, clock, log, bus, audit, access, devices, recording, video, jobs },
      statuses: health,
    }),
  );
  await exporting.start();
  const pictures = running.own(
    'pictures',
    await startPictures({ config, db, devices, clock, log, bus, video, health }),
  );
  desk = running.own('video desk', createVideoDesk({ video, gate, audit, devices, bus, clock, log }));
  const credentials = await openDeviceCredentials({ db, clock });
  const broker = running.own(
    'broker',
    await createMqtt({
      broker: brokerSettings(config, hubId, credentials),
      city: config.city.id,
      sink: health.sink,
      foreign: health.foreign,
      clock,
      log,
    }),
  );
  // However long the rest takes to stop, devices are not judged by it.
  running.onStop('hearing', () => health.deafen());
  const commands = running.own(
    'commands',
    await createCommands({
      ...{ db, clock, bus, log, audit, gate, devices, health, broker, answers, city: config.city.id },
      ...{ personGate: access.personGate, keepDays: config.commands.keepDays },
    }),
  );
  orders = commands;

  const metrics = running.own(
    'metrics',
    createHubMetrics({
      ...{ bus, clock, health, history, broker, notices, commands, video, pictures },
      recording: footage.recording,
      watching: () => desk?.playback.watching().length ?? 0,
    }),
  );
  const cookieName = `kalancha-${hubId.slice(-12)}`;
  let hosts: string[] = [];
  const app = await createServer({
    log,
    door: { gate, audit, devices, cookieName },
    origin: { hosts: () => hosts, launchToken: config.launchToken },
    version,
    ...(config.http.tls ? { tls: readTls('http.tls', config.http.tls) } : {}),
  });
  let ready = false;
  registerRoutes(app, {
    ...{ db, devices, gate, audit, access, health, commands, history, incidents, maintenance, notices, jobs },
    ...{ video, recording: footage.recording, archive, desk, credentials, bus, pictures },
    ...createReporting({ db, clock, log, devices, health }),
    ...{ holds: keeping.holds, bookmarks: keeping.bookmarks, now: clock.now },
    ...exporting.services,
    usedBefore: async (id) => credentials.has(id) || (await footage.recording.lastMsn(id, 'main')) > 0,
    forget: (id) => credentials.revoke(id),
    walls: createWalls({ db, clock }),
    cookieName,
    secure: config.http.tls !== undefined,
    spool: createSpool(join(dataDir, 'uploads')),
    publicInfo: () => ({ name: 'kalancha', version, hubId, demoAccounts: access.demoAccounts() }),
    notReady: () => (ready ? [] : ['starting']),
    metrics: async () => ({
      contentType: metrics.registry.contentType,
      text: await metrics.registry.metrics(),
    }),
  });
  const events = createEventSocket({ gate, devices, health, bus, clock });
  events.route(app);
  const feeds = createVideoFeeds(video);
  const tiles = createTileSocket({ gate, desk, devices, feeds, clock, log });
  tiles.route(app);
  await serveConsole(app, join(dist, 'renderer'));
  running.onStop('server', () => app.close());
  running.own('event socket', events);
  running.own('tile socket', tiles);
  const port = await listen(app, config.http.host, config.http.port);
  hosts = [config.http.host, 'localhost', '127.0.0.1', '::1', ...config.http.publicHosts]
    .map((name) => (name.includes(':') ? `[${name}]` : name).toLowerCase())
    .flatMap((name) => [`${name}:${port}`, name]);

  const mqttUrl = broker.link.address;
  demo?.playFleet(mqttUrl);
  await audit.record({
    kind: 'system.started',
    person: null,
    from: '',
    subject: hubId,
    data: { version, demo: config.demoMode },
  });
  running.onStop('record of the stop', () =>
    audit.record({ kind: 'system.stopped', person: null, from: '', subject: hubId, data: { version } }),
  );
  ready = true;
  const host = config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host;
  return {
    httpUrl: `${scheme}://${host}:${port}`,
    mqttUrl,
    firstPassword: access.firstPassword,
    stop: () => running.stop(),
  };
}
