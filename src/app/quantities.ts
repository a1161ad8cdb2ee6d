/** Durations and sizes as people write them in settings: `90s`, `30d`, `500MB`, `20GiB`. */

import { DURATION_UNIT_MS } from "../core/duration.ts";

/** Milliseconds; null for what is no duration. */
export function parseDuration(text: string): number | null {
  const parts = [...text.matchAll(/(\d{1,9})(ms|[dhms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) return null;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * DURATION_UNIT_MS[unit!]!, 0);
}

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** Bytes; null for what is no size. */
export function parseSize(text: string): number | null {
  const [, count, unit] = /^(\d{1,12}) ?([KMGT]i?B|B)$/i.exec(text) ?? [];
  const size = unit === undefined ? undefined : BYTES[unit.toUpperCase()];
  return size === undefined ? null : Number(count) * size;
}
