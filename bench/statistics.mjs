/** What several runs come to. */

/** `{ min, median, max }` of at least one number. */
export function spread(values) {
  return { min: Math.min(...values), median: percentile(values, 0.5), max: Math.max(...values) };
}

/** The value that a share of all values does not exceed. */
export function percentile(values, share) {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)];
}
