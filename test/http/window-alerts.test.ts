/** An alert of a window through every door: found, read, listened to and posted, word for word the same. */

import { beforeAll, describe, expect, test } from "@jest/globals";
import { webhookBody } from "../../src/delivery/payload.ts";
import { createEngine, type Alert } from "../../src/index.ts";
import { httpService } from "../support/http-service.ts";

const RULES = `
stream orders { time at }
rule per_minute "Orders in a minute" {
  from   orders
  key by shop
  window { tumbling 1m  having count() > 1 }
  emit { orders = count(), total = sum(amount) }
}
rule each_order { from orders  key by shop  pattern { begin order where amount > 100 } }
`;

const EVENTS = [5, 20, 200].map((amount, i) => ({ at: 10_000 * (i + 1), shop: "north", amount }));

const service = httpService();
beforeAll(async () => {
  await service.postRules(RULES);
  await service.postEvents("orders", EVENTS);
});

/** What the library finds. */
function found(): Alert[] {
  const engine = createEngine({ rules: RULES });
  const outputs = [...EVENTS.flatMap((event) => engine.push("orders", event)), ...engine.watermark("orders", "end")];
  return outputs.flatMap((output) => (output.kind === "alert" ? [output.alert] : []));
}

describe("an alert of a window", () => {
  const [alert] = found().filter(({ kind }) => kind === "window") as [Alert];

  // S10.15
  test("says of which window it is", () => {
    expect(alert).toMatchObject({
      rule: "per_minute",
      key: "north",
      at: "1970-01-01T00:01:00.000Z",
      firstEventAt: "1970-01-01T00:00:10.000Z",
      lastEventAt: "1970-01-01T00:00:30.000Z",
      events: {},
      window: { start: "1970-01-01T00:00:00.000Z", end: "1970-01-01T00:01:00.000Z", firing: 1 },
      emit: { orders: 3, total: 225 },
    });
  });

  test("is listened to as it comes, found by its kind, and read by its id", async () => {
    const listening = new AbortController();
    const live = await fetch(`${service.url}/v1/alerts/stream?rule=per_minute`, { signal: listening.signal });
    await service.call("POST /v1/streams/orders/watermark", { body: '{"time":"end"}', type: "application/json" });
    expect(await firstAlert(live)).toEqual(alert);
    listening.abort();

    const ofKind = async (kind: string): Promise<readonly Alert[]> =>
      (await service.call(`GET /v1/alerts?kind=${kind}`)).json<{ readonly items: readonly Alert[] }>().items;
    expect(await ofKind("window")).toEqual([alert]);
    expect(await ofKind("match")).toMatchObject([{ rule: "each_order" }]);
    expect((await service.call(`GET /v1/alerts/${alert.id}`)).json()).toEqual(alert);
  });

  test("is posted whole", () => {
    expect(JSON.parse(webhookBody(alert))).toEqual({ type: "alert.window", timestamp: alert.at, data: alert });
  });
});

/** Of a stream of server-sent events. */
async function firstAlert(live: Response): Promise<unknown> {
  let text = "";
  for await (const piece of live.body!) {
    text += Buffer.from(piece as Uint8Array).toString();
    const data = /^event: alert\ndata: (.*)\n\n/m.exec(text)?.[1];
    if (data !== undefined) return JSON.parse(data);
  }
  throw new Error("the stream has ended");
}
