/** Records of two streams in one, each with word of where it came from. */

import type { Json } from "../../core/event.ts";
import type { Codec } from "../state/codec.ts";
import { FIRST_VERSION, serializerBy, versionToSnapshot, type Serializer } from "../state/serializer.ts";

export type Tagged<A, B> =
  { readonly stream: "first"; readonly value: A } | { readonly stream: "second"; readonly value: B };

/** For records that are no JSON. */
export interface CodecsOfTwo<A, B> {
  readonly first?: Codec<A>;
  readonly second?: Codec<B>;
}

export interface ValuesOfTwo<A, B> {
  readonly first: readonly A[];
  readonly second: readonly B[];
}

/** Each stream's, in their order. */
export function untagged<A, B>(values: readonly Tagged<A, B>[]): ValuesOfTwo<A, B> {
  return {
    first: values.flatMap((tagged) => (tagged.stream === "first" ? [tagged.value] : [])),
    second: values.flatMap((tagged) => (tagged.stream === "second" ? [tagged.value] : [])),
  };
}

/** Each record has the version of its own stream's codec. */
export function taggedCodec<A, B>({ first, second }: CodecsOfTwo<A, B>): Codec<Tagged<A, B>> {
  const [ofFirst, ofSecond] = [serializerBy(first), serializerBy(second)];
  const jsonOf = <T>({ stream, value }: { readonly stream: string; readonly value: T }, of: Serializer<T>): Json => {
    return { stream, value: of.toJson(value, `a record of the ${stream} stream`), ...versionToSnapshot(of) };
  };
  return {
    encode: (tagged) => (tagged.stream === "first" ? jsonOf(tagged, ofFirst) : jsonOf(tagged, ofSecond)),
    decode(json) {
      const { stream, value, version = FIRST_VERSION } = json as unknown as TaggedJson;
      const written = { version, what: `a record of the ${stream} stream` };
      if (stream === "first") return { stream, value: ofFirst.fromJson(value, written) };
      return { stream, value: ofSecond.fromJson(value, written) };
    },
  };
}

interface TaggedJson {
  readonly stream: "first" | "second";
  readonly value: Json;
  readonly version?: number;
}
