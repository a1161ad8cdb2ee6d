/** The alert sink that the settings ask for: the table `tripline_alerts` of another Postgres. */

import { PostgresIdempotentSink } from "../connect/sinks/postgres-idempotent-sink.ts";
import type { PostgresTable } from "../connect/sinks/postgres-table.ts";
import { PostgresTwoPhaseSink } from "../connect/sinks/postgres-two-phase-sink.ts";
import { retryingSink } from "../connect/sinks/retrying-sink.ts";
import type { AlertSinkOptions } from "../engine/log/alert-sink.ts";
import type { Alert } from "../engine/output.ts";
import { installationId } from "../store/installation.ts";
import type { Pool } from "../store/pool.ts";
import { IdempotentWriter } from "../stream/sinks/idempotent-writer.ts";
import { TwoPhaseWriter } from "../stream/sinks/two-phase-writer.ts";
import { crashingSinkAt } from "./fault-points.ts";
import type { Opening } from "./opening.ts";
import { createSinkPatience, type Waits } from "./patience.ts";

/** Some seconds: a server that is restarted is back by then, and nothing has to be made again. */
const ATTEMPTS = 6;
/** One that answers and refuses what is written holds up the engine each time that it is tried. */
const REST: Waits = { firstMs: 1000, maxMs: 600_000 };

/** Undefined where none is set. `pool`: the installation's own database. UserError `bad-sink-name`. */
export async function openAlertSink(
  { config, log, resources, stopping }: Opening,
  pool: Pool,
): Promise<AlertSinkOptions | undefined> {
  if (config.alertSink === null) return undefined;
  const { url, mode } = config.alertSink;
  const patience = createSinkPatience({ signal: stopping });
  const rest = createSinkPatience({ signal: stopping, waits: REST });
  const common = { mode, patience, rest, notices: log };
  switch (mode) {
    case "idempotent": {
      const opened = new PostgresIdempotentSink<Alert>({ url, table: { ...ALERTS, key: ["id"] } });
      const sink = retryingSink({ sink: opened, attempts: ATTEMPTS, ...patience });
      await resources.open("alert sink", { open: async () => sink, close: () => sink.close() });
      return { ...common, check: () => opened.check(), writer: (failed) => new IdempotentWriter({ sink, failed }) };
    }
    case "two-phase": {
      // A table that was made for `idempotent` has a key, and alerts from before the change may come again.
      const name = config.alertSink.name ?? `tripline-${await installationId(pool)}`;
      const sink = new PostgresTwoPhaseSink<Alert>({ url, name, table: ALERTS, onConflict: "nothing" });
      await resources.open("alert sink", { open: async () => sink, close: () => sink.close() });
      const driven = config.crashAt === null ? sink : crashingSinkAt(config.crashAt, sink);
      return { ...common, check: () => sink.check(), writer: (failed) => new TwoPhaseWriter({ sink: driven, failed }) };
    }
  }
}

/** Columns to find an alert by, and all of it as JSON: not `jsonb`, which cannot hold every text that an event may bring. */
export const ALERTS: PostgresTable<Alert> = {
  name: "tripline_alerts",
  columns: [
    { name: "id", type: "text", value: ({ id }) => id },
    { name: "rule", type: "text", value: ({ rule }) => rule },
    { name: "version", type: "integer", value: ({ version }) => version },
    { name: "severity", type: "text", value: ({ severity }) => severity },
    { name: "kind", type: "text", value: ({ kind }) => kind },
    { name: "title", type: "text", value: ({ title }) => title?.replaceAll("\0", "\ufffd") ?? null },
    { name: "key", type: "json", value: ({ key }) => key },
    { name: "at", type: "timestamptz", value: ({ at }) => timestamp(at) },
    { name: "first_event_at", type: "timestamptz", value: ({ firstEventAt }) => timestamp(firstEventAt) },
    { name: "last_event_at", type: "timestamptz", value: ({ lastEventAt }) => timestamp(lastEventAt) },
    { name: "suppressed_by", type: "text", value: ({ suppressedBy }) => suppressedBy },
    { name: "body", type: "json", value: (alert) => alert },
  ],
};

/** As Postgres reads what `formatTime` has written. */
function timestamp(time: string | null): string | null {
  if (time === "beginning") return "-infinity";
  if (time === "end") return "infinity";
  return time?.replace(/^0000(.*)$/, "0001$1 BC") ?? null;
}
