/** Log in, order, pay in a row within 10 minutes: a rule in the pattern language, over the same events. */

import { createEngine } from "tripline";

const engine = createEngine({
  rules: `
    rule bought "Logged in, ordered and paid" {
      from   shop
      key by user
      pattern {
        begin login where type == "login"
        next  order where type == "order"
        next  pay   where type == "pay"
        within 10m
      }
      emit { message = "\${user} paid \${pay.amount}" }
    }`,
});

const events = [
  { time: "2026-01-05T09:00:00Z", user: "ann", type: "login" },
  { time: "2026-01-05T09:01:00Z", user: "bob", type: "login" },
  { time: "2026-01-05T09:02:00Z", user: "ann", type: "order" },
  { time: "2026-01-05T09:03:00Z", user: "bob", type: "browse" },
  { time: "2026-01-05T09:04:00Z", user: "ann", type: "pay", amount: 40 },
  { time: "2026-01-05T09:05:00Z", user: "bob", type: "order" },
  { time: "2026-01-05T09:06:00Z", user: "bob", type: "pay", amount: 12 },
];
const outputs = [...events.flatMap((event) => engine.push("shop", event)), ...engine.watermark("shop", "end")];
for (const output of outputs) if (output.kind === "alert") console.log(output.alert.emit.message);
