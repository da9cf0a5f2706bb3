import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import type { DeviceKind } from '../contract/device.ts';
import {
  AccessPointState,
  AckPayload,
  CameraState,
  EventPayload,
  GATEWAY_LIMIT_LEVELS,
  GatewayReport,
  PAYLOAD_LIMIT_BYTES,
  PAYLOAD_LIMIT_LEVELS,
  StatusPayload,
  SwitchState,
} from '../contract/mqtt-payloads.ts';

/** Why something does not count; `detail` is what was expected, and says nothing of the content itself. */
export interface Refused {
  ok: false;
  reason: string;
  detail?: string;
}
export type Parsed<T> = { ok: true; value: T } | Refused;

const statusCheck = TypeCompiler.Compile(StatusPayload);
const eventCheck = TypeCompiler.Compile(EventPayload);
const ackCheck = TypeCompiler.Compile(AckPayload);
const accessPointCheck = TypeCompiler.Compile(AccessPointState);
const switchCheck = TypeCompiler.Compile(SwitchState);
const cameraCheck = TypeCompiler.Compile(CameraState);
const gatewayCheck = TypeCompiler.Compile(GatewayReport);

const utf8 = new TextDecoder('utf-8', { fatal: true });

export type DeviceState = (
  | { kind: 'ap'; report: AccessPointState }
  | { kind: 'switch'; report: SwitchState }
  | { kind: 'camera'; report: CameraState }
) & {
  /** The message it was read from, where it is one of the device's own: good until the message was taken. */
  source?: Uint8Array;
};

export const parseStatus = (payload: Uint8Array): Parsed<StatusPayload> => parse(statusCheck, payload);
export const parseEvent = (payload: Uint8Array): Parsed<EventPayload> => parse(eventCheck, payload);
export const parseAck = (payload: Uint8Array): Parsed<AckPayload> => parse(ackCheck, payload);
/** Its entries are looked at only as far as whose they are. */
export const parseGateway = (payload: Uint8Array): Parsed<GatewayReport> =>
  parseJson(gatewayCheck, payload, { levels: GATEWAY_LIMIT_LEVELS });

export function parseState(kind: DeviceKind, payload: Uint8Array): Parsed<DeviceState> {
  const parsed = stateOf(kind, (check) => parse(check, payload));
  if (parsed.ok) parsed.value.source = payload;
  return parsed;
}

/** The same for what an adapter of another dialect made: it counts only as far as the schema takes it. */
export const checkState = (kind: DeviceKind, value: unknown): Parsed<DeviceState> =>
  stateOf(kind, (check) => checked(check, value));

export const checkEvent = (value: unknown): Parsed<EventPayload> => checked(eventCheck, value);
export const checkStatus = (value: unknown): Parsed<StatusPayload> => checked(statusCheck, value);
export const checkAck = (value: unknown): Parsed<AckPayload> => checked(ackCheck, value);

function stateOf(
  kind: DeviceKind,
  take: <S extends TSchema>(check: TypeCheck<S>) => Parsed<Static<S>>,
): Parsed<DeviceState> {
  switch (kind) {
    case 'ap':
      return mapped(take(accessPointCheck), (report) => ({ kind, report }));
    case 'switch':
      return mapped(take(switchCheck), (report) => ({ kind, report }));
    case 'camera':
      return mapped(take(cameraCheck), (report) => ({ kind, report }));
  }
}

function mapped<A, B>(parsed: Parsed<A>, wrap: (value: A) => B): Parsed<B> {
  return parsed.ok ? { ok: true, value: wrap(parsed.value) } : parsed;
}

const parse = <S extends TSchema>(check: TypeCheck<S>, payload: Uint8Array): Parsed<Static<S>> =>
  parseJson(check, payload, {});

/** From bytes to what the schema promises. Size and depth are looked at before anything is built from the bytes. */
export function parseJson<S extends TSchema>(
  check: TypeCheck<S>,
  payload: Uint8Array,
  { bytes = PAYLOAD_LIMIT_BYTES, levels = PAYLOAD_LIMIT_LEVELS }: { bytes?: number; levels?: number },
): Parsed<Static<S>> {
  if (payload.length > bytes) return { ok: false, reason: 'too-large' };
  if (deeperThan(levels, payload)) return { ok: false, reason: 'too-deep' };
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(payload));
  } catch (error) {
    return { ok: false, reason: 'not-json', ...placeOf(error) };
  }
  return checked(check, value);
}

function checked<S extends TSchema>(check: TypeCheck<S>, value: unknown): Parsed<Static<S>> {
  if (check.Check(value)) return { ok: true, value };
  const first = check.Errors(value).First();
  const reason = `wrong-field ${(first?.path ?? '').slice(0, 80) || '/'}`;
  return first ? { ok: false, reason, detail: first.message.slice(0, 120) } : { ok: false, reason };
}

/** Where a text stops being JSON. Of the sentence of `JSON.parse` nothing more: it quotes what it read. */
function placeOf(error: unknown): { detail?: string } {
  if (!(error instanceof SyntaxError)) return { detail: 'no UTF-8' };
  const [, position] = /at position (\d+)/.exec(error.message) ?? [];
  return position === undefined ? {} : { detail: `at character ${position}` };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** `[` and `{`, `]` and `}` differ from each other in bit 5 alone. */
const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Counts brackets outside strings, before anything is built from the bytes. */
export function deeperThan(levels: number, json: Uint8Array): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if ((byte | 0x20) === OPEN) {
      depth += 1;
      if (depth > levels) return true;
    } else if ((byte | 0x20) === CLOSE) depth -= 1;
  }
  return false;
}
