/** What the text of a CSV field becomes. One's own type is a function, which throws for a text that is none. */

import { parseTime } from "../../core/time.ts";

export type CsvType<V> = (text: string) => V;

export const csvText: CsvType<string> = (text) => text;

/** Decimal, with an exponent or without. */
export const csvNumber: CsvType<number> = (text) => {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text.trim())) throw notA("number", text);
  return Number(text);
};

export const csvBoolean: CsvType<boolean> = (text) => {
  if (text === "true") return true;
  if (text === "false") return false;
  throw notA("`true` or `false`", text);
};

/** Epoch milliseconds, out of RFC 3339 or of whole epoch milliseconds. */
export const csvTime: CsvType<number> = (text) => {
  const time = parseTime(/^-?\d+$/.test(text) ? Number(text) : text);
  if (time === undefined) throw notA("time as RFC 3339 or in epoch milliseconds", text);
  return time;
};

/** An empty field is null. */
export function csvOptional<V>(type: CsvType<V>): CsvType<V | null> {
  return (text) => (text === "" ? null : type(text));
}

function notA(what: string, text: string): Error {
  return new Error(`found ${JSON.stringify(text)}; expected a ${what}`);
}
