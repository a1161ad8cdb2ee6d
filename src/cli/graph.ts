/** `tripline graph FILE [RULE]`: the automaton of a rule, or of all rules of the file, as text, Mermaid or SVG. */

import { parseArgs } from "node:util";
import { UserError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { automatonOf } from "../engine/rules/automaton.ts";
import { isRefused } from "../engine/rules/check-rules.ts";
import type { CompiledRule } from "../engine/rules/compiled-rule.ts";
import { Engine } from "../engine/engine.ts";
import type { ActiveRule } from "../engine/rules/rule-registry.ts";
import { describeNfa } from "../nfa/graph/graph.ts";
import type { Nfa } from "../nfa/nfa.ts";
import { graphMermaid } from "../nfa/graph/mermaid.ts";
import { graphSvg, type DrawnRule } from "../nfa/graph/svg.ts";
import { graphText } from "../nfa/graph/text.ts";
import { EXIT } from "./exit-code.ts";
import { loadFiles, readRuleFiles, renderFile } from "./rule-files.ts";
import { asUsageError, UsageError } from "./usage.ts";

const FORMATS: Readonly<Record<string, (rules: readonly DrawnRule[]) => string>> = {
  text: (rules) => rules.map(({ name, graph }) => graphText(name, graph)).join("\n"),
  mermaid: graphMermaid,
  svg: graphSvg,
};

export async function graph(args: string[]): Promise<number> {
  const { file, rule, format } = options(args);
  const engine = new Engine();
  const files = loadFiles(engine, await readRuleFiles([file]));
  for (const each of files) process.stderr.write(renderFile(each));
  if (files.some(({ diagnostics }) => isRefused(diagnostics))) return EXIT.refused;
  const rules = [...engine.rules.all()];
  if (rules.length === 0) throw new UsageError(`there is no rule in ${file}`);
  process.stdout.write(format((rule === undefined ? withAutomaton(rules) : [named(rule, rules)]).map(drawn)));
  return EXIT.ok;
}

/** Of a file that has others as well, those rules that can be drawn. */
function withAutomaton(rules: readonly ActiveRule[]): readonly ActiveRule[] {
  const patterns = rules.filter(({ runtime }) => runtime.rule.kind === "pattern");
  return patterns.length === 0 ? rules : patterns;
}

function drawn({ name, runtime: { rule } }: ActiveRule): DrawnRule {
  return { name, title: rule.definition.title, graph: describeNfa(automaton(rule)) };
}

function automaton(rule: CompiledRule): Nfa {
  try {
    return automatonOf(rule);
  } catch (error) {
    if (error instanceof UserError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}

interface GraphOptions {
  readonly file: string;
  readonly rule: string | undefined;
  readonly format: (rules: readonly DrawnRule[]) => string;
}

function options(args: string[]): GraphOptions {
  let parsed;
  try {
    parsed = parseArgs({ args, allowPositionals: true, options: { format: { type: "string", default: "text" } } });
  } catch (error) {
    throw asUsageError(error);
  }
  const [file, rule, ...others] = parsed.positionals;
  if (file === undefined || others.length > 0) {
    throw new UsageError(
      "`graph` takes one file, and perhaps the name of one rule in it",
      "tripline graph FILE [RULE]",
    );
  }
  const { format } = parsed.values;
  if (!Object.hasOwn(FORMATS, format)) {
    throw new UsageError(`there is no format \`${format}\``, `one of ${Object.keys(FORMATS).join(", ")}`);
  }
  return { file, rule, format: FORMATS[format]! };
}

function named(name: string, rules: readonly ActiveRule[]): ActiveRule {
  const found = rules.find((rule) => rule.name === name);
  if (found !== undefined) return found;
  const names = rules.map((rule) => rule.name);
  const near = nearest(name, names);
  throw new UsageError(
    `there is no rule \`${name}\``,
    near === null ? `it has ${names.map((each) => `\`${each}\``).join(", ")}` : `did you mean \`${near}\`?`,
  );
}
