/** Order of arrival does not matter: the sample as CloudTrail delivered it, and sorted by time, give the same alerts. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import type { Alert } from "../../src/engine/output.ts";
import { filesUnder, read, root } from "../support/project.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { parseLines, tripline } from "./command-line.ts";

const STREAM = `stream cloudtrail {
  time       eventTime
  watermark  bounded 1h
  id         eventID
}
`;

const OWN_RULES = `${STREAM}
rule secret_read_then_deleted {
  from   cloudtrail
  key by userIdentity.arn
  pattern {
    begin      read    where eventName == "GetSecretValue"
    followedBy deleted where eventName == "DeleteSecret"
    within 10m
    skip none
  }
}

rule role_made_to_stay {
  from   cloudtrail
  key by userIdentity.arn
  pattern {
    begin         made where eventName == "CreateRole"
    notFollowedBy gone where eventName == "DeleteRole"
    within 3m
    skip none
  }
}

rule role_taken_without_a_look {
  from   cloudtrail
  key by sourceIPAddress
  pattern {
    begin         taken  where eventName == "AssumeRole"
    notFollowedBy looked where eventName == "GetCallerIdentity"
    followedByAny made   where eventName like "Create*"
    within 5m
    skip none
  }
}

rule vpc_left_standing {
  from   cloudtrail
  key by userIdentity.arn
  pattern {
    begin      made where eventName == "CreateVpc"
    followedBy gone where eventName == "DeleteVpc"
    within 3m
    skip toNext
  }
  on timeout emit { since = time(made) }
}

rule decrypted_in_one_go {
  from   cloudtrail
  key by userIdentity.arn
  pattern {
    begin decrypted where eventName == "Decrypt" oneOrMore consecutive greedy
    next  other     where eventName != "Decrypt"
    within 1m
  }
}
`;

interface Finding {
  readonly rule: string;
  /** With the ids of the events of each stage; offsets are places in the input, and differ. */
  readonly text: string;
}

describe("every record of the sample, in order of arrival and in order of time", () => {
  const newFolder = temporaryFolders();
  let arrived: Finding[];
  let sorted: Finding[];

  beforeAll(async () => {
    const folder = await newFolder();
    const rules = path.join(folder, "rules");
    await mkdir(rules);
    await writeFile(path.join(rules, "own.rule"), OWN_RULES);
    for (const file of filesUnder("rules/cloud", ".rule")) {
      await writeFile(path.join(rules, path.basename(file)), read(file).replace("bounded 10m", "bounded 1h"));
    }
    const sample = path.join(root, "examples", "cloudtrail.ndjson");
    const byTime = path.join(folder, "sorted.ndjson");
    await writeFile(byTime, sortedByTime(await readFile(sample, "utf8")));
    [arrived, sorted] = await Promise.all([findings(rules, sample), findings(rules, byTime)]);
  });

  // S1.3, S1.5
  test("gives the same alerts, of the same events, in the same order", () => {
    expect(arrived).toEqual(sorted);
  });

  test("is enough for every rule to find something", () => {
    const rules = [...new Set(sorted.map(({ rule }) => rule))].sort();
    expect(rules).toEqual([
      "backdoor_user",
      "decrypted_in_one_go",
      "denied_api_calls",
      "reconnaissance",
      "role_made_to_stay",
      "role_taken_without_a_look",
      "secret_read_then_deleted",
      "secrets_harvested",
      "vpc_left_standing",
    ]);
  });
});

/** Stably: records of one time stay as they came. */
function sortedByTime(lines: string): string {
  const records = parseLines<{ eventTime: string }>(lines);
  records.sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}

async function findings(rules: string, events: string): Promise<Finding[]> {
  const { code, stdout, stderr } = await tripline(["run", rules, "--events", events]);
  const alerts = parseLines<Alert>(stdout);
  // Late ones would be told in the sums.
  expect({ code, stderr }).toEqual({ code: 0, stderr: `2900 events, ${alerts.length} alerts\n` });
  return alerts.map(({ rule, id, key, kind, at, emit, events: stages }) => {
    const ids = Object.entries(stages).map(([stage, taken]) => [stage, taken.map(({ data }) => data["eventID"])]);
    return { rule, text: JSON.stringify({ id, key, kind, at, emit, ids }) };
  });
}
