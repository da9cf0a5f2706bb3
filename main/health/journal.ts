import type { Kysely } from 'kysely';
import { z } from 'zod';
import { formatTopic, parseTopic } from '../mqtt/topics.ts';
import type { ForeignTopics, InboundMessage } from '../mqtt/types.ts';
import type { Database } from '../storage/tables.ts';

/**
 * Messages whose acknowledgement has gone out while their effect is still only in memory. One row a batch: the
 * journal costs one write however many messages it takes.
 */
export interface Journal {
  /** Stores the batch; its row number. */
  append(messages: readonly InboundMessage[]): Promise<number>;
  /** What was left by a hub that was killed, in order. */
  leftOver(): Promise<{ id: number; messages: InboundMessage[] }[]>;
}

/** Topic, payload in base64, retained, received at (UTC ms). */
const Entries = z.array(z.tuple([z.string(), z.base64(), z.boolean(), z.number()]));

export function createJournal(db: Kysely<Database>, foreign: Pick<ForeignTopics, 'parse'>): Journal {
  return {
    async append(messages) {
      const entries: z.infer<typeof Entries> = messages.map((message) => [
        'foreign' in message.topic ? message.topic.foreign : formatTopic(message.topic),
        message.payload.toString('base64'),
        message.retained,
        message.rxAt,
      ]);
      const { id } = await db
        .insertInto('message_journal')
        .values({ messages: JSON.stringify(entries) })
        .returning('id')
        .executeTakeFirstOrThrow();
      return id;
    },
    async leftOver() {
      const rows = await db.selectFrom('message_journal').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        id: row.id,
        messages: Entries.parse(JSON.parse(row.messages)).flatMap(([text, payload, retained, rxAt]) => {
          const topic = parseTopic(text) ?? foreign.parse(text);
          return topic ? [{ topic, payload: Buffer.from(payload, 'base64'), retained, rxAt }] : [];
        }),
      }));
    },
  };
}
