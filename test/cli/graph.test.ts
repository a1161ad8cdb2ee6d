import { beforeAll, describe, expect, test } from "@jest/globals";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { commandLine, type Ended } from "../support/command-line.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { xmlFault } from "../support/xml.ts";

const tripline = commandLine();

const RULES = `
rule pair "Two of a kind" { from s pattern { begin a where x next b where y } }
rule wait { from s pattern { begin a where x followedBy b where y } }
`;

describe("tripline graph", () => {
  const makeFolder = temporaryFolders();
  let file = "";
  let folder = "";
  beforeAll(async () => {
    folder = await makeFolder();
    file = path.join(folder, "rules.rule");
    writeFileSync(file, RULES);
  });

  const graph = (...args: string[]): Promise<Ended> => tripline(["graph", ...args]);

  test("shows the rule that is named", async () => {
    expect(await graph(file, "pair")).toEqual({
      code: 0,
      stdout: `rule pair (skip pastLastEvent)

a: start, waits for a
  TAKE    -> b    if x

b: waits for b
  TAKE    -> end  if y

end: the match is complete
`,
      stderr: "",
    });
  });

  test("shows all rules where none is named", async () => {
    const { stdout } = await graph(file);
    expect(stdout.match(/^rule .*/gm)).toEqual(["rule pair (skip pastLastEvent)", "rule wait (skip pastLastEvent)"]);
  });

  test("passes over rules with a window, which have no automaton, and says so where there is nothing else", async () => {
    const sums = "rule sums { from s window { tumbling 1m } emit { n = count() } }";
    const [both, none] = ["both.rule", "sums.rule"].map((name) => path.join(folder, name)) as [string, string];
    writeFileSync(both, `${RULES}${sums}`);
    writeFileSync(none, sums);
    expect((await graph(both)).stdout).toBe((await graph(file)).stdout);
    const message =
      "error: rule `sums` looks at a window, and has no automaton\n       its text says all that there is to see\n";
    for (const args of [[none], [both, "sums"]]) {
      expect(await graph(...args)).toEqual({ code: 2, stdout: "", stderr: message });
    }
  });

  test("draws", async () => {
    expect((await graph(file, "--format", "mermaid")).stdout).toMatch(/^flowchart LR\n {2}subgraph r0\["pair"\]/);
    const { stdout } = await graph(file, "--format=svg", "pair");
    expect(xmlFault(stdout)).toBeNull();
    expect(stdout).toContain("pair: Two of a kind");
  });

  test.each([
    [["FILE", "piar"], "there is no rule `piar`\n       did you mean `pair`?"],
    [["FILE", "something"], "there is no rule `something`\n       it has `pair`, `wait`"],
    [["FILE", "--format", "png"], "there is no format `png`\n       one of text, mermaid, svg"],
    [[], "`graph` takes one file"],
    [["FILE", "pair", "wait"], "`graph` takes one file"],
    [["FOLDER/none.rule"], "there is no such file"],
  ])("%j: exits with 2, and says why", async (args, message) => {
    const ended = await graph(...args.map((arg) => arg.replace("FILE", file).replace("FOLDER", folder)));
    expect(ended).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
  });

  test("exits with 1 where the file is refused, with its diagnostics", async () => {
    const broken = path.join(folder, "broken.rule");
    writeFileSync(broken, "rule r { from s pattern { begin a greedy } }");
    expect(await graph(broken)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("error[E103]") });
  });
});

describe("tripline check", () => {
  const makeFolder = temporaryFolders();

  test("tells what each rule may cost", async () => {
    const file = path.join(await makeFolder(), "rules.rule");
    writeFileSync(file, RULES);
    expect(await tripline(["check", file])).toEqual({
      code: 0,
      stdout:
        "pair: 3 states; partial matches are bounded by strict contiguity: none outlasts the next few events\n" +
        "wait: 3 states; partial matches may come to 10000 for a key, the most there may be: " +
        "without `within` a partial match can wait for `b` for ever\n",
      stderr: "1 file, 2 rules, 0 warnings\n",
    });
  });
});
