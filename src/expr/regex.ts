/** Regular expressions in RE2's syntax, which match in time linear in the text: no event can stall a rule (S8.6). */

import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";

import { limits } from "../core/limits.ts";

export type Regex =
  | { readonly ok: true; readonly test: (text: string) => boolean }
  /** `fragment`: the part of the pattern that is wrong, where RE2 says which. */
  | { readonly ok: false; readonly reason: string; readonly fragment: string | null };

/** The regex holds when it is found anywhere in the text; `^` and `$` anchor it. */
export function compileRegex(pattern: string, ignoreCase: boolean): Regex {
  if (pattern.length > limits.patternCharsMax) {
    return { ok: false, reason: `longer than ${limits.patternCharsMax} characters`, fragment: null };
  }
  try {
    const regex = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    return { ok: true, test: (text) => regex.test(text) };
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) {
      return { ok: false, reason: error.getDescription(), fragment: asWritten(error.getPattern(), ignoreCase) };
    }
    if (error instanceof RE2JSException) return { ok: false, reason: error.message, fragment: null };
    throw error;
  }
}

/** RE2JS writes its flags into the pattern, and quotes it with them. */
function asWritten(fragment: string | null, ignoreCase: boolean): string | null {
  const flags = "(?i)";
  return ignoreCase && fragment?.startsWith(flags) ? fragment.slice(flags.length) : fragment;
}
