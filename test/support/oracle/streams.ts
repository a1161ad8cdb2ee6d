/** Small worlds: every stream of up to so many events over a few letters. */

import type { OracleEvent } from "./pattern.ts";

export interface LetterEvent extends OracleEvent {
  readonly type: string;
}

/**
 * Every stream of none to `maxLength` events, each a letter in the field `type`, one millisecond apart. Shorter ones
 * come first. What a stream yields begins with what its beginnings yield, so the longest ones alone cover all.
 */
export function exhaustiveStreams(letters: readonly string[], maxLength: number): LetterEvent[][] {
  const byLength: LetterEvent[][][] = [[[]]];
  for (let length = 1; length <= maxLength; length++) {
    byLength.push(byLength[length - 1]!.flatMap((stream) => letters.map((type) => [...stream, { ts: length, type }])));
  }
  return byLength.flat();
}
