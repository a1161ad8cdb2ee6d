/** Compiles a call: an aggregate, `first` and `last`, `time`, or one of the functions. */

import { assert } from "../core/assert.ts";
import { parseTime } from "../core/time.ts";
import { compileAggregate } from "./aggregate.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { FUNCTIONS } from "./functions.ts";
import { resolvePath } from "./path.ts";
import { compileOccurrence, compileRead } from "./read.ts";
import type { Compiled } from "./types.ts";

export function compileCall(call: ExprOf<"call">, compiler: Compiler): Compiled {
  const { root } = resolvePath(call, compiler.scope);
  if (root.kind === "first" || root.kind === "last") return compileRead(call, compiler);
  if (call.name.text === "time") return compileTime(call, compiler);
  const aggregate = compileAggregate(call, compiler.scope);
  if (aggregate !== null) return aggregate;

  const definition = FUNCTIONS.get(call.name.text);
  assert(definition !== undefined, `no function ${call.name.text}: the expression was not checked`);
  return definition.compile(call.args.map(compiler.value));
}

/** Of an event, its event time; of a value, the time that it tells: epoch milliseconds or RFC 3339 text. */
function compileTime(call: ExprOf<"call">, compiler: Compiler): Compiled {
  const [argument] = call.args;
  assert(argument !== undefined, "time without an argument: the expression was not checked");
  const { root, steps } = resolvePath(argument, compiler.scope);
  if (root.kind === "value" || steps.length > 0) {
    const value = compiler.value(argument);
    return (context) => parseTime(value(context)) ?? null;
  }
  const occurrence = compileOccurrence(root);
  return (context) => occurrence(context)?.time ?? null;
}
