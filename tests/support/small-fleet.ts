import mqtt, { type MqttClient } from 'mqtt';
import { topicOf } from '../../main/mqtt/topics.ts';

const HEARTBEAT_S = 2;
const REPORT_MS = 500;

/** Some access points at a broker, each with a connection and a Will of its own, that always come back. */
export interface SmallFleet {
  ids: string[];
  /** Tells of something once, QoS 1; resolves when it was acknowledged. */
  event(id: string, type: string): Promise<void>;
  /** Dies at once and for good. */
  kill(id: string): Promise<void>;
  stop(): Promise<void>;
}

export function startSmallFleet(options: {
  url: string;
  user: string;
  password: string;
  ids: string[];
}): SmallFleet {
  const { url, user, password, ids } = options;
  const devices = new Map(ids.map((id) => [id, startDevice(id)]));

  function startDevice(id: string) {
    let session = 0;
    let seq = 0;
    const report = () => ({ v: 1, id, session, seq: ++seq, ts: Date.now() });
    const status = (online: boolean) =>
      JSON.stringify({ v: 1, id, online, session, ts: Date.now(), heartbeatS: HEARTBEAT_S });
    const topic = (channel: 'status' | 'state' | 'event') => topicOf('moscow', 'ap', id, channel);
    const will = () => ({
      topic: topic('status'),
      payload: Buffer.from(status(false)),
      qos: 1 as const,
      retain: true,
    });
    session = 1;
    const client: MqttClient = mqtt.connect(url, {
      ...{ clientId: id, username: user, password, protocolVersion: 4, keepalive: 3 },
      ...{ reconnectPeriod: 300, connectTimeout: 2_000, will: will() },
    });
    // A broker that is gone is what this fleet is for; it tries again by itself.
    client.on('error', () => undefined);
    client.on('connect', () => {
      client.publish(topic('status'), status(true), { qos: 1, retain: true });
    });
    client.on('close', () => {
      session += 1;
      seq = 0;
      client.options.will = will();
    });
    const timer = setInterval(() => {
      if (client.connected) client.publish(topic('state'), JSON.stringify(report()), { qos: 0 });
    }, REPORT_MS);
    return {
      event: (type: string) =>
        client.publishAsync(topic('event'), JSON.stringify({ ...report(), type, severity: 'info' }), {
          qos: 1,
        }),
      async stop() {
        clearInterval(timer);
        await client.endAsync(true);
      },
    };
  }

  const deviceOf = (id: string) => {
    const device = devices.get(id);
    if (!device) throw new Error(`no device ${id}`);
    return device;
  };
  return {
    ids,
    async event(id, type) {
      await deviceOf(id).event(type);
    },
    kill: (id) => deviceOf(id).stop(),
    async stop() {
      await Promise.all([...devices.values()].map((device) => device.stop()));
    },
  };
}
