/** A rule text, from characters to definitions that can be compiled: parsed, checked, and its expressions typed against the streams. */

import { typecheckPath } from "../../expr/data-path.ts";
import { typecheck, type TypecheckOptions } from "../../expr/typecheck.ts";
import type { Scope } from "../../expr/types.ts";
import { firingScope, windowEventScope } from "../../expr/window-scope.ts";
import type { Expr, RuleFile } from "../../lang/ast.ts";
import { checkFile } from "../../lang/check.ts";
import { undeclaredStream } from "../../lang/define-stream.ts";
import type {
  EmitDefinition,
  ObjectType,
  PatternRuleDefinition,
  RuleDefinition,
  StageDefinition,
  StreamDefinition,
  WindowRuleDefinition,
} from "../../lang/definition.ts";
import type { Diagnostic } from "../../lang/diagnostic.ts";
import { parseFile } from "../../lang/parse.ts";
import { diagnosticAt } from "../../lang/report.ts";
import { eventScope, matchScope } from "./compiled-rule.ts";
import { commonSchema } from "../service/stream-schema.ts";

/** What the text is checked against. */
export interface Surroundings {
  streams(name: string): StreamDefinition | undefined;
  /** The rules that are active already. */
  rules(): Iterable<RuleDefinition>;
}

export const NOTHING_AROUND: Surroundings = { streams: () => undefined, rules: () => [] };

export interface CheckedRules {
  readonly source: string;
  /** Those the text describes. */
  readonly streams: readonly StreamDefinition[];
  readonly rules: readonly RuleDefinition[];
  /** In the text's order. Any error: the text is refused as a whole. */
  readonly diagnostics: readonly Diagnostic[];
}

export function checkRules(source: string, around: Surroundings): CheckedRules {
  const parsed = parseFile(source);
  if (parsed.file === null) return { source, streams: [], rules: [], diagnostics: parsed.diagnostics };
  const { streams, rules, diagnostics } = checkFile(parsed.file, source);
  const schemaOf = (rule: RuleDefinition): ObjectType | null =>
    commonSchema(
      rule.streams.map(
        (name) => streams.find((s) => s.name === name) ?? around.streams(name) ?? undeclaredStream(name),
      ),
    );
  const all = [
    ...parsed.diagnostics,
    ...diagnostics,
    ...streams.flatMap(checkStream),
    ...rules.flatMap((rule) => checkRule(rule, schemaOf(rule))),
    ...brokenRules({ file: parsed.file, streams, rules, around, schemaOf }),
  ];
  return { source, streams, rules, diagnostics: all.sort((a, b) => a.line - b.line || a.column - b.column) };
}

export function isRefused(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

function checkStream({ time, id, watermark, schema }: StreamDefinition): readonly Diagnostic[] {
  return [
    ...[time, id].flatMap((path) => (path === null ? [] : typecheckPath(path, schema))),
    ...(watermark.kind === "punctuated"
      ? typecheck(watermark.where, eventScope(schema), { position: "stream", expects: "boolean" })
      : []),
  ];
}

function checkRule(rule: RuleDefinition, schema: ObjectType | null): readonly Diagnostic[] {
  return rule.kind === "pattern" ? checkPatternRule(rule, schema) : checkWindowRule(rule, schema);
}

function checkPatternRule(rule: PatternRuleDefinition, schema: ObjectType | null): readonly Diagnostic[] {
  const match = matchScope(rule, schema);
  const checkStage = (stage: StageDefinition): readonly Diagnostic[] => [
    ...check(stage.where, match, { position: "where", expects: "boolean" }),
    ...check(stage.until, match, { position: "where", expects: "boolean" }),
    ...(stage.group ?? []).flatMap(checkStage),
  ];
  return [
    ...checkIncoming(rule, eventScope(schema)),
    ...rule.pattern.stages.flatMap(checkStage),
    ...checkEmit(rule.emit, match),
    ...checkEmit(rule.onTimeoutEmit ?? [], match),
    ...check(rule.suppress?.by ?? null, match, { position: "suppress" }),
  ];
}

function checkWindowRule(rule: WindowRuleDefinition, schema: ObjectType | null): readonly Diagnostic[] {
  const firing = firingScope({ keyBy: rule.keyBy, schema });
  return [
    ...checkIncoming(rule, windowEventScope(schema)),
    ...check(rule.window.having, firing, { position: "having" }),
    ...checkEmit(rule.emit, firing),
    ...check(rule.suppress?.by ?? null, firing, { position: "suppress" }),
  ];
}

/** What is asked of each event by itself. */
function checkIncoming({ where, keyBy }: RuleDefinition, event: Scope): readonly Diagnostic[] {
  return [
    ...check(where, event, { position: "from", expects: "boolean" }),
    ...keyBy.flatMap((key) => check(key, event, { position: "key" })),
  ];
}

function checkEmit(entries: readonly EmitDefinition[], scope: Scope): readonly Diagnostic[] {
  return entries.flatMap(({ value }) => check(value, scope, { position: "emit" }));
}

function check(expr: Expr | null, scope: Scope, options: TypecheckOptions): readonly Diagnostic[] {
  return expr === null ? [] : typecheck(expr, scope, options);
}

/** A stream's new schema must still carry the rules that are active on it. */
function brokenRules({
  file,
  streams,
  rules,
  around,
  schemaOf,
}: {
  readonly file: RuleFile;
  readonly streams: readonly StreamDefinition[];
  readonly rules: readonly RuleDefinition[];
  readonly around: Surroundings;
  readonly schemaOf: (rule: RuleDefinition) => ObjectType | null;
}): Diagnostic[] {
  if (streams.length === 0) return [];
  const replaced = new Set(rules.map((rule) => rule.name));
  const diagnostics: Diagnostic[] = [];
  for (const rule of around.rules()) {
    const stream = streams.find(({ name }) => rule.streams.includes(name));
    if (stream === undefined || replaced.has(rule.name)) continue;
    const fault = checkRule(rule, schemaOf(rule)).find(({ severity }) => severity === "error");
    const block = file.blocks.find(({ kind, name }) => kind === "stream" && name.text === stream.name);
    if (fault === undefined || block === undefined) continue;
    diagnostics.push(
      diagnosticAt(block.name.span, {
        code: "E401",
        message: `this \`${stream.name}\` would break the rule \`${rule.name}\`, which is active on it: ${fault.message}`,
        hint: `keep what \`${rule.name}\` reads, or post the changed rule in the same file`,
      }),
    );
  }
  return diagnostics;
}
