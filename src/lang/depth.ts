/** How deep a tree goes: brackets are limited before parsing, but a chain of operators or a long path nests as well. */

import { limits } from "../core/limits.ts";
import type { Block, Expr } from "./ast.ts";
import type { Span } from "./span.ts";

interface Node {
  readonly kind: string;
  readonly span: Span;
}

/** The first node found beyond the limit. A loop, since this is what finds out whether recursion is safe. */
export function nodeTooDeep(root: Block | Expr): Node | null {
  const pending: { readonly value: object; readonly depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value } = next;
    const depth = isNode(value) ? next.depth + 1 : next.depth;
    if (depth > limits.expressionDepthMax && isNode(value)) return value;
    for (const child of Object.values(value) as unknown[]) {
      if (typeof child === "object" && child !== null) pending.push({ value: child, depth });
    }
  }
  return null;
}

function isNode(value: object): value is Node {
  return "kind" in value && "span" in value;
}
