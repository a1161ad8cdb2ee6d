/** Two shapes of one colour in a row that a rule asks for; the rules arrive as a stream, as broadcast state. */

import { mapState, StreamEnvironment, type KeyedBroadcastProcessFunction } from "tripline/stream";

type Shape = "circle" | "square" | "triangle";

interface Item {
  readonly colour: string;
  readonly shape: Shape;
}

/** First one shape, and later another of the same colour. */
interface Rule {
  readonly name: string;
  readonly first: Shape;
  readonly second: Shape;
}

const rules = mapState<string, Rule>({ name: "rules" });
const firsts = mapState<string, number>({ name: "firsts by rule" });

const findPairs = (): KeyedBroadcastProcessFunction<string, Item, Rule, string> => ({
  processElement({ colour, shape }, context) {
    const waiting = context.state(firsts);
    for (const [name, { first, second }] of context.broadcastState(rules).entries()) {
      const seen = waiting.get(name) ?? 0;
      if (shape === second && seen > 0) {
        context.collect(`${name}: a ${colour} ${first}, then a ${colour} ${second}`);
        waiting.put(name, seen - 1);
      } else if (shape === first) waiting.put(name, seen + 1);
    }
  },
  processBroadcastElement(rule, context) {
    context.broadcastState(rules).put(rule.name, rule);
  },
});

const env = new StreamEnvironment();
const items = env.source<Item>("items");
const ruleStream = env.source<Rule>("rules");
items
  .keyBy(({ colour }) => colour)
  .connect(ruleStream.broadcast(rules))
  .process(findPairs)
  .sinkTo((pair) => console.log(pair));

// Pushed by hand, so that it is plain what comes between what.
const task = env.createTask({ parallelism: 4 });
task.push(ruleStream, { name: "wheels", first: "circle", second: "circle" }, 0);
task.push(items, { colour: "red", shape: "circle" }, 1);
task.push(items, { colour: "blue", shape: "circle" }, 2);
task.push(ruleStream, { name: "houses", first: "square", second: "triangle" }, 3);
task.push(items, { colour: "red", shape: "square" }, 4);
task.push(items, { colour: "blue", shape: "triangle" }, 5);
task.push(items, { colour: "red", shape: "triangle" }, 6);
task.push(items, { colour: "red", shape: "circle" }, 7);
