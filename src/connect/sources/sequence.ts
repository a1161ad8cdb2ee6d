/** A source that counts, and goes on counting where it was. */

import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import { checkCount } from "../../stream/checks.ts";
import type { Source } from "../../stream/index.ts";

export interface SequenceOptions {
  readonly from: number;
  /** The last number; without it, counting has no end. */
  readonly to?: number;
  /** Into so many stretches it is divided, which are read side by side. It needs an end. Default: 1. */
  readonly splits?: number;
}

/** Whole numbers, one after the other; the position is the next one. UserError `bad-argument`. */
export function sequence({ from, to = Infinity, splits = 1 }: SequenceOptions): Source<number, number> {
  checkCount({ what: "the `splits` of a sequence", value: splits });
  if (!Number.isSafeInteger(from) || (to !== Infinity && !Number.isSafeInteger(to))) throw notWhole({ from, to });
  if (to === Infinity && splits > 1) throw endless(splits);
  const stretches = stretchesOf({ from, to, splits });
  return {
    does: to === Infinity ? `sequence from ${from}` : `sequence from ${from} to ${to}`,
    boundedness: to === Infinity ? "unbounded" : "bounded",
    isReplayable: true,
    splits: () => [...stretches.keys()],
    async *read({ split, from: position }) {
      const { first, last } = stretches.get(split)!;
      for (let next = position ?? first; next <= last;) {
        const values: number[] = [];
        while (values.length < limits.sourceBatchRecordsMax && next <= last) values.push(next++);
        yield { values, position: next };
      }
    },
  };
}

/** As even as can be, one after the other. */
function stretchesOf({ from, to, splits }: Required<SequenceOptions>): Map<string, { first: number; last: number }> {
  const count = Math.max(0, to - from + 1);
  const edge = (split: number): number => (split === 0 ? from : from + Math.floor((count * split) / splits));
  return new Map(
    Array.from({ length: splits }, (_, i) => [
      String(i),
      { first: edge(i), last: i === splits - 1 ? to : edge(i + 1) - 1 },
    ]),
  );
}

function notWhole({ from, to }: { from: number; to: number }): UserError {
  return new UserError({
    code: "bad-argument",
    message: `the sequence is from ${from} to ${to}; expected whole numbers up to ${Number.MAX_SAFE_INTEGER}`,
  });
}

function endless(splits: number): UserError {
  return new UserError({
    code: "bad-argument",
    message: `a sequence without an end was to be divided into ${splits} splits; expected a \`to\`, or one split`,
  });
}
