/** All the stores of one service, as its ports; over Postgres here, in memory in `memory.ts`. */

import type { CheckpointStore } from "../engine/checkpoint/checkpoint-port.ts";
import type { RequestKeys } from "../engine/log/idempotency.ts";
import type { LogKeeper } from "../engine/log/log-retention.ts";
import type { PoisonStore } from "../engine/checkpoint/poison.ts";
import type {
  AlertReader,
  AlertWriter,
  Clock,
  DeliveryLedger,
  DeliveryReader,
  DestinationStore,
  EventLog,
  LateEventReader,
} from "../engine/ports.ts";
import { PostgresAlertStore } from "./alert-store.ts";
import { postgresCheckpoints } from "./checkpoints/postgres-checkpoints.ts";
import { PostgresDeliveryLedger } from "./delivery-ledger.ts";
import { PostgresDeliveryStore } from "./delivery-store.ts";
import { PostgresDestinationStore } from "./destination-store.ts";
import { PostgresEventLog } from "./event-log.ts";
import { PostgresLateEvents } from "./late-events.ts";
import type { Pool } from "./pool.ts";
import { PostgresPoisonRecords } from "./poison-records.ts";
import { PostgresRequestKeys } from "./taken-lines.ts";

export interface Stores {
  readonly log: EventLog & LogKeeper;
  readonly requestKeys: RequestKeys;
  readonly checkpoints: CheckpointStore;
  readonly poison: PoisonStore;
  readonly alerts: AlertWriter & AlertReader;
  readonly late: LateEventReader;
  readonly destinations: DestinationStore;
  readonly deliveries: DeliveryReader;
  readonly ledger: DeliveryLedger;
}

/**
 * The database is migrated, by `migrate` and by the queue's own migrations. `mayWrite` resolves while the writer lock is held:
 * the log and the checkpoints, which only one process may write, wait for it.
 */
export function postgresStores({
  pool,
  clock,
  mayWrite = () => Promise.resolve(),
}: {
  pool: Pool;
  clock: Clock;
  mayWrite?: () => Promise<void>;
}): Stores {
  return {
    log: new PostgresEventLog({ pool, clock, mayWrite }),
    requestKeys: new PostgresRequestKeys(pool),
    checkpoints: postgresCheckpoints({ pool, mayWrite }),
    poison: new PostgresPoisonRecords(pool),
    alerts: new PostgresAlertStore({ pool, clock }),
    late: new PostgresLateEvents(pool),
    destinations: new PostgresDestinationStore({ pool, clock }),
    deliveries: new PostgresDeliveryStore({ pool, clock }),
    ledger: new PostgresDeliveryLedger(pool),
  };
}
