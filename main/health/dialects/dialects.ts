import type { DialectName, DialectSettings } from '../../contract/dialects.ts';
import type { ForeignTopic, ForeignTopics } from '../../mqtt/types.ts';
import { axis } from './axis.ts';
import type { Address, Dialect } from './dialect.ts';
import { homeAssistant } from './home-assistant.ts';
import { homeAssistantTopics } from './home-assistant-topics.ts';
import { homie } from './homie.ts';
import { netjson } from './netjson.ts';
import { onvif } from './onvif.ts';
import { sparkplug } from './sparkplug.ts';
import { ucentral } from './ucentral.ts';

/** Every dialect that this hub knows. A new adapter is added here and to `contract/dialects.ts`. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  netjson,
  ucentral,
  onvif,
  axis,
  sparkplug,
  homie,
  'home-assistant': homeAssistant,
};

const TOPIC_LIMIT = 512;

/** A message's dialect and what its topic says. */
export interface Opened {
  dialect: Dialect;
  address: Address;
  /** How often its device is to be heard, ms; null for those that speak of changes only. */
  heartbeatMs: number | null;
}

/** The dialects in use, and whose the topics of their messages are. */
export interface DialectBook extends ForeignTopics {
  open(topic: ForeignTopic): Opened | undefined;
  /** Id of the device that goes by this name. */
  find(name: string): string | undefined;
}

/** `find` answers the id of the device that goes by a name. */
export function createDialectBook(
  settings: readonly DialectSettings[],
  find: (name: string) => string | undefined,
): DialectBook {
  const used = settings.map(({ name, prefix, heartbeatS, availability, availability_mode: mode }) => {
    const dialect = availability ? homeAssistantTopics(availability, mode ?? 'latest') : DIALECTS[name];
    const before = prefix ?? dialect.prefix;
    const seconds = heartbeatS ?? dialect.heartbeatS;
    return {
      dialect,
      start: before === '' ? '' : `${before}/`,
      heartbeatMs: seconds === null ? null : seconds * 1000,
    };
  });

  function match(text: string): Opened | undefined {
    if (text.length > TOPIC_LIMIT) return undefined;
    for (const { dialect, start, heartbeatMs } of used) {
      if (!text.startsWith(start)) continue;
      const address = dialect.address(text.slice(start.length).split('/'));
      if (address) return { dialect, address, heartbeatMs };
    }
    return undefined;
  }

  const filters: Record<string, { qos: 0 | 1 }> = {};
  for (const { dialect, start } of used)
    for (const { filter, channel } of dialect.filters)
      filters[`${start}${filter}`] = { qos: channel === 'state' ? 0 : 1 };

  return {
    filters,
    parse(text) {
      const opened = match(text);
      if (!opened) return undefined;
      const { name, channel, shared } = opened.address;
      return { foreign: text, channel, deviceId: shared ? undefined : find(name) };
    },
    open: (topic) => match(topic.foreign),
    find,
  };
}
