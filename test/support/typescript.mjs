/** Lets Node 20 run TypeScript outside of Jest, in worker threads too: `node --import ./test/support/typescript.mjs FILE.ts`. */

import { register } from "node:module";

register("./typescript-hooks.mjs", import.meta.url);
