/** What is wrong in the end of a run; nothing, if all went well. */

import type { RunReport } from "./run.ts";

export function faults(report: RunReport): string[] {
  const { rejected, badSignatures } = report;
  return [
    ...difference("alerts", { wanted: report.expected, found: report.stored }),
    ...(report.sunk === null ? [] : difference("alerts in the sink", { wanted: report.expected, found: report.sunk })),
    ...(report.leftPrepared > 0 ? [`${report.leftPrepared} transactions left in the sink`] : []),
    ...difference("webhooks", { wanted: report.due, found: report.delivered }),
    ...difference("late events", { wanted: report.expectedLate, found: report.late }),
    ...(rejected > 0 ? [`${rejected} events refused`] : []),
    ...(badSignatures > 0 ? [`${badSignatures} webhooks with a bad signature`] : []),
  ];
}

function difference(
  what: string,
  { wanted, found }: { wanted: readonly string[]; found: readonly string[] },
): string[] {
  const [wantedOnce, foundOnce] = [new Set(wanted), new Set(found)];
  const missing = [...wantedOnce].filter((id) => !foundOnce.has(id));
  const extra = [...foundOnce].filter((id) => !wantedOnce.has(id));
  const twice = found.length - foundOnce.size;
  return [
    ...(missing.length > 0 ? [`${missing.length} ${what} missing: ${missing.slice(0, 3).join(", ")}`] : []),
    ...(extra.length > 0 ? [`${extra.length} ${what} too many: ${extra.slice(0, 3).join(", ")}`] : []),
    ...(twice > 0 ? [`${twice} ${what} twice`] : []),
  ];
}
