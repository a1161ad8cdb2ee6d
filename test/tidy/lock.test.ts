/** What is installed: complete for every platform, pinned, and under licences that ask nothing of whoever runs it. */

import { describe, expect, test } from "@jest/globals";

import { read } from "../support/project.ts";

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Versions = Readonly<Record<string, string>>;

const manifest = JSON.parse(read("package.json")) as Readonly<Record<string, Versions | undefined>>;
const lock = JSON.parse(read("package-lock.json")) as { readonly packages: Readonly<Record<string, LockEntry>> };
const installed = Object.entries(lock.packages).filter(([place]) => place !== "");

const PERMISSIVE = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "Unlicense",
  "PostgreSQL",
  "Python-2.0",
]);

/** Licences that are not in the list, by package, each with why it is all right. */
const EXCEPTIONS: Versions = {
  "node_modules/caniuse-lite": "CC-BY-4.0: a table of browser versions that Babel's coverage reads; never shipped",
};

/** Of `A OR B` one licence is enough; of `A AND B` every one counts. */
function isPermissive(licence: string): boolean {
  return licence
    .replace(/[()]/g, "")
    .split(" AND ")
    .every((part) => part.split(" OR ").some((choice) => PERMISSIVE.has(choice.trim())));
}

describe("package.json", () => {
  test.each(["dependencies", "optionalDependencies", "devDependencies", "overrides"])(
    "pins every one of its %s",
    (kind) => {
      const loose = Object.entries(manifest[kind] ?? {}).filter(
        ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
      );
      expect(loose).toEqual([]);
    },
  );
});

describe("package-lock.json", () => {
  // Written on one platform against a registry with gaps, a lock can lack the packages of the others; `npm ci` then fails there.
  test("has an entry for every optional package, whatever the platform", () => {
    const places = installed.map(([place]) => place);
    const missing = installed
      .flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !places.some((place) => place.endsWith(`node_modules/${name}`)));
    expect(missing).toEqual([]);
  });

  test("names the versions that package.json asks for", () => {
    const asked = { ...manifest["dependencies"], ...manifest["optionalDependencies"], ...manifest["devDependencies"] };
    const other = Object.entries(asked).filter(
      ([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version,
    );
    expect(other).toEqual([]);
  });

  test("holds only permissive licences", () => {
    const others = installed
      .filter(([place, { license }]) => !(place in EXCEPTIONS) && !isPermissive(license ?? "none stated"))
      .map(([place, { license }]) => `${place}: ${license ?? "none stated"}`);
    expect(others).toEqual([]);
  });

  test("needs each exception, and only while developing", () => {
    const needless = Object.keys(EXCEPTIONS).filter((place) => {
      const entry = lock.packages[place];
      return entry === undefined || entry.dev !== true || isPermissive(entry.license ?? "");
    });
    expect(needless).toEqual([]);
  });
});
