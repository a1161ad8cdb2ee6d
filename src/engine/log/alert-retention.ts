/** How long alerts and their deliveries are kept (S9.28). What goes is the oldest first, a slice at a time. */

export interface AlertRetention {
  /** From when an alert was stored; null: for ever. */
  readonly alertsMs: number | null;
  /** From when a delivery was made, behind which it may go before its alert; null: as long as its alert. */
  readonly deliveriesMs: number | null;
}

/** Each step removes a slice, in a transaction of its own: whoever wants no more of it may break off between two. */
export interface AlertKeeper {
  /**
   * The alerts stored before then (epoch milliseconds), with their deliveries and the attempts of those. One stays while a delivery
   * of it is pending; and the newest alert stays: by it, readers know how far they have come.
   */
  pruneAlerts(before: number): AsyncIterable<Gone>;
  /** The deliveries made before then that are not pending, with their attempts. */
  pruneDeliveries(before: number): AsyncIterable<Gone>;
}

export interface Gone {
  readonly alerts: number;
  readonly deliveries: number;
}
