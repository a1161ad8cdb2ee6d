/** Destinations in memory. */

import { canonicalJson } from "../core/canonical-json.ts";
import type { Json } from "../core/event.ts";
import type { Destination, DestinationStore } from "../engine/ports.ts";
import type { MemoryDeliveries } from "./memory-deliveries.ts";

export class MemoryDestinationStore implements DestinationStore {
  readonly #deliveries: MemoryDeliveries;

  constructor(deliveries: MemoryDeliveries) {
    this.#deliveries = deliveries;
  }

  async put(destination: Destination): Promise<"created" | "changed" | "unchanged"> {
    const { destinations } = this.#deliveries;
    const before = destinations.get(destination.name);
    destinations.set(destination.name, destination);
    this.#deliveries.queueWaiting(destination.name);
    if (before === undefined) return "created";
    return canonicalJson(before as unknown as Json) === canonicalJson(destination as unknown as Json)
      ? "unchanged"
      : "changed";
  }

  async get(name: string): Promise<Destination | null> {
    return this.#deliveries.destinations.get(name) ?? null;
  }

  async list(): Promise<readonly Destination[]> {
    return [...this.#deliveries.destinations.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async remove(name: string): Promise<boolean> {
    return this.#deliveries.destinations.delete(name);
  }
}
