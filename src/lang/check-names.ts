/** The names that leave the rule text: they are keys in the database and parts of addresses, so they have a length. */

import { limits } from "../core/limits.ts";
import type { Block, Name } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";

export function* checkNames(block: Block): Iterable<Diagnostic> {
  for (const { text, span } of namesOf(block)) {
    if (text.length <= limits.nameCharsMax) continue;
    yield report(span, {
      code: "E005",
      message: `this name has ${text.length} characters, and a name has at most ${limits.nameCharsMax}`,
      hint: "shorten it; `description` has room for more",
    });
  }
}

function namesOf({ name, ...block }: Block): readonly Name[] {
  if (block.kind === "stream") return [name];
  return block.clauses.reduce<Name[]>(
    (names, clause) => {
      if (clause.kind === "from") return [...names, ...clause.streams];
      return clause.kind === "deliver" ? [...names, ...clause.destinations] : names;
    },
    [name],
  );
}
