/** Who gets the alerts: a reader of the live stream, which has them once their rows are committed, and a webhook's receiver. */

import { createServer, get } from "node:http";

/** Calls `onAlert` with each alert of the rule from now on; the result's `stop` ends it. */
export function followAlerts({ url, rule, onAlert }) {
  return new Promise((resolve, reject) => {
    const reading = get(`${url}/v1/alerts/stream?rule=${rule}`, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("error", () => undefined); // it was stopped
      incoming.on("data", (part) => {
        const blocks = (text + part).split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const data = /^data: (.*)$/m.exec(block);
          if (data !== null) onAlert(JSON.parse(data[1]));
        }
      });
      resolve({ stop: () => reading.destroy() });
    });
    reading.on("error", reject);
  });
}

/** Calls `onAlert` with each alert that is posted to its `url`. */
export async function startReceiver(onAlert) {
  const server = createServer((incoming, response) => {
    const parts = [];
    incoming.on("data", (part) => parts.push(part));
    incoming.on("end", () => {
      response.writeHead(204).end();
      onAlert(JSON.parse(Buffer.concat(parts).toString()).data);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/alerts`,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
