/**
 * DDSketch: how values are spread, each known to 1 % of itself (C. Masson, J. E. Rim and H. K. Lee, DDSketch: a fast and
 * fully-mergeable quantile sketch with relative-error guarantees, 2019). Bins grow with the values, on both sides of zero;
 * where a side needs too many, those next to zero are one.
 */

import type { Json } from "../core/event.ts";
import { limits } from "../core/limits.ts";

/** Each value is at most so much of itself away from what its bin stands for. */
export const RELATIVE_ACCURACY = 0.01;
const LOG_GROWTH = Math.log((1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY));

export interface Sketch {
  readonly positive: Side;
  readonly negative: Side;
  zeros: number;
  /** Of all values: a bin may reach beyond them. */
  least: number;
  greatest: number;
}

/** The values of one sign: how many there are in each bin, by its index. */
interface Side {
  readonly bins: Map<number, number>;
  count: number;
  /** The least and the greatest index. */
  bottom: number;
  top: number;
}

export function createSketch(): Sketch {
  return { positive: createSide(), negative: createSide(), zeros: 0, least: Infinity, greatest: -Infinity };
}

function createSide(): Side {
  return { bins: new Map(), count: 0, bottom: Infinity, top: -Infinity };
}

export function addNumber(sketch: Sketch, value: number): void {
  if (value === 0) sketch.zeros++;
  else addBin(value > 0 ? sketch.positive : sketch.negative, binOf(Math.abs(value)), 1);
  sketch.least = Math.min(sketch.least, value);
  sketch.greatest = Math.max(sketch.greatest, value);
}

/** Into the first. */
export function mergeSketch(into: Sketch, from: Sketch): void {
  for (const [index, count] of from.positive.bins) addBin(into.positive, index, count);
  for (const [index, count] of from.negative.bins) addBin(into.negative, index, count);
  into.zeros += from.zeros;
  into.least = Math.min(into.least, from.least);
  into.greatest = Math.max(into.greatest, from.greatest);
}

export function countOf({ positive, negative, zeros }: Sketch): number {
  return positive.count + negative.count + zeros;
}

/** About the value of this rank, from 1 for the least; there must be so many. */
export function valueAt(sketch: Sketch, rank: number): number {
  if (rank === 1) return sketch.least;
  if (rank === countOf(sketch)) return sketch.greatest;
  const value = middleAt(sketch, rank);
  return Math.min(Math.max(value, sketch.least), sketch.greatest);
}

function middleAt({ positive, negative, zeros }: Sketch, rank: number): number {
  if (rank <= negative.count) return -middleOf(binAt(negative, negative.count - rank + 1));
  if (rank <= negative.count + zeros) return 0;
  return middleOf(binAt(positive, rank - negative.count - zeros));
}

// ---- bins ----------------------------------------------------------------------------------------------------------

/** The bin `i` holds what is in (growth^(i - 1), growth^i]. */
function binOf(magnitude: number): number {
  return Math.ceil(Math.log(magnitude) / LOG_GROWTH);
}

/** 1 % from either end. */
function middleOf(index: number): number {
  return Math.exp((index - 1) * LOG_GROWTH) * (1 + RELATIVE_ACCURACY);
}

function addBin(side: Side, index: number, count: number): void {
  side.top = Math.max(side.top, index);
  const lowest = side.top - limits.percentileBinsMax + 1;
  const bin = Math.max(index, lowest);
  side.bins.set(bin, (side.bins.get(bin) ?? 0) + count);
  side.count += count;
  if (side.bottom < lowest) collapse(side, lowest);
  side.bottom = Math.min(side.bottom, bin);
}

/** All bins below become part of `lowest`, which depends on the greatest value alone: so no order of merging matters. */
function collapse(side: Side, lowest: number): void {
  for (let index = side.bottom; index < lowest; index++) {
    const count = side.bins.get(index);
    if (count === undefined) continue;
    side.bins.delete(index);
    side.bins.set(lowest, (side.bins.get(lowest) ?? 0) + count);
  }
  side.bottom = lowest;
}

/** The index of the bin in which the value of this rank is, from 1 for the one next to zero. */
function binAt({ bins, top }: Side, rank: number): number {
  let left = rank;
  for (const index of [...bins.keys()].sort((a, b) => a - b)) {
    left -= bins.get(index)!;
    if (left <= 0) return index;
  }
  return top;
}

// ---- JSON ----------------------------------------------------------------------------------------------------------

export function encodeSketch({ positive, negative, zeros, least, greatest }: Sketch): Json {
  return { positive: [...positive.bins], negative: [...negative.bins], zeros, least, greatest };
}

export function decodeSketch(json: Json): Sketch {
  const { positive, negative, zeros, least, greatest } = json as unknown as {
    readonly positive: readonly (readonly [number, number])[];
    readonly negative: readonly (readonly [number, number])[];
    readonly zeros: number;
    readonly least: number;
    readonly greatest: number;
  };
  return { positive: decodeSide(positive), negative: decodeSide(negative), zeros, least, greatest };
}

function decodeSide(bins: readonly (readonly [index: number, count: number])[]): Side {
  const side = createSide();
  for (const [index, count] of bins) addBin(side, index, count);
  return side;
}
