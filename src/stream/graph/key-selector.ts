/** Which key a record belongs to. */

import type { Json } from "../../core/event.ts";

/** The type of a method, which the compiler lets vary: so a stream of strings can go where one of anything is asked for. */
export type KeySelector<T, K extends Json = Json> = { of(value: T): K }["of"];

/** Of two streams: equal keys are one, whichever they come from. */
export interface KeysOfTwo<K extends Json, A, B> {
  readonly first: KeySelector<A, K>;
  readonly second: KeySelector<B, K>;
}
