/** What the bundled rules find in the bundled events. */

import { expect, test } from "@jest/globals";

import type { JsonObject } from "../../src/core/event.ts";
import { createEngine } from "../../src/index.ts";
import { filesUnder, read } from "../support/project.ts";

/** The rules of one folder over one file of events, in its order; `rule key` of what was sent, and of what came late. */
function check({ rules, events, stream }: { rules: string; events: string; stream: string }, expected: string[]): void {
  const sent = filesUnder(rules, ".rule").flatMap((file) => {
    const engine = createEngine({ rules: read(file) });
    const lines = read(events)
      .split("\n")
      .filter((line) => line !== "");
    const outputs = lines.flatMap((line) => engine.push(stream, JSON.parse(line) as JsonObject));
    return [...outputs, ...engine.watermark(stream, "end")].flatMap((output) => {
      if (output.kind === "late") return [`late ${output.offset}`];
      const { rule, key, suppressedBy } = output.alert;
      return suppressedBy === null
        ? [
            `${rule} ${JSON.stringify(key)
              .replace(/^.*[:/]/, "")
              .replaceAll('"', "")}`,
          ]
        : [];
    });
  });
  expect(sent.sort()).toEqual(expected);
}

test("the red team of the CloudTrail sample is found, user by user and role by role", () => {
  check({ rules: "rules/cloud", events: "examples/cloudtrail.ndjson", stream: "cloudtrail" }, [
    "backdoor_user malicious-iam-user",
    "backdoor_user stratus-red-team-backdoor-u-user",
    "backdoor_user stratus-red-team-login-profile-user",
    "backdoor_user stratus-red-team-nmfalu-gfjyeaypjt",
    "denied_api_calls aws-go-sdk-1688990082523310002",
    "denied_api_calls aws-go-sdk-1688990565286187801",
    "denied_api_calls bert-jan",
    "reconnaissance benjamin",
    "reconnaissance bert-jan",
    "secrets_harvested bert-jan",
  ]);
});

test("the guessed password of the made-up logins is found", () => {
  check({ rules: "rules/authentication", events: "examples/logins.ndjson", stream: "logins" }, [
    "brute_force_then_success ann",
    "failed_logins_burst 203.0.113.9",
  ]);
});
