/** The job that `store` adds beside an alert and that `delivery` takes: all that the two must agree on. */

export const DELIVERY_QUEUE = "deliveries";

export interface DeliveryJob {
  readonly deliveryId: string;
  /** Each time a delivery is queued afresh begins a new round, with all its attempts; the first is 1. */
  readonly round: number;
}
