import { writeToStream } from 'mqtt-packet';

/**
 * mqtt-packet holds a buffer for each of the 65,536 numbers that a packet may carry, 8 MB in all, and makes them with
 * its first packet. Two bytes made for each packet written cost less than that.
 */
export function keepNoNumbers(): void {
  writeToStream.cacheNumbers = false;
}
