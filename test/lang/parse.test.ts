import { describe, expect, test } from "@jest/globals";

import type { Expr, RuleBlock, StreamBlock } from "../../src/lang/ast.ts";
import { formatSource } from "../../src/lang/format.ts";
import { parseExpression, parseFile } from "../../src/lang/parse.ts";
import { printFile } from "../../src/lang/print.ts";

/** An expression with a bracket around everything that belongs together. */
function shape(expr: Expr): string {
  switch (expr.kind) {
    case "literal":
      return JSON.stringify(expr.value);
    case "duration":
      return `${expr.ms}ms`;
    case "name":
      return expr.name;
    case "array":
      return `[${expr.items.map(shape).join(" ")}]`;
    case "member":
      return `(. ${shape(expr.object)} ${expr.name})`;
    case "index":
      return `([] ${shape(expr.object)} ${expr.index})`;
    case "call":
      return `(${[expr.name.text, ...expr.args.map(shape)].join(" ")})`;
    case "unary":
      return `(${expr.operator} ${shape(expr.operand)})`;
    case "binary":
      return `(${expr.operator} ${shape(expr.left)} ${shape(expr.right)})`;
    case "in":
      return `(${expr.negated ? "not-in" : "in"} ${shape(expr.value)} ${shape(expr.set)})`;
    case "match":
      return `(${expr.negated ? "not-" : ""}${expr.operator}${expr.ignoreCase ? "-i" : ""} ${shape(expr.value)} ${JSON.stringify(expr.pattern.value)})`;
    case "template":
      return `(template ${expr.parts.map((part) => (typeof part === "string" ? JSON.stringify(part) : shape(part))).join(" ")})`;
  }
}

