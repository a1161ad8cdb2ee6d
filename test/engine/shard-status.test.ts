/** What people see of a service is the same at any number of workers: rules and their counts, streams, lists, keys (S9.22). */

import { expect, test } from "@jest/globals";
import { memoryShards } from "../support/memory-shards.ts";
import { newStores, open, type Opened } from "../support/pair-service.ts";
import { settled } from "../support/scheduler.ts";

const STREAM = `stream s { time at  watermark bounded 2ms }`;
const PAIR = `rule pair { from s key by k pattern { begin a where t == "a"  followedBy b where t == "b"  within 20ms } suppress 15ms }`;
const COUNTED = `rule counted { from s key by k window { tumbling 10ms  allow lateness 5ms } emit { n = count() } }`;
const LISTED = `rule listed { from s key by k pattern { begin a where k in list("watched") and t / 2 == 1 } }`;
const ABSENT = `rule absent { from s key by k pattern { begin a where t == "a"  notFollowedBy b where t == "b"  within 5ms } }`;

/** `ab1@5`: types in order, key, time. */
function events(text: string): { t: string; k: string | null; at: number }[] {
  return text.split(" ").flatMap((each) => {
    const [types, k, at] = /^(\w+)(\w|-)@(\d+)$/.exec(each)!.slice(1);
    return types!.split("").map((t) => ({ t, k: k === "-" ? null : k!, at: Number(at) }));
  });
}

async function lived(count: number): Promise<Opened> {
  const opened = await open({
    stores: newStores(),
    rules: [STREAM, PAIR, COUNTED, LISTED, ABSENT].join("\n"),
    ...(count > 1 && { shards: memoryShards(count) }),
  });
  const { service } = opened;
  const ingest = async (text: string): Promise<void> => void (await service.ingest("s", events(text)));
  await ingest("a1@1 a2@1 ab3@2 a4@3 abab5@4 a-@5");
  await service.changeList("watched", { put: ["1", "3"] });
  await ingest("b1@6 a6@8 b2@1 ab3@9");
  await service.pauseRule("pair");
  await ingest("b4@12 ab7@14 b1@15");
  await service.putRules(PAIR.replace("20ms", "30ms"), { onChange: "drop" });
  await service.putRules(ABSENT.replace("5ms", "6ms"), { onChange: "drain" });
  await service.resumeRule("pair");
  await ingest("ab7@24 a1@26 b6@28 a2@21");
  await service.rollbackRule("pair", 1);
  await service.removeRule("listed");
  await ingest("ab8@40 ab1@44 a9@50");
  await settled();
  return opened;
}

test.each([2, 3, 5])("%d workers", async (count) => {
  const [one, many] = [await lived(1), await lived(count)];
  expect(many.service.rules()).toEqual(one.service.rules());
  expect(many.service.rule("counted")).toMatchObject({ counts: { events: 28, unkeyed: 1 } });
  expect(many.service.streams()).toEqual(one.service.streams());
  expect(many.service.lists()).toEqual(one.service.lists());
  const { checkpoints: _, ...seen } = many.service.status();
  expect(seen).toEqual((({ checkpoints: __, ...rest }) => rest)(one.service.status()));
  for (const key of "123456789") {
    for (const rule of ["pair", "counted", "absent"]) {
      expect(await many.service.keyState(rule, key)).toEqual(await one.service.keyState(rule, key));
    }
  }
  const alerts = async ({ stores }: Opened): Promise<unknown> => await stores.alerts.after(0, 1000);
  expect(await alerts(many)).toEqual(await alerts(one));
});
