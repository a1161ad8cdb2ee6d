/** State descriptors: the name, type and version of a piece of state, and how long it lives. Declared once, at the top. */

import { UserError } from "../../core/errors.ts";
import { checkCount } from "../checks.ts";
import { FIRST_VERSION, versionBy, type Migrate } from "./serializer.ts";
import { checkTtl, type StateTtl } from "./state-ttl.ts";
import {
  aggregatingKind,
  LIST,
  MAP,
  reducingKind,
  VALUE,
  type AggregatingState,
  type ListState,
  type MapState,
  type ReducingState,
  type StateKind,
  type ValueState,
} from "./state-kinds.ts";
import type { AggregateFunction, ReduceFunction } from "../functions/aggregate-function.ts";
import type { Codec } from "./codec.ts";

/** `T` is the type of an item: the value, one element of a list, one value of a map, an accumulator. */
export interface StateOptions<T> {
  readonly name: string;
  /** Of the items' shape in snapshots. Default: the codec's, or 1. */
  readonly version?: number;
  /** Brings an item of an earlier version, as the snapshot has it, to this one. Default: the codec's. */
  readonly migrate?: Migrate;
  readonly codec?: Codec<T>;
  readonly ttl?: StateTtl;
}

export interface StateDescriptor<S> {
  readonly name: string;
  readonly version: number;
  readonly migrate: Migrate | null;
  readonly codec: Codec<unknown> | null;
  readonly ttl: StateTtl | null;
  readonly kind: StateKind<S>;
}

export function valueState<T>(options: StateOptions<T>): StateDescriptor<ValueState<T>> {
  return descriptor(options, VALUE as StateKind<ValueState<T>>);
}

export function listState<T>(options: StateOptions<T>): StateDescriptor<ListState<T>> {
  return descriptor(options, LIST as StateKind<ListState<T>>);
}

export function mapState<K extends MapKey, V>(options: StateOptions<V>): StateDescriptor<MapState<K, V>> {
  return descriptor(options, MAP as StateKind<MapState<K, V>>);
}

export function reducingState<T>(
  options: StateOptions<T> & { readonly reduce: ReduceFunction<T> },
): StateDescriptor<ReducingState<T>> {
  return descriptor(options, reducingKind(options.reduce));
}

export function aggregatingState<In, Acc, Out>(
  options: StateOptions<Acc> & { readonly aggregate: AggregateFunction<In, Acc, Out> },
): StateDescriptor<AggregatingState<In, Out>> {
  const codec = options.codec ?? options.aggregate.codec;
  return descriptor({ ...options, ...(codec === undefined ? {} : { codec }) }, aggregatingKind(options.aggregate));
}

/** What a snapshot can tell apart. */
export type MapKey = string | number | boolean;

function descriptor<T, S>(options: StateOptions<T>, kind: StateKind<S>): StateDescriptor<S> {
  const { name, codec = null, ttl = null } = options;
  if (name === "") {
    throw new UserError({
      code: "bad-argument",
      message: `a ${kind.word} state has no name`,
      hint: "name it: snapshots find it by its name",
    });
  }
  if (name === "__proto__") {
    throw new UserError({
      code: "bad-argument",
      message: `a ${kind.word} state is named \`__proto__\`, which JSON objects take for something else`,
      hint: "any other name will do",
    });
  }
  const { version, migrate } = versionOf(options);
  checkCount({ what: `the version of state \`${name}\``, value: version });
  if (ttl !== null) checkTtl(ttl, name);
  return { name, version, migrate, codec: codec as Codec<unknown> | null, ttl, kind };
}

/** The state's own, or its codec's; not some of each. */
function versionOf<T>({
  name,
  codec,
  version,
  migrate,
}: StateOptions<T>): Pick<StateDescriptor<T>, "version" | "migrate"> {
  if (version === undefined && migrate === undefined) return versionBy(codec);
  if (codec?.version === undefined && codec?.migrate === undefined) {
    return { version: version ?? FIRST_VERSION, migrate: migrate ?? null };
  }
  throw new UserError({
    code: "bad-argument",
    message: `state \`${name}\` says of which version it is, and so does its codec`,
    hint: "let one of them say it",
  });
}
