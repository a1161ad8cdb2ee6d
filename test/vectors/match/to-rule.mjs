#!/usr/bin/env node
// Writes a pattern vector (see README.md) as text of the rule language (its grammar: grammar/rule.ne).
//   node to-rule.mjs FILE.json [ID]      prints one rule, or all of the file's
// toRule(vector) -> { source, events, names }: rule text, the events as the stream `s` would receive them, and the stage names as
// written there: a name that the language cannot write (`b*`, `not`, `middle-first`) becomes s1, s2, ... in textual order.

const text = (value) => JSON.stringify(value);
const reserved = new Set(["and", "or", "not", "in", "like", "matches", "true", "false", "null", "event"]);
const infix = { eq: "==", ne: "!=", lt: "<", lte: "<=", gt: ">", gte: ">=", and: "and", or: "or", add: "+", sub: "-", mul: "*", div: "/", mod: "%" };

function expression(node, stages) {
  const [[kind, arg]] = Object.entries(node);
  const go = (child) => expression(child, stages);
  if (kind in infix) return `(${arg.map(go).join(` ${infix[kind]} `)})`;
  switch (kind) {
    case "lit": return text(arg);
    case "const": return String(arg);
    case "field": return [...stages.values()].includes(arg) || reserved.has(arg) ? `event.${arg}` : arg;
    case "timestamp": return "time(event)";
    case "not": return `(not ${go(arg)})`;
    case "contains": case "startsWith": return `${kind}(${arg.map(go).join(", ")})`;
    case "isSubtype": return `(event.type == ${text(arg)})`;
    case "count": return stages.has(arg.of) ? `count(${stages.get(arg.of)})` : "0";
    case "first": case "last": return `${kind}(${stages.get(arg.of)}).${arg.field}`;
    case "sum": case "avg": case "min": case "max": return `${kind}(${stages.get(arg.of)}.${arg.field})`;
    default: throw new Error(`no rule text for ${kind}`);
  }
}

function quantifier(q) {
  switch (q?.kind) {
    case undefined: return "";
    case "oneOrMore": return "oneOrMore";
    case "timesOrMore": return `timesOrMore(${q.from})`;
    case "times": return q.from === q.to ? `times(${q.from})` : `times(${q.from}, ${q.to})`;
    default: throw new Error(`no rule text for quantifier ${q.kind}`);
  }
}

function stageText(stage, stages, indent) {
  const words = [stage.contiguity];
  if (stage.group) {
    const inner = stage.group.stages ?? stage.group.elements;
    words.push(`(\n${inner.map((s) => stageText(s, stages, `${indent}  `)).join("\n")}\n${indent})`);
  } else words.push(stages.get(stage.name));
  if (stage.where) words.push(`where ${expression(stage.where, stages)}`);
  words.push(quantifier(stage.quantifier));
  for (const flag of ["optional", "greedy", "consecutive", "allowCombinations"]) if (stage[flag]) words.push(flag);
  if (stage.until) words.push(`until ${expression(stage.until, stages)}`);
  if (stage.gapMs) words.push(`gap ${stage.gapMs}ms`);
  return indent + words.filter(Boolean).join(" ");
}

const namesOf = (list) => list.flatMap((s) => (s.group ? namesOf(s.group.stages ?? s.group.elements) : [s.name]));
const skips = { noSkip: "none", skipToNext: "toNext", skipPastLastEvent: "pastLastEvent", skipToFirst: "toFirst", skipToLast: "toLast" };

/** The `pattern` block of a vector, and its stage names as written there. */
export function patternBlock({ stages: list, withinMs, skip }) {
  const stages = new Map(namesOf(list).map((n, i) => [n, /^[A-Za-z_]\w*$/.test(n) && !reserved.has(n) ? n : `s${i + 1}`]));
  const lines = list.map((s) => stageText(s, stages, "    "));
  if (withinMs) lines.push(`    within ${withinMs}ms`);
  const target = skip.pattern ? `(${stages.get(skip.pattern)})` : "";
  lines.push(`    skip ${skips[skip.strategy]}${target}${skip.throwOnMiss ? " orFail" : ""}`);
  return { block: `  pattern {\n${lines.join("\n")}\n  }\n`, names: Object.fromEntries(stages) };
}

export function toRule(vector, name = "vector") {
  const { block, names } = patternBlock(vector.pattern);
  const timeout = vector.timeouts ? "  on timeout emit { kind = \"timeout\" }\n" : "";
  const source = `stream s { time ts }\n\nrule ${name} {\n  from s\n${block}${timeout}}\n`;
  return { source, events: vector.events.map(({ ts, event }) => ({ ts, ...event })), names };
}

if (process.argv[1]?.endsWith("to-rule.mjs")) {
  const { readFileSync } = await import("node:fs");
  const [file, id] = process.argv.slice(2);
  for (const vector of JSON.parse(readFileSync(file, "utf8"))) {
    if (id && vector.id !== id) continue;
    try { console.log(`# ${vector.id}\n${toRule(vector).source}`); } catch (error) { console.log(`# ${vector.id}: ${error.message}\n`); }
  }
}
