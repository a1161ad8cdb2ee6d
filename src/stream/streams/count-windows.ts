/** Windows of so many records: a global window with a trigger that counts (S11.10). */

import { UserError } from "../../core/errors.ts";
import { checkCount } from "../checks.ts";
import { countEvictor, type Evictor } from "../windows/evictor.ts";
import { countTrigger, purgingTrigger, type Trigger } from "../windows/trigger.ts";
import type { WindowAssigner } from "../windows/window-assigner.ts";
import { globalWindows } from "../windows/window-assigners.ts";

export interface CountWindows {
  readonly assigner: WindowAssigner<unknown>;
  readonly trigger: Trigger<unknown>;
  readonly evictor?: Evictor<never>;
}

export interface CountWindowOptions {
  readonly size: number;
  /** A window every so many records, of the last `size`; without it, windows do not overlap. */
  readonly every: number | undefined;
}

/** UserError `bad-argument`. */
export function countWindows({ size, every }: CountWindowOptions): CountWindows {
  checkCount({ what: "the size of count windows", value: size });
  const assigner = globalWindows();
  if (every === undefined) return { assigner, trigger: purgingTrigger(countTrigger(size)) };
  checkSlide(every, size);
  return { assigner, trigger: countTrigger(every), evictor: countEvictor(size) };
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
