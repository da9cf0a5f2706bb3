import { messageOf } from '../base/errors.ts';

/** The refusal codes of both protocol versions that mean "try the other version". */
const UNSUPPORTED_VERSION = new Set([1, 0x84]);
const BAD_CREDENTIALS = new Set([4, 5, 0x86, 0x87]);

const fieldOf = (error: unknown, field: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;

export const isUnsupportedVersion = (error: unknown): boolean =>
  UNSUPPORTED_VERSION.has(Number(fieldOf(error, 'code')));

/** There is no connection over which a message could have gone. */
export const notConnected = (): Error =>
  Object.assign(new Error('not connected to the broker'), { code: 'ENOTCONN' });
export const isNotConnected = (error: unknown): boolean => fieldOf(error, 'code') === 'ENOTCONN';

/** What to tell a person when the broker at `host` cannot be reached or refuses us. Names no secret. */
export function brokerSentence(host: string, error: unknown): string {
  const code = fieldOf(error, 'code');
  if (typeof code === 'number') {
    if (BAD_CREDENTIALS.has(code))
      return `The broker ${host} refuses this user or password. Check both in the settings.`;
    if (UNSUPPORTED_VERSION.has(code)) return `The broker ${host} speaks neither MQTT 5 nor MQTT 3.1.1.`;
    return `The broker ${host} refuses the connection (code ${code}). Its own log says why.`;
  }
  switch (code) {
    case 'ECONNREFUSED':
      return `Nothing answers at ${host}. Check that the broker runs and that the port is right.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} cannot be resolved. Check the broker's address and the name service.`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `The broker ${host} cannot be reached. Check the network between it and this hub.`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `The broker ${host} broke the connection. Check that TLS is used exactly where the broker wants it.`;
  }
  // An alert is what the other side says of us (RFC 8446 section 6.2).
  if (typeof code === 'string' && /ALERT_(?:\w*CERTIFICATE|UNKNOWN_CA|HANDSHAKE_FAILURE)/.test(code))
    return `The broker ${host} does not take this hub's certificate (${code}). Give one that its authority signed, with its key.`;
  if (typeof code === 'string' && /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|SSL|TLS/.test(code))
    return `The certificate of the broker ${host} is not trusted (${code}). Give the certificate authority that signed it.`;
  const text = messageOf(error);
  if (/connack timeout/i.test(text))
    return `The broker ${host} does not answer. Check that an MQTT broker runs there and whether it wants TLS.`;
  return `The connection to the broker ${host} failed (${text}).`;
}
