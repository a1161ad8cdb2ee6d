/** The built command line, as scripts and people meet it: exit codes, and what it says about what it cannot use. */

import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { parseLines, tripline, type Said } from "./command-line.ts";
import { COMMAND_LINE } from "./service-process.ts";

const RULE = `stream logins {
  time at
  id   n
}
rule two_failures {
  from logins
  key by user
  pattern {
    begin failed where type == "failure" times(2)
    within 1m
  }
}
`;
const EVENTS = [failure(1), failure(2)];
const FILES: Readonly<Record<string, string>> = {
  "good.rule": RULE,
  "crlf.rule": RULE.replaceAll("\n", "\r\n"),
  "bom.rule": `\uFEFF${RULE}`,
  "empty.rule": "",
  "line-7.rule": RULE.replace("key by user", "key user"),
  "clause.rule": RULE.replace("  key by user", "  sevrity high\n  key by user"),
  "each.rule": "stream logins { time at }\nrule each { from logins pattern { begin any } }\n",
  "arrival.rule": RULE.replace("time at", "idle 30s"),
  "good.ndjson": lines(EVENTS),
  "crlf.ndjson": lines(EVENTS).replaceAll("\n", "\r\n"),
  "bom.ndjson": `\uFEFF${lines(EVENTS)}`,
  "unended.ndjson": lines(EVENTS).trimEnd(),
  "blank-lines.ndjson": `\n${lines([EVENTS[0]!])}\n  \t\n\r\n${lines([EVENTS[1]!])}\n`,
  "empty.ndjson": "",
  "bad-lines.ndjson": [EVENTS[0], '{"n":3,', '{"n":4}', '{"n":5,"at":"soon"}', "[1]", EVENTS[1], EVENTS[1], ""].join(
    "\n",
  ),
  "many-bad-lines.ndjson": lines([EVENTS[0]!, ...Array.from({ length: 30 }, () => "{"), EVENTS[1]!]),
  "many.ndjson": lines(Array.from({ length: 3000 }, (_, n) => failure(n))),
};

function failure(second: number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  return JSON.stringify({ n: second, at, user: "ann", type: "failure" });
}

function lines(events: readonly string[]): string {
  return events.map((event) => `${event}\n`).join("");
}

const newFolder = temporaryFolders();
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  await mkdir(path.join(folder, "no-rules"));
  await Promise.all(Object.entries(FILES).map(([name, content]) => writeFile(path.join(folder, name), content)));
});

/** Words that are files of ours, or look like some, become paths. */
async function run(line: string, stdin = ""): Promise<Said> {
  const args = line.split(" ").map((word) => (/\.(?:rule|ndjson)$|^no-/.test(word) ? path.join(folder, word) : word));
  const { code, stdout, stderr } = await tripline(args, { stdin });
  return { code, stdout: stdout.replaceAll(`${folder}/`, ""), stderr: stderr.replaceAll(`${folder}/`, "") };
}

function rulesIn(stdout: string): string[] {
  return parseLines<{ rule: string }>(stdout).map(({ rule }) => rule);
}

describe("tripline run", () => {
  test.each([
    ["good.rule", "good.ndjson"],
    ["crlf.rule", "crlf.ndjson"],
    ["bom.rule", "bom.ndjson"],
    ["good.rule", "unended.ndjson"],
    ["good.rule", "blank-lines.ndjson"],
  ])("takes %s over %s: alerts on standard output, the sums on standard error, exit code 0", async (rule, events) => {
    const { code, stdout, stderr } = await run(`run ${rule} --events ${events}`);
    expect({ code, rules: rulesIn(stdout), stderr }).toEqual({
      code: 0,
      rules: ["two_failures"],
      stderr: "2 events, 1 alert\n",
    });
  });

  test("reads events from standard input", async () => {
    const { code, stdout } = await run("run good.rule --events -", FILES["good.ndjson"]);
    expect([code, rulesIn(stdout)]).toEqual([0, ["two_failures"]]);
  });

  test("finds nothing in an empty file", async () => {
    expect(await run("run good.rule --events empty.ndjson")).toEqual({
      code: 0,
      stdout: "",
      stderr: "0 events, 0 alerts\n",
    });
  });

  test("rejects bad lines by their numbers, counts the good ones around them, and exits with 3", async () => {
    const { code, stdout, stderr } = await run("run good.rule --events bad-lines.ndjson");
    expect([code, rulesIn(stdout)]).toEqual([3, ["two_failures"]]);
    expect(stderr).toBe(
      `line 2: not JSON at line 2, column 8: found the end of the text, expected a field name in double quotes
line 3: the event has no \`at\`, which the stream declares as its time
line 4: \`at\`: expected RFC 3339 text or whole epoch milliseconds, found "soon" (for example "2026-01-31T12:00:00.000Z" or 1769860800000)
line 5: expected a JSON object, found an array
2 events, 1 alert, 1 duplicate, 4 rejected
`,
    );
  });

  test("names some of many bad lines, and counts all", async () => {
    const { code, stdout, stderr } = await run("run good.rule --events many-bad-lines.ndjson");
    expect([code, rulesIn(stdout)]).toEqual([3, ["two_failures"]]);
    expect(stderr).toMatch(/line 21: .*\nfurther rejected lines are only counted\n2 events, 1 alert, 30 rejected\n$/);
  });

  test("with a rule that is refused, reads no event and exits with 1", async () => {
    const { code, stdout, stderr } = await run("run clause.rule --events good.ndjson");
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("clause.rule:7:3");
  });

  test("ends quietly when its reader has seen enough", async () => {
    const [rule, events] = ["each.rule", "many.ndjson"].map((name) => path.join(folder, name));
    const command = `set -o pipefail; "$@" | head -1`;
    const shell = spawn("bash", [
      "-c",
      command,
      "-",
      process.execPath,
      COMMAND_LINE,
      "run",
      rule!,
      "--events",
      events!,
    ]);
    const ended = new Promise((resolve) => shell.once("close", resolve));
    const [stdout, stderr] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
    expect({ code: await ended, rules: rulesIn(stdout), stderr }).toEqual({ code: 0, rules: ["each"], stderr: "" });
  });
});

