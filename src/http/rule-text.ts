/** Rule texts: as they come in, and what is said of one that is refused. */

import { decodeUtf8 } from "../core/json.ts";
import { limits } from "../core/limits.ts";
import { RuleError } from "../engine/rules/rule-error.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import { renderDiagnostic } from "../lang/render.ts";
import { emptyBody, readBody } from "./body.ts";
import type { Context } from "./context.ts";
import { mediaType, unsupportedMediaType } from "./media-type.ts";
import { RequestError } from "./problem.ts";

/** The text of a rule file. A body without a type, or of one that says nothing, is taken for text. */
export async function readSource(c: Context): Promise<string> {
  const type = mediaType(c);
  if (type !== null && !type.startsWith("text/") && type !== "application/octet-stream") {
    throw unsupportedMediaType(type, ["text/plain"]);
  }
  const body = await readBody(c.env.incoming, { bytesMax: limits.ruleFileBytesMax, what: "rule file" });
  if (body.length === 0) throw emptyBody("the text of a rule file");
  return decodeUtf8(body);
}

/** Throws; a refused text says what is wrong with it, for programs and for people. */
export function refuse(error: unknown, source: string): never {
  if (!(error instanceof RuleError)) throw error;
  const { diagnostics } = error;
  throw new RequestError(error, { members: { diagnostics, rendered: render(diagnostics, source) } });
}

export function render(diagnostics: readonly Diagnostic[], source: string): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, { source, fileName: "rules" })).join("\n");
}
