/** SEMANTICS.md, run: every example of the document, through the library. */

import { describe, expect, test } from "@jest/globals";

import { examplesOf } from "./example.ts";
import { outcomeOf } from "./play.ts";

describe("SEMANTICS.md", () => {
  test.each(examplesOf("SEMANTICS.md").map((example) => [example.title, example] as const))("%s", (_, example) => {
    expect(outcomeOf(example)).toEqual(example.expected);
  });
});
