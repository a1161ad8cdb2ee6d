/** Durations as people write them: `1h30m`. */

export const DAY_MS = 86_400_000;

export const DURATION_UNIT_MS: Readonly<Record<string, number>> = {
  d: DAY_MS,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

/** The shortest text of so many whole milliseconds: `90000` is `1m30s`. */
export function durationText(ms: number): string {
  let text = ms < 0 ? "-" : "";
  let left = Math.abs(ms);
  for (const [unit, size] of Object.entries(DURATION_UNIT_MS)) {
    const count = Math.floor(left / size);
    if (count > 0) text += `${count}${unit}`;
    left -= count * size;
  }
  return ms === 0 ? "0s" : text;
}
