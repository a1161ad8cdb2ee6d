/** Paths for a stream's `time` and `id` clauses: they are read from an event's data before there is an event. */

import type { Json, JsonObject } from "../core/event.ts";
import { assert } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import type { Diagnostic } from "../lang/diagnostic.ts";
import type { ObjectType } from "../lang/definition.ts";
import { diagnosticAt } from "../lang/report.ts";
import type { PlacedFinding } from "./checker.ts";
import { describeExpr, stating } from "./describe.ts";
import { compileSteps } from "./field.ts";
import { resolvePath, unwound } from "./path.ts";
import { mayBe } from "./static-type.ts";
import { createChecker } from "./typecheck.ts";
import type { Scope } from "./types.ts";

const NO_STAGES = new Map<string, number>();

/** `time` and `id` may be numbers or strings; what a `time` must be in full is decided event by event. */
export function typecheckPath(expr: Expr, schema: ObjectType | null): readonly Diagnostic[] {
  const findings: PlacedFinding[] = [];
  const checker = createChecker({ stages: NO_STAGES, schema }, "stream", findings);
  if (!isDataPath(expr)) {
    checker.report({
      code: "E320",
      span: expr.span,
      message: `${describeExpr(expr)} is not a path to a field`,
      hint: "such as `occurred_at` or `meta.id`",
    });
  } else {
    const type = checker.typeOf(expr);
    if (!mayBe(type, "number") && !mayBe(type, "string")) {
      checker.report({
        code: "E320",
        span: expr.span,
        message: `${stating(expr, type)}, and this clause needs a string or a number`,
      });
    }
  }
  return findings.map((finding) => diagnosticAt(finding.span, finding));
}

/** Null where the data has no such field. The expression must have passed `typecheckPath`. */
export function compilePath(expr: Expr): (data: JsonObject) => Json {
  assert(isDataPath(expr), "not a path: it was not checked");
  const scope: Scope = { stages: NO_STAGES, schema: null };
  return compileSteps(resolvePath(expr, scope).steps);
}

/** A path to a field; `event` alone is the whole of the data. */
function isDataPath(expr: Expr): boolean {
  const { base, links } = unwound(expr);
  return base.kind === "name" && (base.name !== "event" || links.length > 0);
}
