import { AppError } from '../base/errors.ts';
import type { DeviceCredentialCheck } from './types.ts';

/** How devices may prove themselves by certificates: the common name of the subject is the device's id. */
export interface ClientCertificates {
  /** The authority that signs devices' certificates, PEM. */
  ca: string;
  /** Its list of revoked ones, PEM. */
  crl?: string;
  /** Nobody comes in without one; otherwise a secret does as well. */
  required: boolean;
}

/** In PEM. */
export interface BrokerCertificates {
  cert: string;
  key: string;
  clients?: ClientCertificates;
}

/** The broker inside the hub. */
export interface EmbeddedBrokerSettings {
  kind: 'embedded';
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** Whether programs on this machine may connect without credentials. Devices elsewhere never may. */
  anonymousLocal: boolean;
  credentials: DeviceCredentialCheck;
  tls?: BrokerCertificates & {
    /** Reads the same again, for what changed meanwhile. May throw; then the old ones stay. */
    renewal?: { read(): BrokerCertificates; everyMs: number };
  };
  /** Connections at a time; each costs a file and 13-22 KB. */
  connectionLimit: number;
  /** Whose failures and connections are not counted by address, and who may come in without credentials where that is
   * allowed: programs of this machine, which is all of loopback. Tests take less for it. */
  isLocal?: (address: string) => boolean;
  /** How long a connection may take until it says who it is, ms; 10 s. */
  connectTimeoutMs?: number;
}

/** By what the hub proves itself at a broker, and the broker to it. */
export interface BrokerSecrets {
  user: string | null;
  password: string | null;
  /** Certificate authority in PEM, when the broker's certificate is not of a public one. */
  ca: string | null;
  /** The hub's own certificate and its key, PEM, for a broker that asks for one. */
  certificate?: { cert: string; key: string };
}

/** A broker that somebody else runs. */
export interface ExternalBrokerSettings extends BrokerSecrets {
  kind: 'external';
  /** `mqtt://host:port` or `mqtts://host:port`, without user and password. */
  address: string;
  /** Reads the secrets anew before each connection. May throw; then those from the start are tried. */
  renew?: () => BrokerSecrets;
  /** Stays the same over restarts: the broker keeps unacknowledged messages under this name. */
  clientId: string;
}

export type BrokerSettings = EmbeddedBrokerSettings | ExternalBrokerSettings;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/** @throws AppError `mqtt-needs-tls` when devices from outside could connect without TLS or without a secret. */
export function refuseOpenBroker(settings: EmbeddedBrokerSettings): void {
  if (isLoopback(settings.host)) return;
  if (!settings.tls || settings.anonymousLocal)
    throw new AppError(
      'mqtt-needs-tls',
      400,
      `The MQTT broker may listen on ${settings.host} only with TLS and with credentials for every device. Give a certificate and its key and turn anonymous connections off, or listen on 127.0.0.1.`,
      { host: settings.host },
    );
}

/** @throws AppError `mqtt-bad-address` */
export function parseBrokerAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address);
  } catch {
    url = undefined;
  }
  if (!url || !['mqtt:', 'mqtts:'].includes(url.protocol) || url.hostname === '')
    throw new AppError(
      'mqtt-bad-address',
      400,
      'The broker address must look like mqtt://broker.example:1883 or mqtts://broker.example:8883.',
    );
  if (url.username !== '' || url.password !== '')
    throw new AppError(
      'mqtt-bad-address',
      400,
      'Give the broker user and password as settings of their own, not inside the address.',
    );
  return url;
}

export { isLoopback };
