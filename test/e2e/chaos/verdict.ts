/** What is wrong in the end of a run; nothing, if all went well. */

import type { RunReport } from "./report.ts";

export function faults(report: RunReport): string[] {
  const { rejected, badSignatures } = report;
  return [
    ...difference("alerts", { wanted: report.expected, found: report.stored }),
    ...difference("alerts in the sink", { wanted: report.expectedSunk, found: report.sunk }),
    ...(report.leftPrepared > 0 ? [`${report.leftPrepared} transactions left in the sink`] : []),
    ...difference("webhooks taken", { wanted: report.due, found: report.delivered }),
    ...difference("webhooks sent", { wanted: report.due, found: report.sent }),
    ...difference("late events", { wanted: report.expectedLate, found: report.late }),
    ...difference("events in the log", { wanted: report.expectedLogged, found: report.logged }),
    ...report.wrongAnswers,
    ...(rejected > 0 ? [`${rejected} events refused`] : []),
    ...(badSignatures > 0 ? [`${badSignatures} webhooks with a bad signature`] : []),
  ];
}

/** Each as often as it is wanted. */
function difference(
  what: string,
  { wanted, found }: { wanted: readonly string[]; found: readonly string[] },
): string[] {
  const missing = without(wanted, found);
  const extra = without(found, wanted);
  return [
    ...(missing.length > 0 ? [`${missing.length} ${what} missing: ${missing.slice(0, 3).join(", ")}`] : []),
    ...(extra.length > 0 ? [`${extra.length} ${what} too many: ${extra.slice(0, 3).join(", ")}`] : []),
  ];
}

function without(items: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const other of others) left.set(other, (left.get(other) ?? 0) + 1);
  return items.filter((item) => {
    const count = left.get(item) ?? 0;
    left.set(item, count - 1);
    return count <= 0;
  });
}
