/** The layers and doors that ARCHITECTURE.md draws are the ones the code has: its tables are read, not copied. */

import { describe, expect, test } from "@jest/globals";
import { builtinModules } from "node:module";
import path from "node:path";

import { arrowTable, filesUnder } from "../support/project.ts";
import { factsOf, RUN_TIME, sourceFacts } from "../support/source-tree.ts";

const layers = arrowTable("ARCHITECTURE.md", "layers");
const doors = arrowTable("ARCHITECTURE.md", "doors");
const builtins = new Set(builtinModules);

const PURE = new Set(["core", "lang", "expr", "nfa", "stream", "engine"]);
const HARMLESS = new Set(["node:buffer", "node:crypto"]);
const CLOCK = "src/connect/system-clock.ts";
/** Loads the user's program into a worker thread: the one module that is known only at run time. */
const PROGRAM = "src/connect/workers/program.ts";

const sources = filesUnder("src", ".ts").map((file) => ({ file, layer: layerOf(file), ...sourceFacts(file) }));

/** `src/nfa/step.ts` is of `nfa`, `src/index.ts` of `index`. */
function layerOf(file: string): string {
  return path.relative("src", file).split(path.sep)[0]!.replace(/\.ts$/, "");
}

/** `pg`, `@hono/node-server`: the package of `pg/lib/x` and `@hono/node-server/serve-static`. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtins.has(packageOf(specifier));
}

function isProgram({ file }: { readonly file: string }, specifier: string): boolean {
  return file === PROGRAM && specifier === RUN_TIME;
}

/** Imports that a rule refuses, as `file: specifier`, so that a failure names the place. */
function offenders(refused: (source: (typeof sources)[number], specifier: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports.filter((specifier) => refused(source, specifier)).map((specifier) => `${source.file}: ${specifier}`),
  );
}

describe("layers", () => {
  test("every folder of src is in the table", () => {
    expect(sources.filter(({ layer }) => !layers.has(layer)).map(({ file }) => file)).toEqual([]);
  });

  test("the table has no cycle: a layer is drawn below everything it imports", () => {
    const order = [...layers.keys()];
    const upward = [...layers].flatMap(([layer, targets]) =>
      targets
        .filter((target) => order.indexOf(target) >= order.indexOf(layer))
        .map((target) => `${layer} -> ${target}`),
    );
    expect(upward).toEqual([]);
  });

  test("a folder imports only itself and what the table allows it", () => {
    const refused = offenders(({ file, layer }, specifier) => {
      if (!specifier.startsWith(".")) return false;
      const target = layerOf(path.join(path.dirname(file), specifier));
      return target !== layer && !(layers.get(layer) ?? []).includes(target);
    });
    expect(refused).toEqual([]);
  });

  test("an import is written with its ending and stays inside src", () => {
    const refused = offenders((source, specifier) => {
      if (isProgram(source, specifier)) return false;
      const { file } = source;
      if (!specifier.startsWith(".")) return specifier.startsWith("/") || specifier.startsWith("(");
      return !specifier.endsWith(".ts") || path.join(path.dirname(file), specifier).startsWith("..");
    });
    expect(refused).toEqual([]);
  });
});

describe("doors", () => {
  test("a library is imported only where the table has a door for it", () => {
    const refused = offenders((source, specifier) => {
      if (specifier.startsWith(".") || isBuiltin(specifier) || isProgram(source, specifier)) return false;
      return !(doors.get(packageOf(specifier)) ?? []).includes(source.layer);
    });
    expect(refused).toEqual([]);
  });

  test("the pure columns use nothing of Node but bytes and hashing", () => {
    const refused = offenders(({ layer }, specifier) => {
      return PURE.has(layer) && isBuiltin(specifier) && !HARMLESS.has(specifier);
    });
    expect(refused).toEqual([]);
  });
});

describe("time and chance", () => {
  /** Waiting is not reading: outside the pure columns a timer may be set. */
  const waits = new Set(["setTimeout", "setInterval", "setImmediate"]);
  /** Secrets and temporary names are made of chance, at the rim; nothing that matches or counts rests on them. */
  const chance = new Set(["randomUUID", "randomBytes", "randomInt"]);

  test("only the system clock reads the time", () => {
    const readings = sources
      .filter(({ file }) => file !== CLOCK)
      .flatMap(({ file, ambient }) => ambient.map((name) => ({ file, name })))
      .filter(({ name }) => !waits.has(name) && !chance.has(name));
    expect(readings).toEqual([]);
  });

  test("the pure columns neither wait nor draw lots", () => {
    const readings = sources
      .filter(({ layer }) => PURE.has(layer))
      .flatMap(({ file, ambient }) => ambient.map((name) => ({ file, name })));
    expect(readings).toEqual([]);
  });
});

describe("what these tests can see", () => {
  test("every way of importing", () => {
    const source = `
      import a from "./a.ts"; import type { B } from "./b.ts"; export { c } from "./c.ts"; export * from "./d.ts";
      const e = await import("./e.ts"); type F = import("./f.ts").F; // import "./g.ts"
      const h = "import './h.ts'"; const i = import(h);`;
    expect(factsOf(source).imports).toEqual([
      "./a.ts",
      "./b.ts",
      "./c.ts",
      "./d.ts",
      "./e.ts",
      "./f.ts",
      "(worked out at run time)",
    ]);
  });

  test("every way of reading time and chance", () => {
    const source = `Date.now(); new Date(); new Date(0); Math.random(); performance.now(); setTimeout(f, 1); const n = Date.now;`;
    expect(factsOf(source).ambient).toEqual([
      "Date.now",
      "new Date()",
      "Math.random",
      "performance.now",
      "setTimeout",
      "Date.now",
    ]);
  });
});
