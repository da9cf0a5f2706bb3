import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { TypeCheck } from '@sinclair/typebox/compiler';
import { type Parsed, parseJson } from '../payloads.ts';

/** uCentral's own sample nests twelve levels; our payloads nest eight. */
export const DIALECT_LIMIT_LEVELS = 16;

/** Absent and null mean the same to the devices of these dialects. */
export const maybe = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** A number that need not be one: what is not a finite number counts as not told. */
export const told = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The same for what can never be below zero. */
export const amountOf = (value: unknown): number | undefined => {
  const number = told(value);
  return number !== undefined && number >= 0 && number <= 1e15 ? number : undefined;
};

export const percentOf = (value: unknown): number | undefined => {
  const number = told(value);
  return number !== undefined && number >= 0 && number <= 100 ? number : undefined;
};

/** Decibels as radios tell them; anything else is a driver's way to say that it does not know. */
export const decibels = (value: unknown): number | undefined => {
  const number = told(value);
  return number !== undefined && number >= -200 && number <= 100 ? number : undefined;
};

export function parseDialect<S extends TSchema>(
  check: TypeCheck<S>,
  payload: Uint8Array,
  limitBytes?: number,
): Parsed<Static<S>> {
  return parseJson(check, payload, {
    levels: DIALECT_LIMIT_LEVELS,
    ...(limitBytes ? { bytes: limitBytes } : {}),
  });
}
