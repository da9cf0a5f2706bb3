import { z } from 'zod';

export const SsidName = z.string().min(1).max(64);
/** How long the power is off, seconds. */
export const OffS = z.int().min(1).max(60);
export const TxPowerDbm = z.number().min(0).max(30);
/** As 802.11 numbers channels within their band. */
export const ChannelNumber = z.int().min(1).max(233);
export const WidthMHz = z.union([z.literal(20), z.literal(40), z.literal(80), z.literal(160)]);
