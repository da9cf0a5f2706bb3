import { messageOf } from '../base/errors.ts';
import {
  nameOfError,
  type Trouble,
  type TroubleCode,
  type TroubleParams,
  troubleOf,
} from '../contract/trouble.ts';

/** The refusal codes of both protocol versions that mean "try the other version". */
const UNSUPPORTED_VERSION = new Set([1, 0x84]);
const BAD_CREDENTIALS = new Set([4, 5, 0x86, 0x87]);

/** What is wrong with a certificate or with TLS, in the words of Node and OpenSSL. */
const TLS_CODE = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|TLS/;

/** The broker is there, but keeps from this user what the hub lives on. */
export class TopicRefused extends Error {
  readonly topic: string;
  constructor(topic: string) {
    super(`the broker does not let this user read ${topic}`);
    this.name = 'TopicRefused';
    this.topic = topic;
  }
}

const fieldOf = (error: unknown, field: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;

export const isUnsupportedVersion = (error: unknown): boolean =>
  UNSUPPORTED_VERSION.has(Number(fieldOf(error, 'code')));

/** There is no connection over which a message could have gone. */
export const notConnected = (): Error =>
  Object.assign(new Error('not connected to the broker'), { code: 'ENOTCONN' });
export const isNotConnected = (error: unknown): boolean => fieldOf(error, 'code') === 'ENOTCONN';

/** What to tell a person when the broker at `host` cannot be reached or refuses us. Names no secret. */
export function brokerTrouble(host: string, error: unknown): Trouble {
  const code = fieldOf(error, 'code');
  const told = (what: TroubleCode, text: string, more: TroubleParams = {}): Trouble =>
    troubleOf(what, text, { host, ...more });
  if (error instanceof TopicRefused)
    return told('broker-topic', `The broker ${host} does not let this user read ${error.topic}.`, {
      topic: error.topic,
    });
  if (typeof code === 'number') {
    if (BAD_CREDENTIALS.has(code))
      return told(
        'broker-password',
        `The broker ${host} refuses this user or password. Check both in the settings.`,
      );
    if (UNSUPPORTED_VERSION.has(code))
      return told('broker-version', `The broker ${host} speaks neither MQTT 5 nor MQTT 3.1.1.`);
    return told(
      'broker-refused',
      `The broker ${host} refuses the connection (code ${code}). Its own log says why.`,
      { code },
    );
  }
  switch (code) {
    case 'ECONNREFUSED':
      return told(
        'broker-nobody',
        `Nothing answers at ${host}. Check that the broker runs and that the port is right.`,
      );
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return told(
        'broker-name',
        `The name ${host} cannot be resolved. Check the broker's address and the name service.`,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return told(
        'broker-network',
        `The broker ${host} cannot be reached. Check the network between it and this hub.`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
      return told(
        'broker-reset',
        `The broker ${host} broke the connection. Check that TLS is used exactly where the broker wants it.`,
      );
  }
  // An alert is what the other side says of us (RFC 8446 section 6.2).
  if (typeof code === 'string' && /ALERT_(?:\w*CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/.test(code))
    return told(
      'broker-our-certificate',
      `The broker ${host} does not take this hub's certificate (${code}). Give one that its authority signed, with its key.`,
      { code },
    );
  if (typeof code === 'string' && TLS_CODE.test(code))
    return told(
      'broker-its-certificate',
      `The certificate of the broker ${host} is not trusted (${code}). Give the certificate authority that signed it.`,
      { code },
    );
  const text = messageOf(error);
  if (/connack timeout/i.test(text))
    return told(
      'broker-silent',
      `The broker ${host} does not answer. Check that an MQTT broker runs there and whether it wants TLS.`,
    );
  return told('broker-other', `The connection to the broker ${host} failed (${text}).`, {
    what: nameOfError(error),
  });
}
