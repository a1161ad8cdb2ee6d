/** Alerts in memory. */

import type { Output } from "../engine/output.ts";
import type { AlertQuery, AlertReader, AlertWriter, Page, PageRequest, StoredAlert } from "../engine/ports.ts";
import { keyId, keyIdsOf } from "./alert-key.ts";
import { alertTime } from "./alert-store.ts";
import { decodeCursor, toPage } from "./cursor.ts";
import type { MemoryDeliveries } from "./memory-deliveries.ts";
import type { MemoryLateEvents } from "./memory-late-events.ts";

export class MemoryAlertStore implements AlertWriter, AlertReader {
  readonly #alerts: StoredAlert[] = [];
  readonly #byId = new Map<string, StoredAlert>();
  readonly #deliveries: MemoryDeliveries;
  readonly #late: MemoryLateEvents;
  #writtenThrough = 0;

  constructor({ deliveries, late }: { deliveries: MemoryDeliveries; late: MemoryLateEvents }) {
    this.#deliveries = deliveries;
    this.#late = late;
  }

  async writtenThrough(): Promise<number> {
    return this.#writtenThrough;
  }

  async write(outputs: readonly Output[], throughOffset: number): Promise<readonly StoredAlert[]> {
    const added: StoredAlert[] = [];
    for (const output of outputs) {
      if (output.kind === "late") {
        this.#late.add(output);
        continue;
      }
      const { alert, deliver } = output;
      if (this.#byId.has(alert.id)) continue;
      const stored = { sequence: this.#alerts.length + 1, alert };
      this.#alerts.push(stored);
      this.#byId.set(alert.id, stored);
      this.#deliveries.add(alert, deliver);
      added.push(stored);
    }
    this.#writtenThrough = Math.max(this.#writtenThrough, throughOffset);
    return added;
  }

  async list(query: AlertQuery, page: PageRequest): Promise<Page<StoredAlert>> {
    const below = decodeCursor("alerts", page.cursor) ?? Infinity;
    const found = this.#alerts.filter(({ sequence, alert }) => sequence < below && isAskedFor(alert, query));
    return this.#page(found.reverse(), page);
  }

  async get(id: string): Promise<StoredAlert | null> {
    return this.#byId.get(id) ?? null;
  }

  async after(sequence: number, limit: number): Promise<readonly StoredAlert[]> {
    const found = this.#alerts.slice(sequence, sequence + limit);
    return this.#page(found, { limit, cursor: null }).items;
  }

  async lastSequence(): Promise<number> {
    return this.#alerts.length;
  }

  #page(found: readonly StoredAlert[], request: PageRequest): Page<StoredAlert> {
    return toPage({
      list: "alerts",
      found,
      request,
      sequenceOf: ({ sequence }) => sequence,
      bytesOf: ({ alert }) => JSON.stringify(alert).length,
    });
  }
}

function isAskedFor(alert: StoredAlert["alert"], query: AlertQuery): boolean {
  const at = alertTime(alert.at);
  return (
    (query.rule === undefined || query.rule === alert.rule) &&
    (query.severity === undefined || query.severity === alert.severity) &&
    (query.kind === undefined || query.kind === alert.kind) &&
    (query.key === undefined || keyIdsOf(query.key).includes(keyId(alert.key))) &&
    (query.from === undefined || at >= query.from) &&
    (query.to === undefined || at < query.to)
  );
}
