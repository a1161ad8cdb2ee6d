/** What came of the demo, counted: whether every alert was delivered and verified, and how long it took. */

import type { Alert } from "../../engine/output.ts";
import type { StreamDefinition } from "../../lang/definition.ts";
import type { Planted } from "./generate.ts";
import { percentile, type SendLog } from "./latency.ts";
import type { Reception } from "./receiver.ts";

export interface Summary {
  /** Label and value, in order. */
  readonly rows: readonly (readonly [string, string])[];
  /** Every alert that was to be delivered was, and every signature was right. */
  readonly complete: boolean;
}

export interface Results {
  readonly sent: number;
  readonly accepted: number;
  /** Every alert the service stored. */
  readonly alerts: readonly Alert[];
  /** Every request the receiver took, repetitions included. */
  readonly receptions: readonly Reception[];
  readonly planted: readonly Planted[];
  readonly log: SendLog;
  readonly streamOf: (rule: string) => StreamDefinition | undefined;
}

export function summarize(results: Results): Summary {
  const { sent, accepted, alerts, receptions, planted } = results;
  const due = alerts.filter(({ suppressedBy }) => suppressedBy === null);
  const received = new Set(receptions.map(({ alert }) => alert.id));
  const verified = receptions.filter((reception) => reception.verified).length;
  const found = planted.filter(({ rule, key }) => alerts.some((alert) => alert.rule === rule && alert.key === key));
  const complete =
    accepted === sent &&
    due.length > 0 &&
    received.size === due.length &&
    due.every(({ id }) => received.has(id)) &&
    verified === receptions.length;
  return {
    complete,
    rows: [
      ["events", `${count(accepted)} accepted of ${count(sent)} sent`],
      ["alerts", `${due.length}, and ${alerts.length - due.length} held by suppress`],
      ["planted", `${found.length} of ${planted.length} found`],
      ["deliveries", `${received.size} of ${due.length}${repeats(receptions.length - received.size)}`],
      ["signatures", `${verified} of ${receptions.length} verified`],
      ["latency", `${latency(results, "certainSentAt")}, from the batch that made it certain to the receiver`],
      ["", `${latency(results, "completionSentAt")}, from its last event, the wait for late ones included`],
    ],
  };
}

function latency({ receptions, log, streamOf }: Results, from: "certainSentAt" | "completionSentAt"): string {
  const waits = receptions.flatMap(({ alert, receivedAt }) => {
    const stream = streamOf(alert.rule);
    const sentAt = stream === undefined ? undefined : log[from](alert, stream);
    return sentAt === undefined ? [] : [receivedAt - sentAt];
  });
  const p50 = percentile(waits, 0.5);
  const p99 = percentile(waits, 0.99);
  return p50 === undefined || p99 === undefined ? "none" : `p50 ${p50} ms, p99 ${p99} ms`;
}

function repeats(times: number): string {
  return times === 0 ? "" : `, ${times} repeated`;
}

/** `12,345`, whatever the machine's language. */
function count(value: number): string {
  return value.toLocaleString("en-US");
}
