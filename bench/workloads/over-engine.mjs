/** A workload of a rule in the engine, its events parsed already: what it finds are matches, told as the indices of their events. */

import { createEngine } from "../../dist/index.js";
import { indexAt } from "./event.mjs";

export function overEngine({ name, rule, count, prefix, events, matches }) {
  return {
    name,
    rule,
    count,
    prefix,
    input: events,
    expected: matches,
    start(take) {
      const engine = createEngine({ rules: rule });
      const each = (outputs) => {
        for (const output of outputs) take(output);
      };
      return {
        push: (event) => each(engine.push("events", event)),
        end: () => each(engine.watermark("events", "end")),
      };
    },
    told: ({ alert }) => Object.values(alert.events).flatMap((events) => events.map(({ time }) => indexAt(time))),
  };
}
