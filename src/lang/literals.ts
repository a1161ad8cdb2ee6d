/** Literals: from the text of a string or a duration to its value, and what can be wrong with it. */

import { DURATION_UNIT_MS } from "../core/duration.ts";
import { limits } from "../core/limits.ts";

const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** What stands between the quotes of a string, or in a piece of a template: its escapes become characters. */
export function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, character: string) =>
    code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPED[character] ?? character),
  );
}

/** The value of `"..."` or `'...'`, with or without an `i` at its end. */
export function textValue(text: string): string {
  return unescape(text.slice(1, text.endsWith("i") ? -2 : -1));
}

const ESCAPE = /\\(?:u[0-9a-fA-F]{4}|\$\{|[^])?/g;
const JSON_ESCAPE = /^\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])$/;
const RAW_ESCAPE = /^\\[\\']$/;

/** The first escape in a string (`raw` for `'...'`) or a template's piece that means nothing, and where it begins; null when all are good. */
export function badEscape(
  text: string,
  { interpolates, raw }: { readonly interpolates: boolean; readonly raw: boolean },
): { readonly escape: string; readonly index: number } | null {
  if (!text.includes("\\")) return null;
  const allowed = raw ? RAW_ESCAPE : JSON_ESCAPE;
  for (const { 0: escape, index } of text.matchAll(ESCAPE)) {
    if (allowed.test(escape)) continue;
    if (escape === "\\${") {
      if (interpolates && !raw) continue;
      return { escape: "\\$", index };
    }
    return { escape, index };
  }
  return null;
}

/** Milliseconds of `1h30m`. */
export function durationMs(text: string): number {
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([0-9]+)(ms|[smhd])/g)) ms += Number(count) * DURATION_UNIT_MS[unit!]!;
  return ms;
}

export function isDurationInRange(text: string): boolean {
  return durationMs(text) <= limits.durationMsMax;
}
