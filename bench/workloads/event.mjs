/** The events that all workloads of the engine are made of: one a millisecond, of some type. */

const START = Date.UTC(2026, 0, 1);

/** The stream block for them. */
export const STREAM = "stream events { time at }";

export function event(index, { key, type, amount }) {
  return { at: START + index, key, type, amount, country: "FR" };
}

/** The index of the event that happened at an alert's time. */
export function indexAt(time) {
  return Date.parse(time) - START;
}
