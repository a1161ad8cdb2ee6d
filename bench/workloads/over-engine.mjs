/** A workload of a rule in the engine, its events parsed already: what it finds are alerts. */

import { createEngine } from "../../dist/index.js";
import { indexAt } from "./event.mjs";

/** `matches(events)` says what must be found, `told(alert)` what has been: by default the indices of a match's events. */
export function overEngine({ name, rule, count, prefix, events, matches, told = indicesOf }) {
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
    told: ({ alert }) => told(alert),
  };
}

function indicesOf({ events }) {
  return Object.values(events).flatMap((of) => of.map(({ time }) => indexAt(time)));
}
