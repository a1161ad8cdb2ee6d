// Compiles grammar/rule.ne into src/lang/grammar.generated.ts; a warning of nearley's compiler (an undefined symbol, say) fails the build.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const [source, target] = ["grammar/rule.ne", "src/lang/grammar.generated.ts"];
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified(target) <= modified(source)) {
  const run = spawnSync(process.execPath, ["node_modules/nearley/bin/nearleyc.js", source, "-o", target], {
    encoding: "utf8",
  });
  if (run.status !== 0 || /WARN/.test(run.stderr)) {
    process.stderr.write(run.stderr);
    process.exit(1);
  }
}
