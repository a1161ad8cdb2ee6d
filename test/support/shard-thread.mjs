/** The thread of a shard from the sources, for tests under Jest: Node runs it as it is, and then what is TypeScript. */

import "./typescript.mjs";

await import("../../src/app/shard-thread.ts");
