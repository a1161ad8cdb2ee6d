/**
 * `in` and `not in`: over an array, the networks of `cidr("...")` or a named list. `x in [a, b]` is `x == a or x == b`
 * and `x not in [a, b]` is `x != a and x != b`, so with null on a side both are false. Nulls in an array are passed
 * over (S8.5).
 */

import { assert } from "../core/assert.ts";
import type { Expr } from "../lang/ast.ts";
import { networkHas, parseAddress, parseNetwork } from "./cidr.ts";
import type { Network } from "./cidr.ts";
import type { Compiler, ExprOf } from "./compiler.ts";
import { equal } from "./equality.ts";
import { literalValue } from "./literal.ts";
import type { Literal } from "./literal.ts";
import type { Compiled, EvalContext, Value } from "./types.ts";
import { kindOf } from "./value-kind.ts";

export function compileMembership(expr: ExprOf<"in">, compiler: Compiler): Compiled<boolean> {
  const { set, negated } = expr;
  const value = compiler.value(expr.value);
  const list = namedList(set);
  if (list !== null) return compileNamedList(value, list, negated);
  if (isNetworkSet(set)) return compileNetworks(value, networksOf(set), negated);
  const constants = constantsOf(set);
  if (constants !== null) return compileConstants(value, constants, negated);
  return compileArrayHas(value, compiler.value(set), negated);
}

/** The name in `in list("name")`: `list` of one string literal. `list(a.f)` is an aggregate, and gives an array. */
export function namedList(set: Expr): string | null {
  if (set.kind !== "call" || set.name.text !== "list" || set.args.length !== 1) return null;
  const [argument] = set.args;
  return argument!.kind === "literal" && typeof argument!.value === "string" ? argument!.value : null;
}

export function isNetworkSet(set: Expr): set is ExprOf<"call"> {
  return set.kind === "call" && set.name.text === "cidr";
}

/** The items of an array of literals. */
function constantsOf(set: Expr): readonly Literal[] | null {
  if (set.kind !== "array") return null;
  const constants = set.items.map(literalValue);
  return constants.includes(undefined) ? null : (constants as readonly Literal[]);
}

function compileConstants(value: Compiled, constants: readonly Literal[], negated: boolean): Compiled<boolean> {
  const members = new Set<Value>(constants);
  const types = new Set<string>(constants.filter((constant) => constant !== null).map((constant) => typeof constant));
  return (context) => {
    const found = value(context);
    if (found === null) return false;
    if (members.has(found)) return !negated;
    if (types.size > 0 && !types.has(typeof found)) context.faults++;
    return negated;
  };
}

function compileArrayHas(value: Compiled, array: Compiled, negated: boolean): Compiled<boolean> {
  return (context) => {
    const found = value(context);
    const items = array(context);
    if (found === null || items === null) return false;
    if (!Array.isArray(items)) {
      context.faults++;
      return false;
    }
    return hasItem(context, items, found) !== negated;
  };
}

function hasItem(context: EvalContext, items: readonly Value[], value: NonNullable<Value>): boolean {
  const kind = kindOf(value);
  let strangers = false;
  let comparable = false;
  for (const item of items) {
    if (item === null) continue;
    if (kindOf(item) !== kind) strangers = true;
    else if (equal(item, value)) return true;
    else comparable = true;
  }
  if (strangers && !comparable) context.faults++;
  return false;
}

function compileNamedList(value: Compiled, list: string, negated: boolean): Compiled<boolean> {
  return (context) => {
    const found = value(context);
    return found !== null && context.lists.has(list, found) !== negated;
  };
}

function networksOf(set: ExprOf<"call">): readonly Network[] {
  return set.args.map((argument) => {
    const network = argument.kind === "literal" && typeof argument.value === "string" && parseNetwork(argument.value);
    assert(network, "cidr was not checked");
    return network;
  });
}

/** What is no address is of a wrong type: in no network, not outside of one either, and counted. */
function compileNetworks(value: Compiled, networks: readonly Network[], negated: boolean): Compiled<boolean> {
  return (context) => {
    const found = value(context);
    if (found === null) return false;
    const address = typeof found === "string" ? parseAddress(found) : null;
    if (address === null) {
      context.faults++;
      return false;
    }
    return networks.some((network) => networkHas(network, address)) !== negated;
  };
}
