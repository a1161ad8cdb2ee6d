/** Functions of any value: `coalesce`, `if`, `exists`, `type`, `hash`, and the distance between two places (S8.9). */

import { createHash } from "node:crypto";

import { canonicalJson } from "../core/canonical-json.ts";
import { strict } from "./function.ts";
import type { FunctionDefinition } from "./function.ts";
import type { Value } from "./types.ts";
import { kindOf } from "./value-kind.ts";

/** Mean radius of the earth as the IUGG gives it. */
const EARTH_RADIUS_KM = 6371.0088;
const RADIANS_PER_DEGREE = Math.PI / 180;

/** 52 bits: what a number holds exactly. */
const HASH_HEX_DIGITS = 13;

export const VALUE_FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  /** The first that is not null. */
  coalesce: {
    parameters: [{ name: "value", type: "any", repeated: true }],
    result: "branches",
    compile: (values) => (context) => {
      for (const value of values) {
        const found = value(context);
        if (found !== null) return found;
      }
      return null;
    },
  },

  /** Only the branch that is taken is looked at. */
  if: {
    parameters: [
      { name: "condition", type: "boolean" },
      { name: "then", type: "any" },
      { name: "otherwise", type: "any" },
    ],
    result: "branches",
    compile:
      ([condition, then, otherwise]) =>
      (context) => {
        return condition!(context) === true ? then!(context) : otherwise!(context);
      },
  },

  exists: {
    parameters: [{ name: "value", type: "any" }],
    result: "boolean",
    compile:
      ([value]) =>
      (context) =>
        value!(context) !== null,
  },

  type: {
    parameters: [{ name: "value", type: "any" }],
    result: "string",
    compile:
      ([value]) =>
      (context) =>
        kindOf(value!(context)),
  },

  hash: strict([{ name: "value", type: "any" }], "number", hash),

  distance_km: strict(
    [
      { name: "lat1", type: "number" },
      { name: "lon1", type: "number" },
      { name: "lat2", type: "number" },
      { name: "lon2", type: "number" },
    ],
    "number",
    (lat1, lon1, lat2, lon2) => distanceKm({ lat: lat1, lon: lon1 }, { lat: lat2, lon: lon2 }),
  ),
};

/**
 * The first 13 hexadecimal digits of the SHA-256 of the value's canonical JSON, as a whole number: the same on every
 * machine and in every version, `hash(user) % 100 < 5` is a stable sample.
 */
export function hash(value: Value): number {
  const digest = createHash("sha256").update(canonicalJson(value)).digest("hex");
  return Number.parseInt(digest.slice(0, HASH_HEX_DIGITS), 16);
}

interface Place {
  readonly lat: number;
  readonly lon: number;
}

/** Along the great circle, on a sphere (haversine): off by up to half a percent. Null where there is no such place. */
function distanceKm(a: Place, b: Place): number | null {
  if (!isPlace(a) || !isPlace(b)) return null;
  const byLat = haversine((b.lat - a.lat) * RADIANS_PER_DEGREE);
  const byLon = haversine((b.lon - a.lon) * RADIANS_PER_DEGREE);
  const h = byLat + Math.cos(a.lat * RADIANS_PER_DEGREE) * Math.cos(b.lat * RADIANS_PER_DEGREE) * byLon;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function haversine(angle: number): number {
  return Math.sin(angle / 2) ** 2;
}

function isPlace({ lat, lon }: Place): boolean {
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
}
