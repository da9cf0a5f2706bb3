import mqtt, { type IPublishPacket, type MqttClient } from 'mqtt';
import { CommandPayload } from '../../main/contract/command-payload.ts';
import { type TopicKind, topicOf } from '../../main/mqtt/topics.ts';

/** A device of its own at a real broker: it is born, reports, hears commands and does with them what the test says. */
export interface CommandDevice {
  readonly id: string;
  /** Every command as it came, repetitions included. */
  readonly heard: { command: CommandPayload; packet: IPublishPacket }[];
  /** Answers that the broker did not take. */
  readonly refused: string[];
  /** Request ids that were done, each once however often it came. */
  readonly done: Set<string>;
  uptimeS: number;
  /** Beside what every state holds. */
  state: Record<string, unknown>;
  connect(url: string): Promise<void>;
  /** A state now. */
  report(): Promise<void>;
  answer(requestId: string, state: string, more?: Record<string, unknown>): Promise<void>;
  /** The same in another device's name, on its topic: does the broker take it? */
  answerAs(other: string, requestId: string, state: string): Promise<'taken' | 'cut off'>;
  /** Does the broker let it hear commands to another? */
  mayHear(other: string): Promise<boolean>;
  /** What the broker says of it when its connection breaks. */
  vanish(): Promise<void>;
  /** Another run of its software: a new session. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export type Obedience = (device: CommandDevice, command: CommandPayload, again: boolean) => Promise<void>;

/** Accepts, does it, says so, and shows it: a device as it should be. What repeats is only answered again. */
export const obedient: Obedience = async (device, command, again) => {
  await device.answer(command.requestId, again ? 'done' : 'accepted');
  if (again) return;
  device.done.add(command.requestId);
  if (command.kind === 'reboot') await device.restart();
  if (command.kind === 'locate') device.state = { ...device.state, locating: command.args.on };
  if (command.kind === 'ssid') {
    const { ssid, enabled } = command.args;
    const { ssids } = device.state;
    device.state = {
      ...device.state,
      ssids: Array.isArray(ssids) ? ssids.map((one) => (one.ssid === ssid ? { ...one, enabled } : one)) : [],
    };
  }
  await device.answer(command.requestId, 'done');
  await device.report();
};

export function commandDevice(options: {
  city: string;
  kind: TopicKind;
  id: string;
  credentials?: { username: string; password: string };
  protocolVersion?: 4 | 5;
  obey?: Obedience;
  /** Reports by itself this often while it is there; else only when it is told to. */
  everyMs?: number;
}): CommandDevice {
  const { city, kind, id, credentials, protocolVersion = 4, obey = obedient, everyMs } = options;
  const topic = (channel: 'status' | 'state' | 'command' | 'ack') => topicOf(city, kind, id, channel);
  let client: MqttClient | undefined;
  let session = Date.now();
  let seq = 0;
  let timer: NodeJS.Timeout | undefined;

  const say = async (
    channel: 'status' | 'state' | 'ack',
    payload: Record<string, unknown>,
  ): Promise<void> => {
    try {
      await client?.publishAsync(topic(channel), JSON.stringify({ v: 1, id, session, ...payload }), {
        qos: 1,
      });
    } catch (error) {
      device.refused.push(error instanceof Error ? error.message : String(error));
    }
  };

  const reportByItself = () => {
    clearInterval(timer);
    if (everyMs !== undefined) timer = setInterval(() => void device.report(), everyMs);
  };

  const device: CommandDevice = {
    id,
    heard: [],
    refused: [],
    done: new Set(),
    uptimeS: 1_000,
    state: {},
    async connect(url) {
      client?.end(true);
      const next = mqtt.connect(url, {
        ...credentials,
        protocolVersion,
        reconnectPeriod: 0,
        clientId: `device-${id}`,
      });
      client = next;
      // What breaks the connection shows in what is missing then.
      next.on('error', (error) => device.refused.push(error.message));
      await new Promise<void>((resolve, reject) => {
        next.once('connect', () => resolve());
        next.once('close', () =>
          reject(new Error(`${id} cannot connect: ${device.refused.at(-1) ?? 'closed'}`)),
        );
      });
      next.on('message', (_topic, payload, packet) => {
        const command = CommandPayload.parse(JSON.parse(payload.toString('utf8')));
        const again = device.heard.some((earlier) => earlier.command.requestId === command.requestId);
        device.heard.push({ command, packet });
        void obey(device, command, again);
      });
      await next.subscribeAsync(topic('command'), { qos: 1 });
      await say('status', { online: true, ts: Date.now(), heartbeatS: 30 });
      await device.report();
      reportByItself();
    },
    report() {
      seq += 1;
      return say('state', { seq, ts: Date.now(), uptimeS: device.uptimeS, ...device.state });
    },
    answer: (requestId, state, more = {}) => say('ack', { requestId, state, ts: Date.now(), ...more }),
    async answerAs(other, requestId, state) {
      const current = client;
      if (!current) throw new Error(`${id} is not connected`);
      const payload = JSON.stringify({ v: 1, id: other, session, requestId, state });
      const closed = new Promise<'cut off'>((resolve) => current.once('close', () => resolve('cut off')));
      const taken = new Promise<'taken'>((resolve) => {
        current.publish(topicOf(city, kind, other, 'ack'), payload, { qos: 1 }, (error) => {
          if (!error) resolve('taken');
        });
      });
      return Promise.race([closed, taken]);
    },
    async mayHear(other) {
      const granted = await client
        ?.subscribeAsync(topicOf(city, kind, other, 'command'), { qos: 1 })
        .catch(() => []);
      return granted?.some(({ qos }) => qos < 128) ?? false;
    },
    vanish() {
      clearInterval(timer);
      return say('status', { online: false, ts: Date.now(), heartbeatS: 30 });
    },
    async restart() {
      session += 1;
      seq = 0;
      device.uptimeS = 1;
      await say('status', { online: true, ts: Date.now(), heartbeatS: 30 });
      reportByItself();
    },
    async stop() {
      clearInterval(timer);
      await client?.endAsync(true);
    },
  };
  return device;
}
