/** Windows of so many records: a global window with a trigger that counts (S11.10). */

import { UserError } from "../core/errors.ts";
import type { Json } from "../core/event.ts";
import { checkCount } from "./checks.ts";
import { countEvictor } from "./evictor.ts";
import { countTrigger, purgingTrigger } from "./trigger.ts";
import type { WindowAssigner } from "./window-assigner.ts";
import { globalWindows } from "./window-assigners.ts";
import type { WindowedStream } from "./windowed-stream.ts";

export interface CountWindowOptions {
  readonly size: number;
  /** A window every so many records, of the last `size`; without it, windows do not overlap. */
  readonly every: number | undefined;
}

/** UserError `bad-argument`. */
export function countWindows<T, K extends Json>(
  window: (assigner: WindowAssigner<unknown>) => WindowedStream<T, K>,
  { size, every }: CountWindowOptions,
): WindowedStream<T, K> {
  checkCount({ what: "the size of count windows", value: size });
  const windows = window(globalWindows());
  if (every === undefined) return windows.trigger(purgingTrigger(countTrigger(size)));
  checkSlide(every, size);
  return windows.trigger(countTrigger(every)).evictor(countEvictor(size));
}

function checkSlide(every: number, size: number): void {
  checkCount({ what: "the `every` of count windows", value: every });
  if (every <= size) return;
  throw new UserError({
    code: "bad-argument",
    message: `the \`every\` of count windows, ${every}, is greater than their size, ${size}`,
    hint: "records between two windows would be in none: make `every` at most the size",
  });
}
