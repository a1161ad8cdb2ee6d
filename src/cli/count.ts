/** `1 rule`, `2 rules`; `plural` where it is not just an s. */

export function count(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
