/** What the demo plays: the bundled CloudTrail sample and a generated hour of a shop, and the rules that watch them. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { assert } from "../../core/assert.ts";
import type { JsonObject } from "../../core/event.ts";
import { parseTime } from "../../core/time.ts";
import { generateTraffic, type Planted } from "./generate.ts";
import type { Arrival } from "./traffic.ts";

export interface Show {
  /** Texts to post, one for each rule file, each rule delivering to the destination. */
  readonly rules: readonly string[];
  readonly arrivals: readonly Arrival[];
  readonly planted: readonly Planted[];
}

const RULE_FOLDERS = ["authentication", "cloud", "operations", "payments"];

/** `root` is the project's folder. */
export async function loadShow({
  root,
  seed,
  destination,
}: {
  root: string;
  seed: number;
  destination: string;
}): Promise<Show> {
  const sample = await cloudTrail(join(root, "examples", "cloudtrail.ndjson"));
  const times = sample.map(({ arrivesAt }) => arrivesAt);
  const shop = generateTraffic({ seed, from: times[0]!, to: times.at(-1)! });
  return {
    rules: (await bundledRules(join(root, "rules"))).map((text) => delivering(text, destination)),
    arrivals: [...sample, ...shop.arrivals],
    planted: shop.planted,
  };
}

async function cloudTrail(file: string): Promise<Arrival[]> {
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
  let arrivesAt = Number.NEGATIVE_INFINITY;
  return lines.map((line) => {
    const document = JSON.parse(line) as JsonObject;
    const time = parseTime(document["eventTime"]);
    assert(time !== undefined, "every record of the sample has a time");
    // The sample does not say when a record was delivered, only in which order: as soon as it can have been.
    arrivesAt = Math.max(arrivesAt, time);
    return { stream: "cloudtrail", time, arrivesAt, document };
  });
}

async function bundledRules(folder: string): Promise<string[]> {
  const texts: string[] = [];
  for (const topic of RULE_FOLDERS) {
    const files = (await readdir(join(folder, topic))).filter((file) => file.endsWith(".rule")).sort();
    for (const file of files) texts.push(await readFile(join(folder, topic, file), "utf8"));
  }
  return texts;
}

/** Bundled rules name no destination, and end in the rule's closing brace. */
function delivering(text: string, destination: string): string {
  return text.trimEnd().replace(/\}$/, `  deliver ${destination}\n}\n`);
}
