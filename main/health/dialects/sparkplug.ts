import sparkplugPayload from 'sparkplug-payload';
import { PAYLOAD_LIMIT_BYTES } from '../../contract/mqtt-payloads.ts';
import { type Dialect, isName, refused, understood } from './dialect.ts';
import { withoutNesting } from './sparkplug-wire.ts';

const codec = sparkplugPayload.get('spBv1.0');

const VERBS: ReadonlyMap<string | undefined, 'status' | 'state'> = new Map([
  ['NBIRTH', 'status'],
  ['NDEATH', 'status'],
  ['DBIRTH', 'status'],
  ['DDEATH', 'status'],
  ['NDATA', 'state'],
  ['DDATA', 'state'],
]);
/** `bdSeq` counts from 0 to 255 and begins anew. */
const RUNS = 256;

/**
 * Sparkplug B, `spBv1.0/{group}/{verb}/{edge node}[/{device}]` (Eclipse Sparkplug 3.0, chapters 4 to 6). NBIRTH and
 * NDEATH of one connection carry the same `bdSeq` (`tck-id-payloads-ndeath-bdseq`): a death of another connection
 * than the live one is not its. With its edge node all devices of it are gone. Data proves life; which metric means
 * what, the standard leaves to the user, so none is taken for a state. Nodes speak only of changes.
 */
export const sparkplug: Dialect = {
  name: 'sparkplug',
  prefix: 'spBv1.0',
  heartbeatS: null,
  filters: [
    { filter: '+/NBIRTH/+', channel: 'status' },
    { filter: '+/NDEATH/+', channel: 'status' },
    { filter: '+/DBIRTH/+/+', channel: 'status' },
    { filter: '+/DDEATH/+/+', channel: 'status' },
    { filter: '+/NDATA/+', channel: 'state' },
    { filter: '+/DDATA/+/+', channel: 'state' },
  ],
  address([group, verb, edge, device, ...rest]) {
    const channel = VERBS.get(verb);
    if (!group || !verb || !channel || !isName(edge) || rest.length > 0) return undefined;
    const ofNode = verb.startsWith('N');
    if (ofNode !== (device === undefined)) return undefined;
    const name = ofNode ? edge : device;
    const node = { key: `${group}/${edge}`, forItself: ofNode };
    return isName(name) ? { name, channel, subject: verb, node } : undefined;
  },
  read({ subject }, payload) {
    const read = metricsOf(payload);
    if (!read) return refused(payload.length > PAYLOAD_LIMIT_BYTES ? 'too-large' : 'not-sparkplug');
    switch (subject) {
      case 'NBIRTH':
      case 'NDEATH': {
        const run = runOf(read);
        if (run === undefined) return refused('no-bdseq');
        return understood([{ kind: subject === 'NBIRTH' ? 'birth' : 'death', run }]);
      }
      case 'DBIRTH':
        return understood([{ kind: 'birth' }]);
      case 'DDEATH':
        return understood([{ kind: 'death' }]);
      default:
        return understood([{ kind: 'contact' }]);
    }
  },
};

type Metrics = { name?: string | null; value: unknown }[];

function metricsOf(payload: Uint8Array): Metrics | undefined {
  if (!codec || payload.length > PAYLOAD_LIMIT_BYTES) return undefined;
  const plain = withoutNesting(payload);
  if (!plain) return undefined;
  try {
    return codec.decodePayload(plain).metrics ?? [];
  } catch {
    // Its decoder throws at wire types that do not fit their fields, and at text that is no UTF-8.
    return undefined;
  }
}

/** Any integer type may carry it; some nodes forget to begin anew. */
function runOf(metrics: Metrics): number | undefined {
  const value = metrics.find(({ name }) => name === 'bdSeq')?.value;
  const run = typeof value === 'object' && value !== null ? Number(String(value)) : value;
  return typeof run === 'number' && Number.isSafeInteger(run) && run >= 0 ? run % RUNS : undefined;
}
