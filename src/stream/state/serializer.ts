/**
 * How values go into snapshots, and come out again: as plain JSON, or by a codec. What another version of the job has written is
 * brought to this one's shape (S11.37).
 */

import { AssertionError } from "../../core/assert.ts";
import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import { checkCount } from "../checks.ts";
import type { Codec } from "./codec.ts";
import { jsonCopy } from "./json-copy.ts";

/** Of the shape that values have in snapshots. */
export const FIRST_VERSION = 1;

export interface Serializer<T> {
  readonly version: number;
  /** UserError `not-json`; `what` is named in it. */
  toJson(value: T, what: string): Json;
  /** UserError `state-version`; `state-unreadable` for what the codec or `migrate` fails on. */
  fromJson(json: Json, written: Written): T;
}

/** What a snapshot has. */
export interface Written {
  readonly version: number;
  /** For messages: `counts: the value state \`total\``. */
  readonly what: string;
}

/** Brings JSON of an earlier version to this one's shape. */
export type Migrate = (json: Json, version: number) => Json;

export interface SerializerOptions<T> {
  readonly codec: Codec<T> | null;
  readonly version: number;
  readonly migrate: Migrate | null;
}

export function serializerOf<T>({ codec, version, migrate }: SerializerOptions<T>): Serializer<T> {
  return {
    version,
    toJson(value, what) {
      if (codec === null) return jsonCopy(value, what);
      const json = codec.encode(value);
      return codec.isImmutable === true ? json : jsonCopy(json, what);
    },
    fromJson(json, written) {
      requireReadable(written, { version, migrate });
      const { what } = written;
      const current =
        written.version === version
          ? json
          : read(() => migrate!(json, written.version), {
              failure: `${what} cannot be brought from version ${written.version} to ${version}`,
            });
      if (codec === null) return jsonCopy(current, what) as T;
      return read(() => codec.decode(current), { failure: `${what} cannot be read` });
    },
  };
}

/** By the codec's own version, as where nothing else has one. */
export function serializerBy<T>(codec: Codec<T> | undefined): Serializer<T> {
  return serializerOf({ codec: codec ?? null, ...versionBy(codec) });
}

type Versioned = Pick<SerializerOptions<never>, "version" | "migrate">;

export function versionBy(codec: Pick<Codec<never>, "version" | "migrate"> | undefined): Versioned {
  if (codec === undefined) return { version: FIRST_VERSION, migrate: null };
  const { version = FIRST_VERSION } = codec;
  checkCount({ what: "the version of a codec", value: version });
  return { version, migrate: codec.migrate === undefined ? null : codec.migrate.bind(codec) };
}

/** Of lists of what the codec is of. */
export function listCodec<T>(codec: Codec<T>): Codec<T[]> {
  const { version, migrate } = versionBy(codec);
  return {
    version,
    ...(migrate === null ? {} : { migrate: (json, found) => itemsOf(json).map((item) => migrate(item, found)) }),
    encode: (values) => values.map((value) => codec.encode(value)),
    decode: (json) => itemsOf(json).map((item) => codec.decode(item)),
  };
}

function itemsOf(json: Json): readonly Json[] {
  return json as readonly Json[];
}

/** For values that are JSON anyway, whose shape has changed. */
export function jsonCodec<T>({ version, migrate }: { readonly version: number; readonly migrate?: Migrate }): Codec<T> {
  return {
    version,
    ...(migrate === undefined ? {} : { migrate }),
    encode: (value) => value as Json,
    decode: (json) => jsonCopy(json, "a snapshot") as T,
  };
}

/** How snapshots tell of it; nothing is the first. */
export function versionToSnapshot({ version }: { readonly version: number }): { readonly version?: number } {
  return version === FIRST_VERSION ? {} : { version };
}

/** UserError `state-version` for what a newer job has written, or an older one that nothing is known of. */
export function requireReadable({ version: found, what }: Written, { version, migrate }: Versioned): void {
  if (found === version || (found < version && migrate !== null)) return;
  throw new UserError({
    code: "state-version",
    message: `${what} has version ${found} in the snapshot, and the job has ${version}`,
    hint:
      found > version
        ? "a newer job has written the snapshot: go on with that one"
        : "give it a `migrate`, or go back to the job that wrote the snapshot",
  });
}

function read<R>(of: () => R, { failure }: { readonly failure: string }): R {
  try {
    return of();
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    throw new UserError({
      code: "state-unreadable",
      message: `${failure}: ${error instanceof Error ? error.message : String(error)}`,
      hint: "the codec, or its `migrate`, has failed on what the snapshot holds",
    });
  }
}
