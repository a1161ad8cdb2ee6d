/** Prints `N passed, N failed` (and `, N skipped`) from Jest's own JSON result; exits 1 unless all is well. */

import { readFileSync } from "node:fs";

const result = JSON.parse(readFileSync(process.argv[2], "utf8"));
const passed = result.numPassedTests;
// A suite that could not be loaded has no tests to fail, and is a failure all the same.
const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
const skipped = result.numPendingTests + result.numTodoTests;

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = result.success && failed === 0 && passed > 0 ? 0 : 1;
