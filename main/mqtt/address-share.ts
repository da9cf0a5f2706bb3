import { isIPv6 } from 'node:net';
import { isLoopback } from './settings.ts';

/** How long the first half of an IPv6 address is, which one subscriber has for himself (RFC 6177). */
const SUBSCRIBER_GROUPS = 4;

/** Without the marks of an IPv4 address that IPv6 carries, and of a link. */
const plainOf = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');

/** A program of this machine. */
export const isLocal = (address: string): boolean => isLoopback(plainOf(address));

/**
 * Whom connections from an address are counted against: an IPv4 address as it is, also where IPv6 carries it, of an
 * IPv6 address the network of its subscriber (/64), who may use any address in it.
 */
export function sharerOf(address: string): string {
  const plain = plainOf(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const before = groups(head);
  const zeros = tail === undefined ? 0 : 8 - before.length - groups(tail).length;
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...groups(tail ?? '')];
  return all
    .slice(0, SUBSCRIBER_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
