/**
 * Checking: whether a parsed file makes sense, clause by clause and stage by stage, and what it then defines. What its
 * expressions mean is checked elsewhere (`src/expr`).
 */

import type { Block, RuleFile } from "./ast.ts";
import { checkNames } from "./check-names.ts";
import { checkRule } from "./check-rule.ts";
import { checkStream } from "./check-stream.ts";
import type { RuleDefinition, StreamDefinition } from "./definition.ts";
import { defineRule } from "./define-rule.ts";
import { defineStream } from "./define-stream.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { report } from "./report.ts";

export interface CheckedFile {
  /** Blocks without an error of their own, in the text's order. */
  readonly streams: StreamDefinition[];
  readonly rules: RuleDefinition[];
  /** In the text's order; a file with an error among them is refused as a whole. */
  readonly diagnostics: Diagnostic[];
}

export function checkFile(file: RuleFile, source: string): CheckedFile {
  const checked: CheckedFile = { streams: [], rules: [], diagnostics: [...repeatedBlocks(file.blocks)] };
  for (const block of file.blocks) {
    const findings = [...checkNames(block), ...(block.kind === "stream" ? checkStream(block) : checkRule(block))];
    checked.diagnostics.push(...findings);
    if (findings.some(({ severity }) => severity === "error")) continue;
    if (block.kind === "stream") checked.streams.push(defineStream(block, source));
    else checked.rules.push(defineRule(block, source));
  }
  checked.diagnostics.sort((a, b) => a.line - b.line || a.column - b.column);
  return checked;
}

function* repeatedBlocks(blocks: readonly Block[]): Iterable<Diagnostic> {
  const lines = new Map<string, number>();
  for (const { kind, name } of blocks) {
    const known = `${kind} ${name.text}`;
    const line = lines.get(known);
    if (line === undefined) lines.set(known, name.span.line);
    else {
      yield report(name.span, {
        code: "E130",
        message: `there are two ${kind}s named \`${name.text}\``,
        hint: `the first is on line ${line}; rename one of them`,
      });
    }
  }
}
