/** Results of arithmetic as values: what is not finite is none (S8.3). */

/** What JSON can hold: division by zero and overflow are null, and zero has no sign. */
export function finite(result: number): number | null {
  return Number.isFinite(result) ? result + 0 : null;
}
