/** The compiler as the parts of an expression see it: how to compile what they are made of. */

import type { Expr } from "../lang/ast.ts";
import type { Compiled, Scope } from "./types.ts";

export interface Compiler {
  readonly scope: Scope;
  readonly value: (expr: Expr) => Compiled;
  /** Anything but true is false. */
  readonly condition: (expr: Expr) => Compiled<boolean>;
}

export type ExprOf<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;
