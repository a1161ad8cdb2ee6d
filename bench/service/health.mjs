/** How long the service takes to say that it is alive, while it is busy. */

import { Agent, get } from "node:http";

import { percentile } from "../statistics.mjs";

const EVERY_MS = 10;

/** Asks over a connection of its own, again and again; `stop` resolves with what came: milliseconds, from when each was due. */
export function askHealth(url) {
  const agent = new Agent({ keepAlive: true });
  const took = [];
  const open = new Set();
  const timer = setInterval(() => {
    const due = performance.now();
    const answer = new Promise((resolve) => {
      get(`${url}/healthz`, { agent }, (incoming) => incoming.resume().on("end", resolve));
    });
    open.add(answer);
    void answer.then(() => {
      open.delete(answer);
      took.push(performance.now() - due);
    });
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      return took;
    },
  };
}

export function healthFigures(label, took) {
  return [
    ["p50", 0.5],
    ["p99", 0.99],
    ["max", 1],
  ].map(([name, share]) => ({ label: `${label} ${name}`, value: percentile(took, share), unit: "ms" }));
}
