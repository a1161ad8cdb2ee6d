/** Settings about what is kept, and how long: nothing goes by itself unless somebody has said so. */

import { parseDuration } from "./quantities.ts";

export const RETENTION_SETTINGS = {
  keepAge: {
    variable: "TRIPLINE_LOG_KEEP",
    value: "",
    help: "how long events are kept in the log (30d); for ever, if empty",
  },
  keepBytes: {
    variable: "TRIPLINE_LOG_KEEP_BYTES",
    value: "",
    help: "how large the log may grow (20GB); without a bound, if empty",
  },
  keepAlerts: {
    variable: "TRIPLINE_ALERTS_KEEP",
    value: "",
    help: "how long alerts are kept, with their deliveries (365d); for ever, if empty or 0",
  },
  keepDeliveries: {
    variable: "TRIPLINE_DELIVERIES_KEEP",
    value: "",
    help: "how long deliveries are kept that are not pending (30d); as long as their alerts, if empty or 0",
  },
} as const;

export const EXPECTED_OF_RETENTION = "a duration such as 30d or 12h";

/** 0: for ever. */
export function parseKeep(text: string): number | null {
  return text === "" || text === "0" ? 0 : parseDuration(text);
}
