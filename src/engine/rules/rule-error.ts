/** A rule text that was refused, with what is wrong with it. */

import { UserError } from "../../core/errors.ts";
import type { Diagnostic } from "../../lang/diagnostic.ts";

export class RuleError extends UserError {
  override readonly name = "RuleError";
  /** Errors and warnings, in the text's order. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const first = errors[0];
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    super({
      code: "rule-refused",
      message:
        first === undefined
          ? "the rules were refused"
          : `line ${first.line}, column ${first.column}: ${first.message}${more}`,
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    });
    this.diagnostics = diagnostics;
  }
}
