/** All the stores of one service, as its ports; over Postgres here, in memory in `memory.ts`. */

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
import { PostgresDeliveryLedger } from "./delivery-ledger.ts";
import { PostgresDeliveryStore } from "./delivery-store.ts";
import { PostgresDestinationStore } from "./destination-store.ts";
import { PostgresEventLog } from "./event-log.ts";
import { PostgresLateEvents } from "./late-events.ts";
import type { Pool } from "./pool.ts";

export interface Stores {
  readonly log: EventLog;
  readonly alerts: AlertWriter & AlertReader;
  readonly late: LateEventReader;
  readonly destinations: DestinationStore;
  readonly deliveries: DeliveryReader;
  readonly ledger: DeliveryLedger;
}

/** The database is migrated, by `migrate` and by the queue's own migrations. */
export function postgresStores({ pool, clock }: { pool: Pool; clock: Clock }): Stores {
  return {
    log: new PostgresEventLog(pool),
    alerts: new PostgresAlertStore({ pool, clock }),
    late: new PostgresLateEvents(pool),
    destinations: new PostgresDestinationStore({ pool, clock }),
    deliveries: new PostgresDeliveryStore({ pool, clock }),
    ledger: new PostgresDeliveryLedger(pool),
  };
}
