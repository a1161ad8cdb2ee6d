/** `/metrics` (Prometheus). The names are a promise: they are added to, and never changed. */

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { IngestResult, RuleCounts, Service, StreamStatus } from "../engine/service/service-types.ts";
import type { HttpDependencies } from "./context.ts";

export interface Metrics {
  readonly registry: Registry;
  countIngest(stream: string, result: IngestResult): void;
  observeRequest(labels: { method: string; route: string; status: number }, seconds: number): void;
}

export function createMetrics(dependencies: HttpDependencies): Metrics {
  const registry = new Registry();
  if (dependencies.settings.processMetrics) collectDefaultMetrics({ register: registry });

  const registers = [registry];
  const ofStream = { labelNames: ["stream"], registers };
  const accepted = new Counter({
    name: "tripline_events_accepted_total",
    help: "Events taken into the log",
    ...ofStream,
  });
  const rejected = new Counter({ name: "tripline_events_rejected_total", help: "Events refused", ...ofStream });
  const duplicates = new Counter({ name: "tripline_events_duplicates_total", help: "Events known by id", ...ofStream });
  const requests = new Histogram({
    name: "tripline_http_request_duration_seconds",
    help: "Time from a request's head to its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60],
    registers,
  });
  readOnScrape(registry, dependencies);

  return {
    registry,
    countIngest(stream, result) {
      accepted.inc({ stream }, result.accepted);
      rejected.inc({ stream }, result.rejected.length);
      duplicates.inc({ stream }, result.duplicates);
    },
    observeRequest: (labels, seconds) => requests.observe(labels, seconds),
  };
}

/** What the service counts itself is read when it is asked for; while there is no service, there is nothing to say. */
function readOnScrape(registry: Registry, dependencies: HttpDependencies): void {
  for (const { name, help, value } of GAUGES) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        const backend = dependencies.backend();
        if (backend !== null) this.set(value(backend.service));
      },
    });
  }
  new Gauge({
    name: "tripline_ready",
    help: "1 when the service can do its work",
    registers: [registry],
    collect() {
      this.set(dependencies.notReadyReasons().length === 0 ? 1 : 0);
    },
  });
  new Counter({
    name: "tripline_delivery_attempts_total",
    help: "Webhooks sent, by what came of them; `dead`: given up",
    labelNames: ["result"],
    registers: [registry],
    collect() {
      this.reset();
      const attempts = dependencies.backend()?.attempts();
      for (const [result, count] of Object.entries(attempts ?? {})) this.inc({ result }, count);
    },
  });
  for (const what of ["alerts", "deliveries"] as const) {
    new Counter({
      name: `tripline_${what}_pruned_total`,
      help: "Removed since they were old",
      registers: [registry],
      collect() {
        this.reset();
        this.inc(dependencies.backend()?.pruned()[what] ?? 0);
      },
    });
  }
  for (const metric of STREAM_METRICS) {
    const all = () => dependencies.backend()?.service.streams() ?? [];
    perName(registry, "stream", { ...metric, values: () => all().map((s) => [s.name, metric.value(s)] as const) });
  }
  for (const metric of RULE_METRICS) {
    const all = () => dependencies.backend()?.service.rules() ?? [];
    perName(registry, "rule", { ...metric, values: () => all().map((r) => [r.name, r.counts[metric.count]]) });
  }
}

