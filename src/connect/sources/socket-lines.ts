/** Lines of text that a TCP server sends. What has been sent is gone: after a failure, what was on its way is lost. */

import { connect } from "node:net";
import { addAbortSignal } from "node:stream";
import { UserError } from "../../core/errors.ts";
import { decodeUtf8 } from "../../core/json.ts";
import { splitLines, type Line } from "../../core/lines.ts";
import { limits } from "../../core/limits.ts";
import type { Source } from "../../stream/index.ts";

export interface SocketLinesOptions {
  readonly host: string;
  readonly port: number;
}

/** At most once. Unbounded, although it is over when the server ends the connection. UserErrors: `over-long-line`, `bad-encoding`. */
export function socketLines({ host, port }: SocketLinesOptions): Source<string, null> {
  return {
    does: `lines of ${host}:${port}`,
    boundedness: "unbounded",
    isReplayable: false,
    splits: () => ["0"],
    async *read({ signal }) {
      const socket = addAbortSignal(signal, connect({ host, port }));
      try {
        for await (const lines of splitLines(socket, { bytesMax: limits.lineBytesMax })) {
          if (lines.length > 0) yield { values: lines.map((line) => textOf(line, { host, port })), position: null };
        }
      } finally {
        socket.destroy();
      }
    },
  };
}

function textOf(line: Line, { host, port }: SocketLinesOptions): string {
  if (line.kind === "line") return decodeUtf8(line.bytes);
  throw new UserError({
    code: "over-long-line",
    message: `${host}:${port} sent a line of ${line.length} bytes; expected ${limits.lineBytesMax} at most`,
  });
}
