/**
 * The stores in memory: for tests, and for uses that end with their process. The same contracts as over Postgres, kept by
 * one conformance suite; only that no worker is woken, since there is no queue.
 */

import type { Clock } from "../engine/ports.ts";
import { MemoryAlertStore } from "./memory-alerts.ts";
import { MemoryDeliveries } from "./memory-deliveries.ts";
import { MemoryDestinationStore } from "./memory-destinations.ts";
import { MemoryEventLog } from "./memory-event-log.ts";
import { MemoryLateEvents } from "./memory-late-events.ts";
import type { Stores } from "./stores.ts";

export function memoryStores(clock: Clock): Stores {
  const deliveries = new MemoryDeliveries(clock);
  const late = new MemoryLateEvents();
  return {
    log: new MemoryEventLog(),
    alerts: new MemoryAlertStore({ deliveries, late }),
    late,
    destinations: new MemoryDestinationStore(deliveries),
    deliveries,
    ledger: deliveries.ledger,
  };
}
