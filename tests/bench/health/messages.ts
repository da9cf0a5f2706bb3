import { topicOf } from '../../../main/mqtt/topics.ts';
import type { CityDevice } from './city.ts';

export const CITY = 'moscow';

export interface Message {
  topic: string;
  payload: string;
}

export const statusOf = (
  { id, kind }: Pick<CityDevice, 'id' | 'kind'>,
  session: number,
  online: boolean,
  heartbeatS = 60,
): Message => ({
  topic: topicOf(CITY, kind, id, 'status'),
  payload: JSON.stringify({ v: 1, id, online, session, ts: Date.now(), heartbeatS }),
});

export const stateOf = (
  { id, kind }: Pick<CityDevice, 'id' | 'kind'>,
  session: number,
  seq: number,
  more: object = {},
): Message => ({
  topic: topicOf(CITY, kind, id, 'state'),
  payload: JSON.stringify({ v: 1, id, session, seq, ts: Date.now(), uptimeS: seq, ...more }),
});
