/**
 * The stores in memory: for tests, and for uses that end with their process. The same contracts as over Postgres, kept by
 * one conformance suite; only that no worker is woken, since there is no queue.
 */

import type { Clock } from "../engine/ports.ts";
import { memoryCheckpoints } from "./checkpoints/memory-checkpoints.ts";
import { MemoryAlertStore } from "./memory-alerts.ts";
import { MemoryDeliveries } from "./memory-deliveries.ts";
import { MemoryDestinationStore } from "./memory-destinations.ts";
import { MemoryEventLog } from "./memory-event-log.ts";
import { MemoryLateEvents } from "./memory-late-events.ts";
import { MemoryRequestKeys } from "./memory-taken-lines.ts";
import { MemoryPoisonRecords } from "./poison-records.ts";
import type { Stores } from "./stores.ts";

export function memoryStores(clock: Clock): Stores {
  const deliveries = new MemoryDeliveries(clock);
  const requestKeys = new MemoryRequestKeys();
  const late = new MemoryLateEvents();
  return {
    log: new MemoryEventLog({ clock, keys: requestKeys }),
    requestKeys,
    checkpoints: memoryCheckpoints(),
    poison: new MemoryPoisonRecords(),
    alerts: new MemoryAlertStore({ deliveries, late }),
    late,
    destinations: new MemoryDestinationStore(deliveries),
    deliveries,
    ledger: deliveries.ledger,
  };
}