describe("an expression", () => {
  function check(source: string, expected: string, context: { interpolates?: boolean } = {}): void {
    const { expression, diagnostics } = parseExpression(source, context);
    expect(diagnostics).toEqual([]);
    expect(shape(expression!)).toBe(expected);
  }

  test("binds as the ladder says", () => {
    check("not a == b or c + d * -e < 1 and f", "(or (not (== a b)) (and (< (+ c (* d (- e))) 1) f))");
  });
  test("goes from left to right", () => check("a - b - c % d / e", "(- (- a b) (/ (% c d) e))"));
  test("can be put in parentheses", () => check("(a or b) and (c - (d - e))", "(and (or a b) (- c (- d e)))"));
  test("has two ways to negate a membership", () => {
    check("not a in [1] and b not in [2]", "(and (not (in a [1])) (not-in b [2]))");
  });
  test("matches, with and without case", () => {
    check(
      'a like "x*" and b not matches "y"i and c like \'z\'i',
      '(and (and (like a "x*") (not-matches-i b "y")) (like-i c "z"))',
    );
  });
  test("takes networks and named lists for sets", () => {
    check('ip in cidr("10.0.0.0/8") or x in list("bad")', '(or (in ip (cidr "10.0.0.0/8")) (in x (list "bad")))');
  });
  test("follows paths from anything", () => {
    check('first(a).b["c d"][0].e', "(. ([] (. (. (first a) b) c d) 0) e)");
    check('(a + b).c + "x".y', '(+ (. (+ a b) c) (. "x" y))');
    check('event["in"]', "(. event in)");
  });
  test("has every literal", () => {
    check(
      "[1, 0.5, 1e3, 2E-2, \"a\", 'b', true, false, null, 90m, []]",
      '[1 0.5 1000 0.02 "a" "b" true false null 5400000ms []]',
    );
  });
  test("knows the escapes of JSON, and two others in single quotes", () => {
    check(String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"`, String.raw`"\"\\/\b\f\n\r\té😀"`);
    check(String.raw`'it\'s a "\\"'`, String.raw`"it's a \"\\\""`);
  });
  test("interpolates only where it is told to", () => {
    check('"${a}"', '"${a}"');
    check('"${a}"', "(template a)", { interpolates: true });
    check("'${a}'", '"${a}"', { interpolates: true });
    check(String.raw`"\${a} $ $$ {b}"`, '"${a} $ $$ {b}"', { interpolates: true });
    check("\"'${a}' failed\\n${b}\"", '(template "\'" a "\' failed\\n" b)', { interpolates: true });
    check('"x ${a + 1} $${b}${c}."', '(template "x " (+ a 1) " $" b c ".")', { interpolates: true });
  });
  test("has strings in the holes of strings, and holes in those", () => {
    check('"${if(a, "yes, ${b["c"]}", \'}\')} }"', '(template (if a (template "yes, " (. b c)) "}") " }")', {
      interpolates: true,
    });
  });
  test("may have a word of the language for any name", () => {
    check("where.from + key(by) - times", "(- (+ (. where from) (key by)) times)");
  });
  test("ends a string before a word that begins with i", () => {
    check('"a"in x and "b"like "c"', '(and (in "a" x) (like "b" "c"))');
  });
  test("tells a path from a fraction", () => check("a.b1 + 1.5 + b[0].c", "(+ (+ (. a b1) 1.5) (. ([] b 0) c))"));
  test("has white space and comments anywhere between its words", () => {
    check("a # comment\n\t+\r\n b . c ( d )".replace("b . c (", "b . c + f ("), "(+ (+ a (. b c)) (f d))");
  });
});

describe("clauses need no separators", () => {
  /** A rule's clauses, each on a line. */
  function check(clauses: string, expected: readonly string[]): void {
    const { file, diagnostics } = parseFile(`rule r { ${clauses} }`);
    expect(diagnostics).toEqual([]);
    const lines = printFile(file!).trimEnd().split("\n").slice(1, -1);
    expect(lines.map((line) => line.trim().replace(/ +/g, " "))).toEqual(expected);
  }

  test("a list ends where no comma follows", () => {
    check("deliver a, b from s, t key by a, b severity high tags 'x', 'y' description 'z'", [
      "deliver a, b",
      "from s, t",
      "key by a, b",
      "severity high",
      'tags "x", "y"',
      'description "z"',
    ]);
  });
  test("a clause may be named like the next one", () => {
    check("from from where where key by key suppress 1h by by deliver on on timeout emit { }", [
      "from from where where",
      "key by key",
      "suppress 1h by by",
      "deliver on",
      "on timeout emit { }",
    ]);
  });
  test("`by` belongs to the clause before it", () =>
    check("suppress 1h by a - b key by c", ["suppress 1h by a - b", "key by c"]));
  test("entries stand side by side", () => {
    check("emit { a = b c = d.e emit = f(g), h = -i, }", ["emit {", "a = b", "c = d.e", "emit = f(g)", "h = -i", "}"]);
  });
  test("a word that is an operator goes on", () => {
    check("emit { a = b - c d = not e }", ["emit {", "a = b - c", "d = not e", "}"]);
  });
  test("modifiers follow a condition", () => {
    check("pattern { begin a where x greedy oneOrMore until y gap 1s optional }", [
      "pattern {",
      "begin a where x greedy oneOrMore until y gap 1s optional",
      "}",
    ]);
  });
  test("a stage may be named like a modifier, a stage, or a clause", () => {
    check(
      "pattern { begin times times(2) next where where where next next next within within 1h skip toFirst(skip) }",
      [
        "pattern {",
        "begin times times(2)",
        "next where where where",
        "next next",
        "next within",
        "within 1h",
        "skip toFirst(skip)",
        "}",
      ],
    );
  });
  test("a group has a name or none", () => {
    check("pattern { begin ( begin next ) times(2) next followedBy ( begin c ) followedBy ( begin d where f(x) ) }", [
      "pattern {",
      "begin (",
      "begin next",
      ") times(2)",
      "next followedBy (",
      "begin c",
      ")",
      "followedBy (",
      "begin d where f(x)",
      ")",
      "}",
    ]);
  });
});

describe("a stream", () => {
  test("has its clauses, and a schema of any depth", () => {
    const source = `stream s {
      time meta.at watermark punctuated where done idle off late drop id headers["x-id"] dedupe 1d12h
      schema { user: string? tags: string?[]?, at: { city: string }[] }
    }`;
    const { file, diagnostics } = parseFile(source);
    expect(diagnostics).toEqual([]);
    const [{ clauses }] = file!.blocks as [StreamBlock];
    expect(clauses.map(({ kind }) => kind)).toEqual(["time", "watermark", "idle", "late", "id", "dedupe", "schema"]);
    expect(printFile(file!)).toContain("    at:   { city: string }[]\n");
  });
});

describe("spans", () => {
  const source = `# é\nrule r {\n\tfrom s where x == 1\n  emit { m = "a \${user.name} \${"b \${c}"}" }\n}`;
  const [rule] = parseFile(source).file!.blocks as [RuleBlock];
  const [from, emit] = rule.clauses as [
    Extract<RuleBlock["clauses"][number], { kind: "from" }>,
    Extract<RuleBlock["clauses"][number], { kind: "emit" }>,
  ];

  function check({ span }: { readonly span: RuleBlock["span"] }, place: string, text: string): void {
    expect(`${span.line}:${span.column}-${span.endLine}:${span.endColumn}`).toBe(place);
    expect(source.slice(span.start, span.end)).toBe(text);
  }

  test("of a clause and its condition", () => {
    check(from, "3:2-3:21", "from s where x == 1");
    check(from.where!, "3:15-3:21", "x == 1");
  });
  test("of a block, over several lines", () => check(rule, "2:1-5:2", source.slice(4)));
  test("of what stands in a template", () => {
    const template = emit.entries[0]!.value as Extract<Expr, { kind: "template" }>;
    check(template.parts[1] as Expr, "4:19-4:28", "user.name");
    const inner = template.parts[3] as Extract<Expr, { kind: "template" }>;
    check(inner.parts[1] as Expr, "4:37-4:38", "c");
  });
  test("of what stands in parentheses, with them", () => {
    const { expression } = parseExpression(" (a + b).c");
    expect(expression!.span).toMatchObject({ column: 2, endColumn: 11 });
  });
});

describe("a file with errors", () => {
  function check(source: string, expected: readonly string[]): void {
    const { file, diagnostics } = parseFile(source);
    expect(file).toBeNull();
    expect(diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual(expected);
  }

  test("has one for each block, and all of them", () => {
    check("rule a { form s wher }\nstream s { }\nrule b { form s }\nrule c {", ["E020 1:10", "E020 3:10", "E022 4:8"]);
  });
  test("says the first of a block, be it a string or a word", () => {
    check('rule a { from s tags "x', ["E011 1:22"]);
    check('rule a { form s tags "x', ["E020 1:10"]);
  });
  test("goes on after a forgotten brace at the next header", () => {
    check("rule a {\n  pattern {\n    begin a\n  }\n\nrule b { form s }", ["E022 1:8", "E020 6:10"]);
  });
  test("goes on after a brace too many", () => check("rule a { }\n}\nrule b { form s }", ["E023 2:1", "E020 3:10"]));
  test("knows a header from a clause that looks like one", () => {
    expect(parseFile("rule r { from\nrule pattern { begin a } deliver\nstream emit { a = 1 } }").diagnostics).toEqual(
      [],
    );
  });
});

describe("a text that is not nice", () => {
  const LONG = 1_000_000;

  function codes(source: string): string[] {
    return parseFile(source).diagnostics.map(({ code }) => code);
  }

  test("may begin with a byte order mark", () => expect(codes("\uFEFFstream s { }")).toEqual([]));
  test("may have Windows' line ends", () => {
    expect(parseFile("stream s {\r\n  tim ts\r\n}\r\n").diagnostics).toMatchObject([{ line: 2, column: 3 }]);
  });
  test("may be empty, or only comments", () => {
    expect(codes("")).toEqual([]);
    expect(codes(" \n# a\n  # b")).toEqual([]);
  });
  test("may have a long comment before a block", () =>
    expect(codes(`#${"x".repeat(40_000)}\nstream s { }`)).toEqual([]));
  test("may be a block of just the longest length", () => {
    const rule = (length: number): string => `rule r { description "${"x".repeat(length - 25)}" }`;
    expect(rule(32_768).length).toBe(32_768);
    expect(codes(rule(32_768))).toEqual([]);
    expect(codes(rule(32_769))).toEqual(["E002"]);
  });
  test("counts bytes, not characters", () => {
    expect(codes(`rule r { description "${"é".repeat(17_000)}" }`)).toEqual(["E002"]);
    expect(codes(`# ${"é".repeat(530_000)}`)).toEqual(["E001"]);
  });
  test("is refused for its length only as a last resort", () => expect(codes("a ".repeat(40_000))).toEqual(["E020"]));

  test.each([
    ["parentheses", `rule r { from s where ${"(".repeat(1000)}x${")".repeat(1000)} }`, "E003"],
    ["a million parentheses", "(".repeat(LONG), "E003"],
    ["a million words", "a ".repeat(LONG / 2), "E020"],
    ["a million braces", "}".repeat(LONG), "E004"],
    ["open rules", "rule a {\n".repeat(LONG / 10), "E004"],
    ["open strings", '"a\n'.repeat(LONG / 4), "E011"],
    ["digits", "1".repeat(LONG), "E013"],
    ["an open template", `rule r { emit { a = "${"${".repeat(500)}`, "E003"],
    ["many nots", `rule r { from s where ${"not ".repeat(5000)}x }`, "E003"],
    ["many lists of lists", `stream s { schema { a: any${"[]?".repeat(1000)} } }`, "E003"],
    ["a rule of signs", `rule r { from s where ${"a+".repeat(15_000)}a }`, "E002"],
  ])("%s", (_, source, code) => expect(codes(source).at(-1)).toBe(code));

  test.each([
    ["a sum", `${"a+".repeat(8000)}a`],
    ["a condition", `${"a==1 or b==2 and ".repeat(1000)}c`],
    ["a path", `a${".a".repeat(8000)}`],
    ["a path of indices", `a${"[0]".repeat(5000)}`],
  ])("%s may be as long as a rule", (_, expression) => {
    const source = `rule r { from s where ${expression} }`;
    expect(codes(source)).toEqual([]);
    const formatted = formatSource(source) as { readonly text: string };
    expect(formatSource(formatted.text)).toEqual(formatted);
  });

  test("500 stages are a pattern like any other", () => {
    const stages = Array.from({ length: 499 }, (_, index) => ` next s${index} where x > ${index}`);
    expect(codes(`rule r { from s pattern { begin a${stages.join("")} } }`)).toEqual([]);
  });
});
