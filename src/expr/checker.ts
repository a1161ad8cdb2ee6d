/**
 * The type checker as the parts of an expression see it: what names mean, where the expression stands, and whom to
 * tell.
 */

import type { Expr } from "../lang/ast.ts";
import type { Finding } from "../lang/report.ts";
import type { Span } from "../lang/span.ts";
import type { ExpressionCode } from "./diagnostic-codes.ts";
import type { Scope, StaticType } from "./types.ts";

/** The clause that the expression stands in. `stream`: a clause of a `stream` block; `aggregate`: the argument of a window's. */
export type Position = "from" | "key" | "where" | "emit" | "suppress" | "stream" | "having" | "aggregate";

/** What is wrong, and where. */
export interface PlacedFinding extends Finding<ExpressionCode> {
  readonly span: Span;
}

export interface Checker {
  readonly scope: Scope;
  readonly position: Position;
  readonly report: (finding: PlacedFinding) => void;
  /** Checks an expression, once; what has been reported is `any` from there on, so that one mistake is told once. */
  readonly typeOf: (expr: Expr) => StaticType;
  /** For a part that stands elsewhere; it tells the same, or puts what it finds into a list of its own. */
  readonly elsewhere: (scope: Scope, position: Position, findings?: PlacedFinding[]) => Checker;
  /** As `typeOf`, and reports what can never be true. `needs` opens the message: "`where` needs". */
  readonly condition: (expr: Expr, needs: string) => void;
}

/** Before anything is matched, there is no stage to look at. */
export function mayReadStages(position: Position): boolean {
  switch (position) {
    case "where":
    case "emit":
    case "suppress":
    case "having":
      return true;
    case "from":
    case "key":
    case "stream":
    case "aggregate":
      return false;
  }
}
