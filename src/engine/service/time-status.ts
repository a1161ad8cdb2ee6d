/** How far time has come, for streams and for rules that read several, and who holds it back: as the API shows it. */

import { BEGINNING_OF_TIME, formatTime } from "../../core/time.ts";
import type { InputStream } from "../input-stream.ts";
import type { Job } from "../job.ts";
import { inputName, sourceName, type RuleInput } from "../rules/rule-input.ts";
import type { RuleRegistry } from "../rules/rule-registry.ts";
import type { HeldBackBy, PartitionStatus, RuleInputStatus } from "./service-types.ts";
import type { Holder } from "./time-holders.ts";

type Holders = ReadonlyMap<string, Holder>;

/** The partition that has no name, as the API calls it. */
const HTTP = "http";

/** The partition that holds back the stream's time; null before the first event, and after the end. */
export function heldBackBy(stream: string, holders: Holders): HeldBackBy | null {
  const holder = holders.get(sourceName(stream));
  if (holder === undefined) return null;
  const { input, watermark, since } = holder;
  return { stream, partition: shownName(input), watermark: formatTime(watermark), since: formatTime(since) };
}

/** Those that have spoken. */
export function partitionStatuses(stream: InputStream, time: ReturnType<Job["timeStatus"]>): PartitionStatus[] {
  const inputs = time[sourceName(stream.name)]?.inputs ?? [];
  return stream.partitions().map(({ name, lastArrival, idle }) => ({
    name: shownName(name),
    watermark: formatTime(inputs.find((input) => input.name === name)?.watermark ?? BEGINNING_OF_TIME),
    lastArrival: formatTime(lastArrival),
    idle,
  }));
}

function shownName(partition: string): string {
  return partition === "" ? HTTP : partition;
}

/** For each set of streams that rules read together, in the order of their names. */
export function ruleInputs(job: Job, { rules, holders }: { rules: RuleRegistry; holders: Holders }): RuleInputStatus[] {
  const readers = new Map<RuleInput, string[]>();
  for (const { name, branch } of rules.all()) {
    const { input } = job.branch(branch);
    readers.set(input, [...(readers.get(input) ?? []), name]);
  }
  return [...readers]
    .map(([input, names]): RuleInputStatus => ({
      streams: input.streams,
      rules: names.sort(),
      watermark: formatTime(input.watermark),
      waiting: input.waitingCount,
      heldBackBy: holderOf(input, holders),
    }))
    .sort((a, b) => (a.streams.join() < b.streams.join() ? -1 : 1));
}

/** Of several streams, the one whose time is the least; and of that one, the partition. */
function holderOf({ streams }: RuleInput, holders: Holders): HeldBackBy | null {
  if (streams.length === 1) return heldBackBy(streams[0]!, holders);
  const holder = holders.get(inputName(streams));
  const stream = streams.find((name) => sourceName(name) === holder?.input);
  if (holder === undefined || stream === undefined) return null;
  const { watermark, since } = holder;
  const partition = heldBackBy(stream, holders)?.partition ?? null;
  return { stream, partition, watermark: formatTime(watermark), since: formatTime(since) };
}
