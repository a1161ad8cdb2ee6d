/** Settings about where alerts go beside the alert store. */

import { UserError } from "../core/errors.ts";
import type { AlertSinkMode } from "../engine/log/alert-sink.ts";

export interface AlertSinkConfig {
  /** Of a Postgres; it may have a password in it. */
  readonly url: string;
  readonly mode: AlertSinkMode;
  /** In the names of transactions there; null: one that no other installation has. */
  readonly name: string | null;
}

export const ALERT_SINK_SETTINGS = {
  alertSinkUrl: {
    variable: "TRIPLINE_ALERT_SINK_URL",
    value: "",
    help: "another Postgres, whose table tripline_alerts gets all alerts",
  },
  alertSink: {
    variable: "TRIPLINE_ALERT_SINK",
    value: "",
    help: "idempotent (if empty): at once, known by id; two-phase: with each checkpoint, once also without a key",
  },
  alertSinkName: {
    variable: "TRIPLINE_ALERT_SINK_NAME",
    value: "",
    help: "names the transactions of two-phase; one of the installation's own, if empty",
  },
} as const;

export const EXPECTED_OF_SINKS = {
  mode: "idempotent or two-phase",
  name: "1 to 40 letters, digits, `_`, `-` or `.`",
};

/** Empty is idempotent. */
export function parseSinkMode(text: string): AlertSinkMode | null {
  if (text === "") return "idempotent";
  return text === "idempotent" || text === "two-phase" ? text : null;
}

/** Empty is none. */
export function parseSinkName(text: string): { readonly name: string | null } | null {
  if (text === "") return { name: null };
  return /^[\w.-]{1,40}$/.test(text) ? { name: text } : null;
}

/** For a mode that is set, and no database to write to. */
export function sinkWithoutUrl(): UserError {
  const { alertSink, alertSinkUrl } = ALERT_SINK_SETTINGS;
  return new UserError({
    code: "bad-setting",
    message: `${alertSink.variable} says how alerts get to another Postgres, and ${alertSinkUrl.variable} does not say which`,
    hint: `set ${alertSinkUrl.variable}=postgres://user:password@host:5432/database`,
  });
}
