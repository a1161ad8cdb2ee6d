/** What a TypeScript file imports and calls, read from its syntax tree: text in comments and strings does not count. */

import { parseSync } from "@swc/core";

import { read } from "./project.ts";

export interface SourceFacts {
  /** Specifiers of every `import`, `import type`, `export ... from`, `import()` and `import("...").Type`. */
  readonly imports: readonly string[];
  /** Ways of reading time and chance: `Date.now`, `new Date()`, `Math.random`, `setTimeout` ... */
  readonly ambient: readonly string[];
  /** How often the type `any` is written. */
  readonly anys: number;
}

/** Stands for what an `import()` of an expression imports. */
export const RUN_TIME = "(worked out at run time)";

const AMBIENT_MEMBERS = new Set(["Date.now", "Math.random", "performance.now", "process.hrtime"]);
const AMBIENT_CALLS = new Set([
  "setTimeout",
  "setInterval",
  "setImmediate",
  "Date",
  "randomUUID",
  "randomBytes",
  "randomInt",
]);

export function sourceFacts(file: string): SourceFacts {
  return factsOf(read(file));
}

export function factsOf(source: string): SourceFacts {
  const imports: string[] = [];
  const ambient: string[] = [];
  let anys = 0;
  walk(parseSync(source, { syntax: "typescript", target: "es2022" }), (node) => {
    const specifier = importedBy(node);
    if (specifier !== undefined) imports.push(specifier);
    const reading = ambientReading(node);
    if (reading !== undefined) ambient.push(reading);
    if (node["type"] === "TsKeywordType" && node["kind"] === "any") anys += 1;
  });
  return { imports, ambient, anys };
}

type Node = Readonly<Record<string, unknown>>;

function importedBy(node: Node): string | undefined {
  switch (node["type"]) {
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "ExportNamedDeclaration":
      return textOf(node["source"]);
    case "TsImportType":
      return textOf(node["argument"]);
    case "CallExpression": {
      if ((node["callee"] as Node)["type"] !== "Import") return undefined;
      const [argument] = node["arguments"] as readonly Node[];
      return textOf(argument?.["expression"]) ?? RUN_TIME;
    }
    default:
      return undefined;
  }
}

function ambientReading(node: Node): string | undefined {
  switch (node["type"]) {
    case "MemberExpression": {
      const member = `${nameOf(node["object"])}.${nameOf(node["property"])}`;
      return AMBIENT_MEMBERS.has(member) ? member : undefined;
    }
    case "CallExpression": {
      const name = nameOf(node["callee"]);
      return name !== undefined && AMBIENT_CALLS.has(name) ? name : undefined;
    }
    case "NewExpression": {
      const given = (node["arguments"] ?? []) as readonly unknown[];
      return nameOf(node["callee"]) === "Date" && given.length === 0 ? "new Date()" : undefined;
    }
    default:
      return undefined;
  }
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, visit);
  } else if (typeof value === "object" && value !== null) {
    const node = value as Node;
    if (typeof node["type"] === "string") visit(node);
    for (const child of Object.values(node)) walk(child, visit);
  }
}

function textOf(literal: unknown): string | undefined {
  const node = literal as Node | null | undefined;
  return node?.["type"] === "StringLiteral" ? (node["value"] as string) : undefined;
}

function nameOf(identifier: unknown): string | undefined {
  const node = identifier as Node | null | undefined;
  return node?.["type"] === "Identifier" ? (node["value"] as string) : undefined;
}
