import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import type { AvailabilityMode, AvailabilityTopic } from '../../contract/dialects.ts';
import { type Dialect, isName, refused, understood } from './dialect.ts';
import { parseDialect } from './json.ts';
import { wordOf } from './word.ts';

const anyJson = TypeCompiler.Compile(Type.Unknown());
const DEVICE = '{device}';

/**
 * Home Assistant's availability as the settings name its topics (home-assistant.io, "MQTT": `availability` with
 * `payload_available`, `payload_not_available`, `value_template`, and `availability_mode`). Payloads are compared to the
 * letter, as there. Of templates only `{{ value_json.… }}` is understood, which picks a field out of JSON. A payload that
 * is neither of the two words is quarantined, where Home Assistant passes it over. What a topic says is one part of the
 * answer; `availability.ts` remembers the others.
 */
export function homeAssistantTopics(topics: readonly AvailabilityTopic[], mode: AvailabilityMode): Dialect {
  const known = topics.map((topic) => ({ ...topic, levels: topic.topic.split('/'), path: pathOf(topic) }));
  return {
    name: 'home-assistant',
    prefix: '',
    heartbeatS: null,
    filters: topics.map(({ topic }) => ({ filter: topic.replace(DEVICE, '+'), channel: 'status' })),
    address(levels) {
      for (const [part, { levels: wanted }] of known.entries()) {
        if (wanted.length !== levels.length) continue;
        if (!wanted.every((level, at) => level === DEVICE || level === levels[at])) continue;
        const at = wanted.indexOf(DEVICE);
        if (at < 0) return { name: '', channel: 'status', subject: String(part), shared: true };
        const name = levels[at];
        if (isName(name)) return { name, channel: 'status', subject: String(part) };
      }
      return undefined;
    },
    read({ subject }, payload) {
      // An empty retained message only clears what the broker kept.
      if (payload.length === 0) return understood([]);
      const part = Number(subject);
      const topic = known[part];
      if (!topic) return refused('unknown-state');
      let said = wordOf(payload);
      if (topic.path) {
        const parsed = parseDialect(anyJson, payload);
        if (!parsed.ok) return parsed;
        said = fieldOf(parsed.value, topic.path);
        if (said === undefined) return refused(`wrong-field /${topic.path.join('/')}`);
      }
      if (said === topic.payload_available) return understood([{ kind: 'part', part, up: true, mode }]);
      if (said === topic.payload_not_available) return understood([{ kind: 'part', part, up: false, mode }]);
      return refused('unknown-state');
    },
  };
}

const pathOf = ({ value_template: template }: AvailabilityTopic): readonly string[] | undefined =>
  template?.replace(/^\{\{\s*value_json\.|\s*\}\}$/g, '').split('.');

/** As a template writes it: logical values as Python does. Undefined: there is no such field, or it is no word. */
function fieldOf(value: unknown, path: readonly string[]): string | undefined {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = Reflect.get(found, key);
  }
  if (typeof found === 'boolean') return found ? 'True' : 'False';
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
