/**
 * `"${user}: ${count(failed)} failures"`: a text for people. A value that is missing leaves a gap, and does no harm
 * (S8.13).
 */

import type { Compiler, ExprOf } from "./compiler.ts";
import { asText, cutText } from "./text.ts";
import type { Compiled } from "./types.ts";

export function compileTemplate(expr: ExprOf<"template">, compiler: Compiler): Compiled {
  const parts = expr.parts.map((part): Compiled => (typeof part === "string" ? () => part : compiler.value(part)));
  return (context) => {
    let text = "";
    for (const part of parts) text += asText(part(context));
    return cutText(text);
  };
}
