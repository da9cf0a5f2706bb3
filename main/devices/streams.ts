import { z } from 'zod';
import { AppError, messageOf } from '../base/errors.ts';
import type { DeviceKind } from '../contract/device.ts';
import type { DeviceRow, StreamColumns } from './rows.ts';
import type { Sealer } from './sealing.ts';
import { parseStreamAddress, type StreamAddress } from './stream-address.ts';
import type { StreamSource } from './types.ts';

const Stored = z.object({ url: z.string(), user: z.string().nullable(), password: z.string().nullable() });

/** What a person gave of a stream; what is undefined or null was not given. */
export interface GivenStream {
  streamUrl?: string | null | undefined;
  streamUser?: string | null | undefined;
  streamPassword?: string | null | undefined;
}

/** Stream addresses on their way into and out of the database. */
export interface StreamKeeper {
  /** @throws AppError `bad-stream-address`, `stream-not-camera` */
  forNew(id: string, kind: DeviceKind, given: GivenStream): StreamColumns;
  /**
   * What the columns become. An address of null takes the stream away. User and password not given stay as
   * they are as long as the address does: to another host the old password must not go.
   * @throws AppError as `forNew`, and `stream-unreadable`
   */
  forChange(
    row: Pick<DeviceRow, 'id' | 'kind' | 'stream_host' | 'stream_sealed'>,
    given: GivenStream,
  ): StreamColumns;
  /** @throws AppError `stream-unreadable` when it was sealed with another key */
  open(row: Pick<DeviceRow, 'id' | 'stream_sealed'>): StreamSource | null;
}

const NONE: StreamColumns = { stream_host: null, stream_sealed: null };

export function createStreamKeeper(sealer: Sealer, { allowFiles }: { allowFiles: boolean }): StreamKeeper {
  const context = (id: string) => `stream:${id}`;
  const columns = (id: string, kind: DeviceKind, { host, url, user, password }: StreamAddress) => {
    if (kind !== 'camera')
      throw new AppError('stream-not-camera', 400, 'Only a camera has a stream address.', { id });
    return {
      stream_host: host,
      stream_sealed: sealer.seal(JSON.stringify({ url, user, password }), context(id)),
    };
  };
  /** What was stored, unless it cannot be read: then there is nothing of it to keep, and the new address replaces it. */
  const readable = (row: Pick<DeviceRow, 'id' | 'stream_sealed'>): StreamSource | null => {
    try {
      return keeper.open(row);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  };
  const keeper: StreamKeeper = {
    forNew(id, kind, { streamUrl, streamUser, streamPassword }) {
      if (!streamUrl) {
        if (streamUser || streamPassword) throw noAddress();
        return NONE;
      }
      const given = { url: streamUrl, user: streamUser ?? null, password: streamPassword ?? null };
      return columns(id, kind, parseStreamAddress(given, { allowFiles }));
    },
    forChange(row, { streamUrl, streamUser, streamPassword }) {
      if (streamUrl === null || streamUrl === '') return NONE;
      if (streamUrl === undefined && !streamUser && !streamPassword)
        return { stream_host: row.stream_host, stream_sealed: row.stream_sealed };
      if (streamUrl !== undefined && row.stream_sealed === null)
        return keeper.forNew(row.id, row.kind, { streamUrl, streamUser, streamPassword });
      const before = streamUrl === undefined ? keeper.open(row) : readable(row);
      const url = streamUrl ?? before?.url;
      if (url === undefined) throw noAddress();
      const address = parseStreamAddress(
        { url, user: streamUser ?? null, password: streamPassword ?? null },
        { allowFiles },
      );
      const same = before?.url === address.url;
      return columns(row.id, row.kind, {
        ...address,
        user: address.user ?? (same ? before.user : null),
        password: address.password ?? (same ? before.password : null),
      });
    },
    open(row) {
      if (row.stream_sealed === null) return null;
      try {
        return Stored.parse(JSON.parse(sealer.open(row.stream_sealed, context(row.id))));
      } catch (error) {
        throw new AppError(
          'stream-unreadable',
          500,
          `The stored stream address of ${row.id} cannot be read with this hub's key (${messageOf(error)}). Restore the key from a backup, or enter the address and its password anew.`,
          { id: row.id },
          { cause: error },
        );
      }
    },
  };
  return keeper;
}

const noAddress = () =>
  new AppError('bad-stream-address', 400, 'A user or password needs a stream address to go with.', {
    reason: 'missing',
  });
