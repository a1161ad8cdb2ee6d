/** Records of two streams in one, each with word of where it came from. */

import type { Json } from "../core/event.ts";
import type { Codec } from "./functions.ts";

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

export function taggedCodec<A, B>({ first, second }: CodecsOfTwo<A, B>): Codec<Tagged<A, B>> {
  const [ofFirst, ofSecond] = [first ?? asItIs<A>(), second ?? asItIs<B>()];
  return {
    encode(tagged) {
      const value = tagged.stream === "first" ? ofFirst.encode(tagged.value) : ofSecond.encode(tagged.value);
      return { stream: tagged.stream, value };
    },
    decode(json) {
      const { stream, value } = json as { readonly stream: "first" | "second"; readonly value: Json };
      return stream === "first" ? { stream, value: ofFirst.decode(value) } : { stream, value: ofSecond.decode(value) };
    },
  };
}

/** Of what is JSON. */
function asItIs<T>(): Codec<T> {
  return { encode: (value) => value as Json, decode: (json) => json as T };
}
