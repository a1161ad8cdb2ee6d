/** Deliveries in memory, for readers and for a worker. */

import type { DeliveryJob } from "../engine/delivery-job.ts";
import type { Alert } from "../engine/output.ts";
import type {
  AttemptOutcome,
  Clock,
  Delivery,
  DeliveryAttempt,
  DeliveryLedger,
  DeliveryQuery,
  DeliveryReader,
  DeliveryStatus,
  DeliveryTask,
  Destination,
  Page,
  PageRequest,
} from "../engine/ports.ts";
import { decodeCursor, toPage } from "./cursor.ts";
import { deliveryId } from "./outbox.ts";

interface MemoryDelivery {
  readonly sequence: number;
  readonly id: string;
  readonly alert: Alert;
  readonly destination: string;
  readonly createdAt: string;
  readonly attempts: DeliveryAttempt[];
  status: DeliveryStatus;
  round: number;
  attemptsBeforeRound: number;
}

export class MemoryDeliveries implements DeliveryReader {
  /** By name: which there are decides whether a delivery waits. */
  readonly destinations = new Map<string, Destination>();
  readonly ledger: DeliveryLedger;
  readonly #clock: Clock;
  readonly #deliveries = new Map<string, MemoryDelivery>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.ledger = { load: (job) => this.#load(job), recordAttempt: (outcome) => this.#recordAttempt(outcome) };
  }

  add(alert: Alert, destinations: readonly string[]): void {
    for (const destination of new Set(destinations)) {
      const id = deliveryId({ alertId: alert.id, destination });
      this.#deliveries.set(id, {
        sequence: this.#deliveries.size + 1,
        id,
        alert,
        destination,
        createdAt: new Date(this.#clock.now()).toISOString(),
        attempts: [],
        status: this.destinations.has(destination) ? "pending" : "waiting",
        round: 1,
        attemptsBeforeRound: 0,
      });
    }
  }

  queueWaiting(destination: string): void {
    for (const delivery of this.#deliveries.values()) {
      if (delivery.destination === destination && delivery.status === "waiting") queueAfresh(delivery);
    }
  }

  async list(query: DeliveryQuery, page: PageRequest): Promise<Page<Delivery>> {
    const below = decodeCursor("deliveries", page.cursor) ?? Infinity;
    const found = [...this.#deliveries.values()].filter(
      ({ sequence, alert, destination, status }) =>
        sequence < below &&
        (query.alert === undefined || query.alert === alert.id) &&
        (query.destination === undefined || query.destination === destination) &&
        (query.status === undefined || query.status === status),
    );
    const { items, nextCursor } = toPage({
      list: "deliveries",
      found: found.reverse(),
      request: page,
      sequenceOf: ({ sequence }) => sequence,
    });
    return { items: items.map(toDelivery), nextCursor };
  }

  async get(id: string): Promise<Delivery | null> {
    const found = this.#deliveries.get(id);
    return found === undefined ? null : toDelivery(found);
  }

  async retry(id: string): Promise<boolean | null> {
    const found = this.#deliveries.get(id);
    if (found === undefined) return null;
    if (found.status !== "dead" && found.status !== "waiting") return false;
    queueAfresh(found);
    return true;
  }

  async #load({ deliveryId: id, round }: DeliveryJob): Promise<DeliveryTask | null> {
    const found = this.#deliveries.get(id);
    if (found === undefined || found.round !== round || found.status !== "pending") return null;
    const destination = this.destinations.get(found.destination);
    if (destination === undefined) {
      found.status = "waiting";
      return null;
    }
    const attemptsBefore = found.attempts.length - found.attemptsBeforeRound;
    return { deliveryId: id, alert: found.alert, destination, attemptsBefore };
  }

  async #recordAttempt({ job, attempt, status }: AttemptOutcome): Promise<void> {
    const found = this.#deliveries.get(job.deliveryId);
    if (found === undefined) return;
    found.attempts.push({ attempt: found.attempts.length + 1, ...attempt });
    if (status === "delivered" || (found.status === "pending" && found.round === job.round)) found.status = status;
  }
}

function queueAfresh(delivery: MemoryDelivery): void {
  delivery.status = "pending";
  delivery.round += 1;
  delivery.attemptsBeforeRound = delivery.attempts.length;
}

function toDelivery({ id, alert, destination, status, createdAt, attempts }: MemoryDelivery): Delivery {
  return { id, alert: alert.id, destination, status, createdAt, attempts: [...attempts] };
}
