/**
 * The workloads of the engine, by the name that the command line knows them by.
 *
 * A workload is `{ name, rule, count, prefix, events, matches }`: `events(count)` makes the input, always the same, each event
 * later than the one before; `matches(events)` says what must be found in it, as lists of indices, by a computation that has
 * nothing of the engine in it; `count` events are timed, and on the first `prefix` of them the matches are compared one by one.
 */

import { anySequences } from "./any-sequence.mjs";
import { keyedSequences } from "./keyed-sequence.mjs";
import { loops } from "./kleene.mjs";

export const WORKLOADS = { w1: keyedSequences, w2: anySequences, w3: loops };
