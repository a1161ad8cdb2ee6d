/** The command line: finds the command, runs it, and turns what it throws into a message and an exit code. */

import { UserError } from "../core/errors.ts";
import { EXIT } from "./exit-code.ts";
import { HELP } from "./help.ts";
import { nearest } from "../core/nearest.ts";
import { Refusal } from "./service-client.ts";
import { UsageError } from "./usage.ts";
import { versionLine } from "./version.ts";

type Command = (args: string[]) => Promise<number>;

/** Loaded when they are asked for: the service takes a second, and formatting a file does not need it. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  run: async () => (await import("./run.ts")).run,
  check: async () => (await import("./check.ts")).check,
  fmt: async () => (await import("./fmt.ts")).fmt,
  graph: async () => (await import("./graph.ts")).graph,
  demo: async () => (await import("./demo.ts")).demo,
  status: async () => (await import("./status.ts")).status,
  checkpoint: async () => (await import("./checkpoint.ts")).checkpoint,
  savepoint: async () => (await import("./savepoint.ts")).savepoint,
  poison: async () => (await import("./poison.ts")).poison,
};

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === "help" || name === "--help" || name === "-h" || args.includes("--help")) {
    process.stdout.write(HELP);
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === "--version" || name === "-V" || name === "version") {
    process.stdout.write(versionLine());
    return EXIT.ok;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return (await command())(args);
  const near = nearest(name, Object.keys(COMMANDS));
  throw new UsageError(`there is no command \`${name}\``, near === null ? undefined : `did you mean \`${near}\`?`);
}

function exitCode(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof Refusal ? EXIT.refused : EXIT.failed;
}

// A reader that has seen enough (`| head`) is no failure of ours.
for (const out of [process.stdout, process.stderr]) {
  out.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UserError) {
    process.stderr.write(`error: ${error.message}\n${error.hint === undefined ? "" : `       ${error.hint}\n`}`);
  } else console.error(error);
  process.exitCode = exitCode(error);
}
