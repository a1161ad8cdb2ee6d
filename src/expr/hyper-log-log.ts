/**
 * HyperLogLog: about how many different texts there were, in 16 KiB whatever their number, with a standard error of
 * 0.81 % (P. Flajolet, É. Fusy, O. Gandouet and F. Meunier, HyperLogLog: the analysis of a near-optimal cardinality
 * estimation algorithm, 2007). The estimate is O. Ertl's (New cardinality estimation algorithms for HyperLogLog sketches,
 * 2017), which needs no tables and no special case for few or many.
 */

/** 2^14 registers: 1.04 / √16384. */
const INDEX_BITS = 14;
const REGISTERS = 2 ** INDEX_BITS;
/** The rest of a hash of 64: enough to tell more values apart than there will ever be. */
const RANK_BITS = 64 - INDEX_BITS;
const LOW_BITS = 2 ** (RANK_BITS - 32) - 1;

/** Each register has seen so many leading zeros, and one more. */
export type Registers = Uint8Array;

export function createRegisters(): Registers {
  return new Uint8Array(REGISTERS);
}

export function addText(registers: Registers, text: string): void {
  const [first, second] = [hash32(text, 0x2545f491), hash32(text, 0x9e3779b9)];
  const rank = rankOf(second, first & LOW_BITS);
  const index = first >>> (32 - INDEX_BITS);
  if (rank > registers[index]!) registers[index] = rank;
}

/** Leading zeros of 50 bits, and one more: the upper 32 of them, and the lower 18. */
function rankOf(upper: number, lower: number): number {
  if (upper !== 0) return Math.clz32(upper) + 1;
  return 32 + (Math.clz32(lower) - INDEX_BITS) + 1;
}

/** MurmurHash3 for 32 bits (A. Appleby), over UTF-16 code units. Snapshots rest on it: it never changes. */
function hash32(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i += 2) {
    // Behind an odd end comes NaN, which is 0 to a shift; the length tells it from a text that ends so.
    const block = Math.imul(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16), 0xcc9e2d51);
    hash ^= Math.imul((block << 15) | (block >>> 17), 0x1b873593);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash ^= text.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Into the first. */
export function mergeRegisters(into: Registers, from: Registers): void {
  for (let i = 0; i < REGISTERS; i++) if (from[i]! > into[i]!) into[i] = from[i]!;
}

export function estimate(registers: Registers): number {
  const counts = new Float64Array(RANK_BITS + 2);
  for (const rank of registers) counts[rank]!++;
  let z = REGISTERS * tau(1 - counts[RANK_BITS + 1]! / REGISTERS);
  for (let rank = RANK_BITS; rank >= 1; rank--) z = (z + counts[rank]!) / 2;
  z += REGISTERS * sigma(counts[0]! / REGISTERS);
  return Math.round(REGISTERS ** 2 / (2 * Math.LN2 * z));
}

/** Ertl's corrections for registers that are empty, and for such as are full: series that end when they change nothing. */
function sigma(share: number): number {
  if (share === 1) return Infinity;
  let x = share;
  let y = 1;
  let z = x;
  for (let before = Number.NaN; z !== before;) {
    before = z;
    x *= x;
    z += x * y;
    y += y;
  }
  return z;
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let y = 1;
  let z = 1 - x;
  for (let before = Number.NaN; z !== before;) {
    before = z;
    x = Math.sqrt(x);
    y /= 2;
    z -= (1 - x) ** 2 * y;
  }
  return z / 3;
}
