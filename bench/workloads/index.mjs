/**
 * The workloads, by the name that the command line knows them by.
 *
 * A workload is `{ name, count, prefix, input, start, told, expected }`: `input(count)` makes the records, always the same;
 * `start(take)` makes a fresh `{ push(record), end() }` that hands each thing it finds to `take`, and `told(found)` says it as a
 * list; `expected(records)` says what must be found in them, by a computation that has nothing of Tripline in it. `count`
 * records are timed, and on the first `prefix` of them all that is found is compared one by one.
 */

import { anySequences } from "./any-sequence.mjs";
import { keyedSequences } from "./keyed-sequence.mjs";
import { loops } from "./kleene.mjs";
import { slidingAggregates } from "./sliding-windows.mjs";
import { timers } from "./timers.mjs";

export const WORKLOADS = { w1: keyedSequences, w2: anySequences, w3: loops, w8: slidingAggregates, timers };
