import { expect, test } from "@jest/globals";
import { nearest } from "../../src/core/nearest.ts";

function check(word: string, names: string[], expected: string | null): void {
  expect(nearest(word, names)).toBe(expected);
}

test("one wrong, missing, extra or swapped letter is forgiven", () => {
  check("logims", ["payments", "logins"], "logins");
  check("login", ["payments", "logins"], "logins");
  check("loggins", ["payments", "logins"], "logins");
  check("lgoins", ["payments", "logins"], "logins");
});

test("case does not count as a mistake", () => check("LOGINS", ["logins"], "logins"));

test("the nearest wins, and the first of equals", () => {
  check("rule", ["rules", "rule_a"], "rules");
  check("ab", ["ac", "ad"], "ac");
});

test("a name more than a third of its letters away is no suggestion", () => {
  check("clicks", ["logins"], null);
  check("x", [], null);
});
