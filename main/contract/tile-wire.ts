import { z } from 'zod';
import { DeviceId } from './common.ts';
import { StreamProblemCode, TrackName } from './video.ts';

/**
 * The console's own live pictures: many tiles over one WebSocket, `/api/tiles`.
 *
 * The console opens a tile by a number of its own and gets binary messages for it: first the format (an init
 * segment), then fragments as they come from the camera, beginning with the newest group of pictures. They are the
 * bytes of the LL-HLS parts, frame by frame. What it has appended it acknowledges; a console that falls behind
 * misses pictures up to a keyframe, each tile for itself.
 *
 * Binary message, big-endian: a header of 32 bytes, then the payload.
 *    0  u8   kind: 1 format, 2 fragment
 *    1  u8   flags: 1 a decoder can begin here
 *    2  u16  tile
 *    4  u32  number of this message within the tile, from 1; acknowledged by it
 *    8  f64  UTC ms at which the fragment's first frame was taken
 *   16  f64  its decode time on the stream's own time line, seconds
 *   24  u32  duration, microseconds
 *   28  u32  run: fragments of another run do not continue that time line
 * A format's payload: u8 length of the codec's name, the name (RFC 6381, ASCII), u16 width, u16 height, init segment.
 */
export const TILE_HEADER_BYTES = 32;

/** Most tiles of one connection. */
export const MOST_TILES = 64;

const TileNumber = z.int().min(1).max(0xffff);

export const TilesRequest = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('open'),
    /** Not used before on this connection. */
    tile: TileNumber,
    cameraId: DeviceId,
    /** The first of these that the camera has and a browser can play. */
    tracks: z.array(TrackName).min(1).max(3),
  }),
  z.strictObject({ type: z.literal('close'), tile: TileNumber }),
  z.strictObject({
    type: z.literal('ack'),
    /** Tile, and the number of the last message that was taken in. */
    upTo: z
      .array(z.tuple([TileNumber, z.int().min(1).max(0xffff_ffff)]))
      .min(1)
      .max(MOST_TILES * 2),
  }),
  z.strictObject({ type: z.literal('ping'), id: z.int().min(0).max(0xffff_ffff) }),
]);
export type TilesRequest = z.infer<typeof TilesRequest>;

export const TileEndReasons = [
  /** The right is missing or was taken away; `detail` is the decision's reason. */
  'no-right',
  'signed-out',
  /** The camera has none of the tracks asked for. */
  'no-stream',
  /** It has, but no browser plays their coding. */
  'codec-unsupported',
  'too-many',
  'failed',
] as const;
export const TileEndReason = z.enum(TileEndReasons);
export type TileEndReason = z.infer<typeof TileEndReason>;

export const TilesMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('opened'), tile: TileNumber, track: TrackName }),
  /** Nothing more comes for this tile. */
  z.object({ type: z.literal('ended'), tile: TileNumber, reason: TileEndReason, detail: z.string() }),
  /** The stream broke off for now, and why as far as known. */
  z.object({ type: z.literal('down'), tile: TileNumber, problem: StreamProblemCode.nullable() }),
  /** So many fragments were left out because the console did not keep up. */
  z.object({ type: z.literal('behind'), tile: TileNumber, dropped: z.int() }),
  /** `at` is the hub's clock, UTC ms. */
  z.object({ type: z.literal('pong'), id: z.int(), at: z.number() }),
]);
export type TilesMessage = z.infer<typeof TilesMessage>;

/** Close codes of the connection (RFC 6455 section 7.4.2). */
export const TILES_SIGNED_OUT = 4401;

export interface FragmentHeader {
  tile: number;
  number: number;
  keyframe: boolean;
  utcMs: number;
  mediaTimeS: number;
  durationUs: number;
  run: number;
}

export interface TileFormat {
  codec: string;
  width: number;
  height: number;
}

const FORMAT = 1;
const FRAGMENT = 2;
const KEYFRAME = 1;

/** The header that stands before a fragment's bytes. */
export function fragmentHeader(header: FragmentHeader): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TILE_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FRAGMENT);
  view.setUint8(1, header.keyframe ? KEYFRAME : 0);
  view.setUint16(2, header.tile);
  view.setUint32(4, header.number);
  view.setFloat64(8, header.utcMs);
  view.setFloat64(16, header.mediaTimeS);
  view.setUint32(24, header.durationUs);
  view.setUint32(28, header.run);
  return bytes;
}

/** All that stands before an init segment's bytes. */
export function formatHeader(tile: number, number: number, format: TileFormat): Uint8Array<ArrayBuffer> {
  const codec = new TextEncoder().encode(format.codec);
  const bytes = new Uint8Array(TILE_HEADER_BYTES + 1 + codec.length + 4);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, FORMAT);
  view.setUint16(2, tile);
  view.setUint32(4, number);
  view.setUint8(TILE_HEADER_BYTES, codec.length);
  bytes.set(codec, TILE_HEADER_BYTES + 1);
  view.setUint16(TILE_HEADER_BYTES + 1 + codec.length, format.width);
  view.setUint16(TILE_HEADER_BYTES + 3 + codec.length, format.height);
  return bytes;
}

export type TileBytes =
  | { kind: 'format'; tile: number; number: number; format: TileFormat; bytes: Uint8Array<ArrayBuffer> }
  | ({ kind: 'fragment'; bytes: Uint8Array<ArrayBuffer> } & FragmentHeader);

/** Reads a binary message; undefined when it is none of ours. The payload is a view, not a copy. */
export function readTileBytes(buffer: ArrayBuffer): TileBytes | undefined {
  if (buffer.byteLength < TILE_HEADER_BYTES) return undefined;
  const view = new DataView(buffer);
  const tile = view.getUint16(2);
  const number = view.getUint32(4);
  if (view.getUint8(0) === FRAGMENT)
    return {
      kind: 'fragment',
      tile,
      number,
      keyframe: (view.getUint8(1) & KEYFRAME) !== 0,
      utcMs: view.getFloat64(8),
      mediaTimeS: view.getFloat64(16),
      durationUs: view.getUint32(24),
      run: view.getUint32(28),
      bytes: new Uint8Array(buffer, TILE_HEADER_BYTES),
    };
  if (view.getUint8(0) !== FORMAT || buffer.byteLength < TILE_HEADER_BYTES + 5) return undefined;
  const length = view.getUint8(TILE_HEADER_BYTES);
  const after = TILE_HEADER_BYTES + 1 + length;
  if (buffer.byteLength < after + 4) return undefined;
  return {
    kind: 'format',
    tile,
    number,
    format: {
      codec: new TextDecoder().decode(new Uint8Array(buffer, TILE_HEADER_BYTES + 1, length)),
      width: view.getUint16(after),
      height: view.getUint16(after + 2),
    },
    bytes: new Uint8Array(buffer, after + 4),
  };
}