describe("tripline check", () => {
  test("names the line, what was found and what was expected, and exits with 1", async () => {
    expect(await run("check line-7.rule")).toEqual({
      code: 1,
      stdout: `error[E020]: \`user\` cannot stand here: expected \`by\`
 --> line-7.rule:7:7
  |
7 |   key user
  |       ^^^^
`,
      stderr: "refused: line-7.rule\n",
    });
  });

  test("guesses what was meant", async () => {
    const { code, stdout } = await run("check good.rule clause.rule");
    expect(code).toBe(1);
    expect(stdout).toContain("7 |   sevrity high\n  |   ^^^^^^^ did you mean `severity`?");
  });

  test("exits with 0 where nothing is wrong", async () => {
    expect(await run("check good.rule empty.rule")).toMatchObject({ code: 0, stderr: "2 files, 1 rule, 0 warnings\n" });
  });
});

describe("a command line that cannot be used says why, and exits with 2", () => {
  test.each([
    ["rum", "error: there is no command `rum`\n       did you mean `run`?\n"],
    ["run good.rule", "error: `--events` is missing\n       `--events FILE`, or `--events -` for standard input\n"],
    ["run --events good.ndjson", "error: no rule file is named\n"],
    ["run good.rule --evnts good.ndjson", "error: Unknown option '--evnts'\n"],
    ["run good.rule --events none.ndjson", "error: cannot read none.ndjson: there is no such file\n"],
    ["run good.rule --events no-rules", "error: cannot read no-rules: it is a folder\n"],
    ["run none.rule --events good.ndjson", "error: cannot read none.rule: there is no such file\n"],
    ["run no-rules --events good.ndjson", "error: no `.rule` file below no-rules\n"],
    [
      "run arrival.rule --events good.ndjson",
      "error: the rule `two_failures` reads the stream `logins`, which declares no `time`\n",
    ],
    ["check", "error: no rule file is named\n"],
    ["check none.rule", "error: cannot read none.rule: there is no such file\n"],
    [
      "serve --prot 1",
      "error: `--prot` is not known; expected --port, --host, --data, --rules, --parallelism\n       did you mean --port?\n",
    ],
  ])("%s", async (line, expected) => {
    const { code, stdout, stderr } = await run(line);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(expected);
  });
});

test("help is on standard output: exit code 0 when it was asked for, and 2 when no command was", async () => {
  const [asked, bare] = [await run("help"), await run("").then(async () => tripline([]))];
  expect([asked.code, bare.code]).toEqual([0, 2]);
  expect(asked.stdout).toContain("exit codes: 0 done");
  expect(bare.stdout).toBe(asked.stdout);
});

test.each(["--version", "version"])("%s is on standard output", async (word) => {
  expect(await run(word)).toEqual({ code: 0, stdout: "tripline 0.1.0\n", stderr: "" });
});

describe("a service that cannot start says why, and exits with 70", () => {
  const taken = createServer();
  beforeAll(() => new Promise<void>((resolve) => void taken.listen(0, "127.0.0.1", resolve)));
  afterAll(() => new Promise((resolve) => taken.close(resolve)));

  test("when its port is taken", async () => {
    const { port } = taken.address() as AddressInfo;
    const { code, stderr } = await run(`serve --port ${port} --data no-data`);
    expect(code).toBe(70);
    expect(stderr).toContain(`${port}`);
  });
});
