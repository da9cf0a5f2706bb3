import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Dialect, isName, refused, understood } from './dialect.ts';
import { parseDialect } from './json.ts';
import { wordOf } from './word.ts';

const stateCheck = TypeCompiler.Compile(Type.Object({ state: Type.String({ maxLength: 20 }) }));

/** Where devices that Home Assistant watches tell of themselves: its own name for it, ESPHome's and Tasmota's. */
const SUBJECTS = ['availability', 'status', 'LWT'];
const BRACE = 0x7b;

/**
 * Home Assistant's availability (home-assistant.io, "MQTT", `availability_topic`): `online` and `offline`, retained,
 * the latter as last will, on `{prefix}/{device}/availability`, `…/status` (ESPHome, `birth_message` and
 * `will_message`) or `…/LWT` (Tasmota, capitalised); Zigbee2MQTT wraps the word in `{"state": …}`. Messages count by
 * arrival, and nothing more is said while all is well.
 */
export const homeAssistant: Dialect = {
  name: 'home-assistant',
  prefix: '',
  heartbeatS: null,
  filters: SUBJECTS.map((subject) => ({ filter: `+/${subject}`, channel: 'status' })),
  address([name, subject, ...rest]) {
    if (!isName(name) || !subject || !SUBJECTS.includes(subject) || rest.length > 0) return undefined;
    return { name, channel: 'status', subject };
  },
  read(_address, payload) {
    if (payload.length === 0) return understood([]);
    let word = wordOf(payload);
    if (payload[0] === BRACE) {
      const parsed = parseDialect(stateCheck, payload);
      if (!parsed.ok) return parsed;
      word = parsed.value.state;
    }
    switch (word?.toLowerCase()) {
      case 'online':
        return understood([{ kind: 'birth' }]);
      case 'offline':
        return understood([{ kind: 'death' }]);
      default:
        return refused('unknown-state');
    }
  },
};