const GAUGES: readonly { name: string; help: string; value: (service: Service) => number }[] = [
  { name: "tripline_log_end_offset", help: "Offset after the log's last record", value: (s) => s.status().logEnd },
  { name: "tripline_log_processed_offset", help: "Outputs are written up to here", value: (s) => s.status().processed },
  {
    name: "tripline_log_applied_offset",
    help: "Records are through the engine up to here",
    value: (s) => s.status().applied,
  },
  { name: "tripline_log_lag_records", help: "Records not processed", value: (s) => s.status().lag.records },
  {
    name: "tripline_log_lag_seconds",
    help: "How long the oldest record not processed has waited",
    value: (s) => s.status().lag.ms / 1000,
  },
  {
    name: "tripline_checkpoint_last_offset",
    help: "Offset of the newest checkpoint",
    value: (s) => s.status().checkpoints?.last?.offset ?? 0,
  },
  {
    name: "tripline_checkpoint_last_duration_seconds",
    help: "From its barrier until it was complete",
    value: (s) => (s.status().checkpoints?.last?.durationMs ?? 0) / 1000,
  },
  {
    name: "tripline_checkpoint_last_pause_seconds",
    help: "For which no record was applied, at the newest checkpoint's barrier",
    value: (s) => (s.status().checkpoints?.last?.pauseMs ?? 0) / 1000,
  },
  {
    name: "tripline_checkpoint_last_bytes",
    help: "All that the newest checkpoint refers to, before compression",
    value: (s) => s.status().checkpoints?.last?.bytes ?? 0,
  },
  {
    name: "tripline_checkpoint_last_bytes_written",
    help: "New to the store with the newest checkpoint, before compression",
    value: (s) => s.status().checkpoints?.last?.bytesWritten ?? 0,
  },
  {
    name: "tripline_checkpoint_last_keys_written",
    help: "Keys written with the newest checkpoint",
    value: (s) => s.status().checkpoints?.last?.keysWritten ?? 0,
  },
  {
    name: "tripline_checkpoints_completed",
    help: "Checkpoints completed since the process began",
    value: (s) => s.status().checkpoints?.completed ?? 0,
  },
  {
    name: "tripline_checkpoints_failed",
    help: "Checkpoints failed since the process began",
    value: (s) => s.status().checkpoints?.failed ?? 0,
  },
  {
    name: "tripline_checkpoints_failed_in_a_row",
    help: "Checkpoints failed since the last that was completed",
    value: (s) => s.status().checkpoints?.consecutiveFailures ?? 0,
  },
  {
    name: "tripline_restarts",
    help: "Restarts of the engine since the process began",
    value: (s) => s.status().restarts,
  },
  {
    name: "tripline_alert_sink_away",
    help: "1 while the alert sink takes no alerts",
    value: (s) => ((s.status().sink?.state ?? "working") === "working" ? 0 : 1),
  },
  {
    name: "tripline_alert_sink_waiting",
    help: "Alerts that have not been handed to the alert sink",
    value: (s) => s.status().sink?.waiting ?? 0,
  },
  ...(["open", "prepared", "committed", "aborted"] as const).map((state) => ({
    name: `tripline_alert_sink_transactions_${state}`,
    help: `Transactions of the alert sink that are ${state}${state === "committed" || state === "aborted" ? ", since the process began" : ""}`,
    value: (s: Service) => s.status().sink?.[state] ?? 0,
  })),
  { name: "tripline_rules", help: "Active rules", value: (s) => s.rules().length },
  { name: "tripline_streams", help: "Known streams", value: (s) => s.streams().length },
];

type Kind = "counter" | "gauge";

/** Null: there is nothing to say of it. */
type StreamValue = (stream: StreamStatus) => number | null;

const STREAM_METRICS: readonly { name: string; help: string; kind: Kind; value: StreamValue }[] = [
  { name: "tripline_events_late_total", help: "Events behind the watermark", kind: "counter", value: (s) => s.late },
  {
    name: "tripline_events_waiting",
    help: "Events that wait for the watermark",
    kind: "gauge",
    value: (s) => s.waiting,
  },
  {
    name: "tripline_watermark_seconds",
    help: "Event time up to which a stream has come; none before its first event, and after its end",
    kind: "gauge",
    value: (s) => (s.lagMs === null ? null : Date.parse(s.watermark) / 1000),
  },
  {
    name: "tripline_watermark_lag_seconds",
    help: "How far the watermark is behind the clock",
    kind: "gauge",
    value: (s) => s.lagMs && s.lagMs / 1000,
  },
];

const RULE_METRICS: readonly { name: string; help: string; kind: Kind; count: keyof RuleCounts }[] = [
  { name: "tripline_rule_events_total", help: "Events a rule looked at", kind: "counter", count: "events" },
  { name: "tripline_rule_matches_total", help: "Matches", kind: "counter", count: "matches" },
  { name: "tripline_rule_timeouts_total", help: "Partial matches that timed out", kind: "counter", count: "timeouts" },
  { name: "tripline_alerts_total", help: "Alerts, suppressed ones included", kind: "counter", count: "alerts" },
  { name: "tripline_alerts_suppressed_total", help: "Alerts held back", kind: "counter", count: "suppressed" },
  { name: "tripline_rule_faults_total", help: "Expressions that met a wrong type", kind: "counter", count: "faults" },
  {
    name: "tripline_rule_dropped_total",
    help: "Partial matches dropped at a limit",
    kind: "counter",
    count: "dropped",
  },
  { name: "tripline_rule_partial_matches", help: "Partial matches held", kind: "gauge", count: "partialMatches" },
  { name: "tripline_rule_keys", help: "Keys with state", kind: "gauge", count: "keys" },
  { name: "tripline_rule_windows", help: "Windows held", kind: "gauge", count: "windows" },
];

/** One value for each stream, or for each rule; those that are gone go from the answer too. */
function perName(
  registry: Registry,
  label: "stream" | "rule",
  {
    name,
    help,
    kind,
    values,
  }: { name: string; help: string; kind: Kind; values: () => readonly (readonly [string, number | null])[] },
): void {
  const settings = {
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect(this: Counter<typeof label> | Gauge<typeof label>): void {
      this.reset();
      for (const [labelled, value] of values()) if (value !== null) this.inc({ [label]: labelled }, value);
    },
  };
  if (kind === "counter") new Counter(settings);
  else new Gauge(settings);
}
