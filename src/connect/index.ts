/** The stream library's rim: what runs a graph between sources and sinks of the real world. */

export { systemClock, type JobClock } from "./system-clock.ts";
