/** What all windows are run by, whatever they keep. */

import { UserError } from "../../core/errors.ts";
import type { Json } from "../../core/event.ts";
import type { KeySelector } from "../graph/key-selector.ts";
import { FIRST_VERSION, type Written } from "../state/serializer.ts";
import type { OperatorSnapshot } from "../task/snapshot.ts";
import type { ProcessWindowFunction } from "./window-function.ts";

export interface Windowing<T, K extends Json, E, Out> {
  readonly key: KeySelector<T, K>;
  readonly function: ProcessWindowFunction<K, E, Out>;
  readonly allowedLatenessMs: number;
  /** The side output for late records; null: they are counted and dropped. */
  readonly lateTag: string | null;
}

/** For a snapshot of windows that keep what they have in another way: their records cannot be told apart any more. */
export function foreignWindows({ operator, held }: { operator: string; held: string }): UserError {
  return new UserError({
    code: "foreign-windows",
    message: `${operator}: the snapshot is of other windows: it holds ${held}`,
    hint: "give the new windows a name of their own, or go back to those that the snapshot was taken of",
  });
}

/** What windows hold, as a snapshot has it. */
export function writtenContents(operator: string, { version = FIRST_VERSION }: OperatorSnapshot = {}): Written {
  return { version, what: `${operator}: what its windows hold` };
}
