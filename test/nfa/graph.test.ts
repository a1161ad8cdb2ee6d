/** The automaton for people: golden files to look at, and what holds for every pattern in every format. */

import { describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { compileMatching } from "../../src/engine/rules/compiled-rule.ts";
import { describeNfa, type GraphEdge, type NfaGraph } from "../../src/nfa/graph/graph.ts";
import { BOX_HEIGHT, edgeLabel, labelWidth, layOut } from "../../src/nfa/graph/layout.ts";
import { graphMermaid } from "../../src/nfa/graph/mermaid.ts";
import { routesOf } from "../../src/nfa/graph/routes.ts";
import { graphSvg, type DrawnRule } from "../../src/nfa/graph/svg.ts";
import { graphText } from "../../src/nfa/graph/text.ts";
import type { Nfa } from "../../src/nfa/nfa.ts";
import { generatePatterns } from "../support/oracle/generate.ts";
import { patternRule } from "../support/pattern-rule.ts";
import { exists, filesUnder, read, root } from "../support/project.ts";
import { xmlFault } from "../support/xml.ts";

const FOLDER = "test/vectors/graph";

function compiled(source: string): DrawnRule & { readonly nfa: Nfa } {
  const rule = patternRule(source);
  const nfa = compileMatching(rule, null);
  return { name: rule.name, title: rule.title, graph: describeNfa(nfa), nfa };
}

function pattern(stages: string): NfaGraph {
  return compiled(`rule r { from s pattern { ${stages} } }`).graph;
}

describe("golden files", () => {
  const formats: Readonly<Record<string, (rule: DrawnRule) => string>> = {
    txt: ({ name, graph }) => graphText(name, graph),
    mmd: (rule) => graphMermaid([rule]),
    svg: (rule) => graphSvg([rule]),
  };
  const rules = filesUnder(FOLDER, ".rule");

  test.each(rules.flatMap((rule) => Object.keys(formats).map((format) => [rule, format] as const)))(
    "%s as %s",
    (rule, format) => {
      const golden = rule.replace(/rule$/, format);
      const actual = formats[format]!(compiled(read(rule)));
      if (process.env["UPDATE_GOLDEN"] !== undefined) writeFileSync(path.join(root, golden), actual);
      expect(exists(golden) ? read(golden) : null).toBe(actual);
    },
  );
});

describe("the description", () => {
  test("leaves out what cannot be reached", () => {
    const { states } = pattern("begin a where x followedBy n where y");
    expect(states.map(({ name }) => name)).toEqual(["a", "n", "end"]);
  });
  test("says which occurrence a state waits for", () => {
    const { states } = pattern("begin a where x timesOrMore(2) followedBy (begin b where y) times(2) next c where z");
    expect(states.map(({ meaning }) => meaning)).toEqual([
      "waits for the 1st a",
      "waits for the 2nd a",
      "waits for the 3rd a or a later one",
      "waits for the 3rd a or a later one",
      "waits for the 1st b",
      "waits for the 2nd b",
      "waits for c",
      "the match is complete",
    ]);
  });
  test("writes conditions in the rule language, and by their names", () => {
    const { edges, conditions } = pattern("begin a where x == 1 or y oneOrMore until z > 2 consecutive greedy next b");
    expect(edges.map(({ action, condition, label }) => [action, condition, label])).toEqual([
      ["TAKE", "(x == 1 or y) and not (z > 2)", "a and not until(a)"],
      ["PROCEED", "z > 2", "until(a)"],
      ["PROCEED", "not (z > 2)", "not until(a)"],
      ["TAKE", "(x == 1 or y) and not (z > 2)", "a and not until(a)"],
      ["TAKE", "true", ""],
      ["TAKE", "not (x == 1 or y)", "not a"],
    ]);
    expect(conditions).toEqual([
      { name: "a", condition: "x == 1 or y" },
      { name: "until(a)", condition: "z > 2" },
    ]);
  });
  test("tells gaps, and after what where that decides", () => {
    const gaps = (stages: string): (string | undefined)[] => pattern(stages).edges.map(({ gap }) => gap);
    expect(gaps("begin a next b gap 90s")).toEqual([undefined, "1m30s"]);
    const [, first, , second] = gaps("begin a next (begin b optional next c) gap 5s");
    expect([first, second]).toEqual(["5s", "5s after a"]);
  });
  test("cuts a condition that is too long to be repeated at every edge", () => {
    const { edges } = pattern(`begin a where ${"x == 1 or ".repeat(200)}y followedBy b`);
    expect(edges[0]!.condition).toMatch(/^\(x == 1 or .*…\)$/);
    expect(edges[0]!.condition.length).toBeLessThan(1010);
  });
});

const SEED = Number(process.env["TRIPLINE_SEED"] ?? 1);
const generated = generatePatterns({ seed: SEED, count: 80 }).map(({ rule }) => compiled(renamed(rule)));

/** Every other stage gets a longer name. */
function renamed(rule: string): string {
  return rule.replace(/\b[prt]\b/g, (name) => `${name}_is_a_longer_name`);
}

function forEach(check: (rule: DrawnRule & { readonly nfa: Nfa }) => void): void {
  for (const rule of generated) check(rule);
}

describe(`every pattern of seed ${SEED}`, () => {
  test("is described whole: each state that can be reached, each of its edges", () => {
    forEach(({ nfa, graph }) => {
      const reached = new Set([nfa.start]);
      for (const id of reached) for (const { target } of nfa.states[id]!.edges) reached.add(target);
      const states = [...reached].map((id) => nfa.states[id]!);
      expect(sorted(graph.states.map(({ name }) => name))).toEqual(sorted(states.map(({ name }) => name)));
      const edges = states.flatMap(({ name, edges }) =>
        edges.map(({ action, target }) => `${name} ${action} ${nfa.states[target]!.name}`),
      );
      expect(sorted(graph.edges.map(({ from, action, to }) => `${from} ${action} ${to}`))).toEqual(sorted(edges));
    });
  });

  test("has each edge in the text, below its state", () => {
    forEach(({ name, graph }) => {
      const [, ...sections] = graphText(name, graph).split("\n\n");
      const found = sections.flatMap((section) => {
        const [state, ...lines] = section.trimEnd().split("\n");
        return lines.map((line) => {
          const {
            action,
            to,
            condition = "true",
          } = /^ {2}(?<action>\w+) +-> (?<to>\S+).*?(?: {2}if (?<condition>.*))?$/.exec(line)!.groups!;
          return { from: /^(\w+(?::\d+)?): /.exec(state!)![1], action, to, condition };
        });
      });
      expect(found).toEqual(graph.edges.map(({ from, action, to, condition }) => ({ from, action, to, condition })));
    });
  });

  test("has each edge in the flowchart, and nothing there that Mermaid could take for its own", () => {
    const text = `"(?:[\\w ,.=!()+*/-]|#\\d+;)*"`;
    const line = new RegExp(
      `^(?:flowchart LR|  s\\d+(?:\\[${text}\\]|\\(\\[${text}\\]\\)|\\{\\{${text}\\}\\})(?::::\\w+)?|  s\\d+ (?:==>|-->|-\\.->)\\|${text}\\| s\\d+|  classDef \\w+ [\\w:#,-]+)$`,
    );
    const arrows = { TAKE: "==>", IGNORE: "-->", PROCEED: "-.->" } as const;
    forEach((rule) => {
      const lines = graphMermaid([rule]).trimEnd().split("\n");
      expect(lines.filter((each) => !line.test(each))).toEqual([]);
      const ids = rule.graph.states.map(({ name }) => name);
      const edges = rule.graph.edges.map(({ from, to, action }) => [
        ids.indexOf(from),
        arrows[action],
        ids.indexOf(to),
      ]);
      const found = lines.flatMap((each) => {
        const edge = /^ {2}s(\d+) (\S+)\|.*\| s(\d+)$/.exec(each);
        return edge === null ? [] : [[Number(edge[1]), edge[2], Number(edge[3])]];
      });
      expect(found).toEqual(edges);
    });
  });

  test("is drawn as well-formed XML that runs and loads nothing, with each edge in it", () => {
    forEach((rule) => {
      const svg = graphSvg([rule]);
      expect(xmlFault(svg)).toBeNull();
      expect(svg).not.toMatch(/<(?:script|foreignObject|image|use|a)\b| on\w+=|href|url\((?!#)|@import/);
      const told = [...svg.matchAll(/<path [^>]*><title>([^<]*)<\/title>/g)].map(([, title]) => title!);
      expect(sorted(told.map((title) => title.split(",")[0]!))).toEqual(sorted(rule.graph.edges.map(heading)));
    });
  });

  test("has no two texts in one place, and none on a state", () => {
    forEach(({ graph }) => {
      const layout = layOut(graph);
      const labels = routesOf(layout)
        .routes.filter(({ edge }) => edgeLabel(edge) !== "")
        .map(({ edge, label: { x, y, anchor } }) => {
          const width = labelWidth(edge);
          const left = x - (anchor === "start" ? 0 : anchor === "middle" ? width / 2 : width);
          return { what: heading(edge), left, right: left + width, top: y - 9, bottom: y + 2 };
        });
      const boxes = [...layout.boxes.values()].map(({ state, left, top, width }) => {
        return { what: state.name, left, right: left + width, top, bottom: top + BOX_HEIGHT };
      });
      const meeting = labels.flatMap((label, index) =>
        [...labels.slice(index + 1), ...boxes]
          .filter((other) => meet(label, other))
          .map(({ what }) => [label.what, what]),
      );
      expect(meeting).toEqual([]);
    });
  });
});

function sorted(texts: readonly string[]): string[] {
  return [...texts].sort();
}

function heading({ action, from, to }: GraphEdge): string {
  return `${action} ${from} → ${to}`;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** By more than the widths of characters are uncertain. */
function meet(a: Area, b: Area): boolean {
  return a.left < b.right - 3 && b.left < a.right - 3 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
}

describe("texts of users", () => {
  const hostile = `rule r "</title><script>alert(1)</script> & \\u0000\\ud800" {
    from s pattern { begin a where x == "\\"]--> %%{init: {}}%% end; #quot; \`b\` <img onerror=x>" next end where y } }`;

  test("are only shown, in the picture as in the flowchart", () => {
    const rule = compiled(hostile);
    const svg = graphSvg([rule]);
    expect(xmlFault(svg)).toBeNull();
    expect(svg).not.toMatch(/<script|<img/);
    expect(graphMermaid([rule])).not.toMatch(/%%|\{init|--> %|<img|`/);
  });
});

describe("several rules", () => {
  const two = ["a", "b"].map((name) => ({
    ...compiled(`rule ${name} { from s pattern { begin ${name} next c } }`),
    name,
  }));

  test("are one flowchart, each in a frame", () => {
    const text = graphMermaid(two);
    expect(text.match(/^flowchart/gm)).toHaveLength(1);
    expect(text.match(/^ {2}(?:subgraph|end)\b.*$/gm)).toEqual([
      '  subgraph r0["a"]',
      "  end",
      '  subgraph r1["b"]',
      "  end",
    ]);
  });
  test("are one picture, one below the other", () => {
    const svg = graphSvg(two);
    expect(xmlFault(svg)).toBeNull();
    expect(svg.match(/<svg /g)).toHaveLength(1);
    expect(svg).toContain("<title>a, b</title>");
  });
});

describe("the tiny XML checker", () => {
  test.each(["<a/>", '<a b="1 &amp; 2"><c></c>text</a>\n'])("takes %s", (text) => expect(xmlFault(text)).toBeNull());
  test.each(["<a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a>&</a>", '<a b="<"/>', "text", "<a>< b</a>"])(
    "refuses %s",
    (text) => expect(xmlFault(text)).not.toBeNull(),
  );
});
