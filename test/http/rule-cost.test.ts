import { describe, expect, test } from "@jest/globals";

import { limits } from "../../src/core/limits.ts";
import type { RuleCheck, RulesPut } from "../../src/engine/service/service-types.ts";
import { httpService, TWO_FAILURES } from "../support/http-service.ts";

const service = httpService();

const FORKS = "rule forks { from logins pattern { begin a where x oneOrMore followedBy b where y within 1h } }";
const BOUNDED = {
  states: 3,
  bounded: true,
  by: "within",
  cap: null,
  reason: "each event starts a few at most, and none lasts longer than 1m",
};
const CAPPED = {
  states: 5,
  bounded: false,
  by: "cap",
  cap: limits.partialMatchesPerKeyMax,
  reason: expect.stringContaining("`a` takes may also be passed over"),
};

describe("what a rule may cost", () => {
  test("is told before it is put, by rule", async () => {
    const answer = await service.call("POST /v1/rules/validate", { body: TWO_FAILURES + FORKS, type: "text/plain" });
    expect(answer.json<RuleCheck>().costs).toEqual({ two_failures: BOUNDED, forks: CAPPED });
  });

  test("is not told of a text that is refused", async () => {
    const answer = await service.call("POST /v1/rules/validate", {
      body: `${FORKS} rule broken {}`,
      type: "text/plain",
    });
    expect(answer.json<RuleCheck>()).toMatchObject({ valid: false, costs: {} });
  });

  test("is told when it is put, of those that were there already too", async () => {
    await service.postRules(TWO_FAILURES);
    const { rules } = (await service.postRules(TWO_FAILURES + FORKS)).json<RulesPut>();
    expect(rules).toMatchObject([
      { name: "two_failures", change: "unchanged", cost: BOUNDED },
      { name: "forks", change: "created", cost: CAPPED },
    ]);
  });
});
