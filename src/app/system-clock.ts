/** The machine's clock, as the service is given it. */

export { systemClock } from "../connect/system-clock.ts";
