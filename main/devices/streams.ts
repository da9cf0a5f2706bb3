import { z } from 'zod';
import { AppError, messageOf } from '../base/errors.ts';
import type { DeviceKind } from '../contract/device.ts';
import type { DeviceRow, StreamColumns } from './rows.ts';
import type { Sealer } from './sealing.ts';
import { parseStreamAddress } from './stream-address.ts';
import type { StreamSource } from './types.ts';

const Stored = z.object({ url: z.string(), user: z.string().nullable(), password: z.string().nullable() });

/** What a person gave of a camera's streams; what is undefined or null was not given. */
export interface GivenStreams {
  streamUrl?: string | null | undefined;
  streamUser?: string | null | undefined;
  streamPassword?: string | null | undefined;
  secondUrl?: string | null | undefined;
  secondUser?: string | null | undefined;
  secondPassword?: string | null | undefined;
}

/** The columns that hold what this file seals. */
type SealedColumns = Pick<DeviceRow, 'stream_host' | 'stream_sealed' | 'second_host' | 'second_sealed'>;

/** Stream addresses on their way into and out of the database. */
export interface StreamKeeper {
  /** @throws AppError `bad-stream-address`, `stream-not-camera` */
  forNew(id: string, kind: DeviceKind, given: GivenStreams): StreamColumns;
  /**
   * What the columns become. An address of null takes the stream away, the main one's the second too. User and
   * password not given stay as they are as long as the address does: to another host the old password must not go.
   * @throws AppError as `forNew`, and `stream-unreadable`
   */
  forChange(
    row: Pick<DeviceRow, 'id' | 'kind' | 'sound_hint'> & SealedColumns,
    given: GivenStreams,
  ): StreamColumns;
  /** @throws AppError `stream-unreadable` when it was sealed with another key */
  open(row: Pick<DeviceRow, 'id'> & SealedColumns, which: 'main' | 'second'): StreamSource | null;
}

/** One of a camera's addresses as it is given, and as it is stored. */
interface Given {
  url: string | null | undefined;
  user: string | null | undefined;
  password: string | null | undefined;
}
interface Slot {
  host: string | null;
  sealed: string | null;
}
interface Owner {
  id: string;
  kind: DeviceKind;
}

const EMPTY: Slot = { host: null, sealed: null };

export function createStreamKeeper(sealer: Sealer, { allowFiles }: { allowFiles: boolean }): StreamKeeper {
  // Names what was sealed, so that one address can never be read as another.
  const mainContext = (id: string) => `stream:${id}`;
  const secondContext = (id: string) => `second:${id}`;

  function seal(
    { id, kind }: Owner,
    context: string,
    given: Given & { url: string },
    before: StreamSource | null,
  ): Slot {
    const address = parseStreamAddress(
      { url: given.url, user: given.user ?? null, password: given.password ?? null },
      { allowFiles },
    );
    if (kind !== 'camera')
      throw new AppError('stream-not-camera', 400, 'Only a camera has a stream address.', { id });
    const kept = before?.url === address.url ? before : null;
    const source: StreamSource = {
      url: address.url,
      user: address.user ?? kept?.user ?? null,
      password: address.password ?? kept?.password ?? null,
    };
    return { host: address.host, sealed: sealer.seal(JSON.stringify(source), context) };
  }

  function read(id: string, context: string, sealed: string | null): StreamSource | null {
    if (sealed === null) return null;
    try {
      return Stored.parse(JSON.parse(sealer.open(sealed, context)));
    } catch (error) {
      throw new AppError(
        'stream-unreadable',
        500,
        `The stored stream address of ${id} cannot be read with this hub's key (${messageOf(error)}). Restore the key from a backup, or enter the address and its password anew.`,
        { id },
        { cause: error },
      );
    }
  }

  /** What was stored, unless it cannot be read: then there is nothing of it to keep, and the new address replaces it. */
  function readable(id: string, context: string, sealed: string | null): StreamSource | null {
    try {
      return read(id, context, sealed);
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  function fresh(owner: Owner, context: string, { url, user, password }: Given): Slot {
    if (url) return seal(owner, context, { url, user, password }, null);
    if (user || password) throw noAddress();
    return EMPTY;
  }

  function changed(owner: Owner, context: string, slot: Slot, given: Given): Slot {
    const { url, user, password } = given;
    if (url === null || url === '') return EMPTY;
    if (url === undefined && !user && !password) return slot;
    if (slot.sealed === null) return fresh(owner, context, given);
    const before =
      url === undefined ? read(owner.id, context, slot.sealed) : readable(owner.id, context, slot.sealed);
    const address = url ?? before?.url;
    if (address === undefined) throw noAddress();
    return seal(owner, context, { url: address, user, password }, before);
  }

  const mainOf = (given: GivenStreams): Given => ({
    url: given.streamUrl,
    user: given.streamUser,
    password: given.streamPassword,
  });
  const secondOf = (given: GivenStreams): Given => ({
    url: given.secondUrl,
    user: given.secondUser,
    password: given.secondPassword,
  });

  function columns(main: Slot, second: Slot, soundHint: string | null): StreamColumns {
    if (main.sealed === null && second.sealed !== null)
      throw new AppError('bad-stream-address', 400, 'A second stream needs a first one to go with.', {
        reason: 'no-first',
      });
    return {
      ...{ stream_host: main.host, stream_sealed: main.sealed },
      ...{ second_host: second.host, second_sealed: second.sealed, sound_hint: soundHint },
    };
  }

  return {
    forNew(id, kind, given) {
      const owner = { id, kind };
      const main = fresh(owner, mainContext(id), mainOf(given));
      return columns(main, fresh(owner, secondContext(id), secondOf(given)), null);
    },
    forChange(row, given) {
      const { id } = row;
      const was: Slot = { host: row.stream_host, sealed: row.stream_sealed };
      const main = changed(row, mainContext(id), was, mainOf(given));
      const hint = main.sealed === was.sealed ? row.sound_hint : null;
      if (main.sealed === null && !given.secondUrl) return columns(EMPTY, EMPTY, hint);
      const second: Slot = { host: row.second_host, sealed: row.second_sealed };
      return columns(main, changed(row, secondContext(id), second, secondOf(given)), hint);
    },
    open: (row, which) =>
      which === 'main'
        ? read(row.id, mainContext(row.id), row.stream_sealed)
        : read(row.id, secondContext(row.id), row.second_sealed),
  };
}

const noAddress = () =>
  new AppError('bad-stream-address', 400, 'A user or password needs a stream address to go with.', {
    reason: 'missing',
  });
