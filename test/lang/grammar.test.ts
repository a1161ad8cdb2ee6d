import { describe, expect, test } from "@jest/globals";

import { BlockScanner } from "../../src/lang/block-scanner.ts";
import { parseTokens } from "../../src/lang/earley.ts";
import grammar from "../../src/lang/grammar.generated.ts";
import { derive, seeded } from "../support/derivation.ts";
import { read } from "../support/project.ts";

interface Paragraph {
  readonly production: string;
  readonly examples: readonly string[];
}

/** The productions of grammar/rule.ne that have a comment of their own, each with the examples in it. */
function paragraphs(): Paragraph[] {
  const found: Paragraph[] = [];
  let examples: string[] = [];
  for (const line of read("grammar/rule.ne").split("\n")) {
    const example = /^# e\.g\. (.+)$/.exec(line)?.[1];
    const production = /^(\w+)\s*->/.exec(line)?.[1];
    if (example !== undefined) examples.push(example);
    else if (production !== undefined) {
      found.push({ production, examples });
      examples = [];
    }
  }
  return found;
}

function parses(production: string, text: string): boolean {
  const scanner = new BlockScanner(text, { offset: 0, line: 1, column: 1 }, { interpolates: true });
  scanner.readAll();
  return parseTokens(scanner.tokens, production).ok;
}

describe("grammar/rule.ne", () => {
  const all = paragraphs();

  test("every production but the pieces of a template has an example", () => {
    const without = all.filter(({ examples }) => examples.length === 0).map(({ production }) => production);
    expect(without).toEqual(["parts", "part"]);
  });

  test.each(all.flatMap(({ production, examples }) => examples.map((example) => [production, example])))(
    "%s: %s",
    (production, example) => expect(parses(production!, example!)).toBe(true),
  );

  test("every word of the language is a name wherever a name can stand", () => {
    const words = new Set(
      grammar.ParserRules.flatMap(({ symbols }) =>
        symbols.flatMap((symbol) =>
          typeof symbol === "object" && "literal" in symbol ? [String(symbol.literal)] : [],
        ),
      ),
    );
    const reserved = ["and", "or", "not", "in", "like", "matches", "true", "false", "null"];
    const names = [...words].filter((word) => /^\w+$/.test(word) && !reserved.includes(word));
    expect(names.length).toBeGreaterThan(50);
    const refused = names.filter((x) => {
      const rule =
        `rule ${x} "${x}" { from ${x}, ${x} where ${x} key by ${x}, ${x} severity ${x} deliver ${x}, ${x} ` +
        `pattern { begin ${x} where ${x} next ${x} until ${x} greedy next ( begin ${x} ) next ${x} ( begin ${x} ) ` +
        `within 1h skip toFirst(${x}) } emit { ${x} = ${x} ${x} = ${x}.${x}, ${x} = ${x}(${x}) } suppress 1h by ${x} ` +
        `on timeout emit { ${x} = "\${${x}}" ${x} = ${x}, } }`;
      const stream = `stream ${x} { time ${x} id ${x}.${x} watermark punctuated where ${x} schema { ${x}: any ${x}: any } }`;
      return !parses("block", rule) || !parses("block", stream);
    });
    expect(refused).toEqual([]);
  });

  // More than one reading fails an assertion in the parser itself.
  test.each([
    ["block", ["template"]],
    ["expression", []],
  ])("every text of a %s has exactly one reading", (production, without) => {
    const random = seeded(20_201_120);
    for (let run = 0; run < 1500; run++) {
      const text = derive(production, { random, depth: 8 + (run % 12), without });
      if (!parses(production, text)) throw new Error(`not read as what it was derived from: ${text}`);
    }
  });
});
