/** What a run has come to, beside what it was to come to. */

import { isSigned } from "../../../src/app/demo/signature.ts";
import type { Alert, AlertOutput, LateOutput, Output } from "../../../src/index.ts";
import type { ReceivedRequest } from "../../support/webhook-receiver.ts";
import type { ServiceProcess } from "../service-process.ts";
import type { Taken } from "./client.ts";
import type { Database } from "./database.ts";
import { SECRET, type Lived } from "./lives.ts";
import { eventsIn, eventsOf, outputsOf, readLog } from "./logged.ts";
import type { MoodyReceiver } from "./moody-receiver.ts";
import { calmOutcome, describeStep, type CalmOutcome, type Workload } from "./steps.ts";

export interface RunReport {
  /** What befell each of the lives, and how it ended. */
  readonly deaths: readonly string[];
  readonly rejected: number;
  readonly repeatedSteps: number;
  /** Answers to keyed requests that are not what they would have been at once. */
  readonly wrongAnswers: readonly string[];
  /** Alerts, and what they say: those of the calm run, and those that the service has stored. */
  readonly expected: readonly string[];
  readonly stored: readonly string[];
  /**
   * Alerts that are to be in the sink, those that are there, and transactions that stay open; one that is found once more, after a
   * savepoint was restored, is there once more. Empty without a sink.
   */
  readonly expectedSunk: readonly string[];
  readonly sunk: readonly string[];
  readonly leftPrepared: number;
  /** Webhooks that are to be delivered, that were sent, and that were taken. */
  readonly due: readonly string[];
  readonly sent: readonly string[];
  readonly delivered: readonly string[];
  /** With those that were sent more than once. */
  readonly webhookRequests: number;
  /** Not taken, and sent again. */
  readonly webhookFailures: number;
  readonly badSignatures: number;
  /** Late events, as `stream id`: those of the calm run, and those that the service has put aside. */
  readonly expectedLate: readonly string[];
  readonly late: readonly string[];
  /** Events that were sent, and that are in the log, where that has been looked into. */
  readonly expectedLogged: readonly string[];
  readonly logged: readonly string[];
}

export interface ReportOptions extends Lived {
  readonly workload: Workload;
  readonly database: Database;
  readonly service: ServiceProcess;
  readonly receiver: MoodyReceiver;
}

export async function reportOf(options: ReportOptions): Promise<RunReport> {
  const { service, receiver, workload, deaths, repeatedSteps, answers } = options;
  const { requests } = receiver;
  const log = await logOf(options);
  const calm: CalmOutcome = log === null ? calmOutcome(workload.steps) : { outputs: log.outputs, taken: [] };
  const alerts = firstOfEach(calm.outputs);
  const late = calm.outputs.filter((output): output is LateOutput => output.kind === "late");
  const seen = {
    stored: (await service.all<Alert>("/v1/alerts")).map(alertText),
    late: await lateEvents(service),
  };
  return {
    ...seen,
    ...(await sinkOf(options, calm.outputs)),
    deaths,
    repeatedSteps,
    rejected: answers.reduce((sum, answer) => sum + (answer?.rejected ?? 0), 0),
    wrongAnswers: wrongAnswers(workload, { answers, calm }),
    expected: alerts.map(({ alert }) => alertText(alert)),
    due: alerts.flatMap(({ alert, deliver }) => (deliver.length > 0 ? alert.id : [])),
    sent: [...new Set(requests.map(webhookId))],
    delivered: [...receiver.taken],
    webhookRequests: requests.length,
    webhookFailures: receiver.failures,
    badSignatures: requests.filter((request) => !isVerified(request)).length,
    expectedLate: late.map((output) => lateText(output.stream, output)),
    expectedLogged: log === null ? [] : eventsOf(workload.steps),
    logged: log === null ? [] : log.events,
  };
}

/** Null where the steps themselves say what was to come. */
async function logOf({
  workload,
  database,
}: ReportOptions): Promise<{ readonly outputs: readonly Output[]; readonly events: readonly string[] } | null> {
  const url = database.env["DATABASE_URL"];
  if (workload.connections === 1 || url === undefined) return null;
  const records = await readLog(url);
  return { outputs: outputsOf(records), events: eventsIn(records) };
}

async function sinkOf(
  { service, database: { sink } }: ReportOptions,
  outputs: readonly Output[],
): Promise<Pick<RunReport, "expectedSunk" | "sunk" | "leftPrepared">> {
  if (sink === null) return { expectedSunk: [], sunk: [], leftPrepared: 0 };
  await service.kill("SIGTERM"); // the last checkpoint leaves nothing uncommitted
  const expectedSunk = outputs.flatMap((output) => (output.kind === "alert" ? [output.alert.id] : []));
  return { expectedSunk, sunk: await sink.ids(), leftPrepared: await sink.prepared() };
}

/** One that is found again, after a savepoint was restored, is there already. */
function firstOfEach(outputs: readonly Output[]): AlertOutput[] {
  const first = new Map<string, AlertOutput>();
  for (const output of outputs) {
    if (output.kind === "alert" && !first.has(output.alert.id)) first.set(output.alert.id, output);
  }
  return [...first.values()];
}

function wrongAnswers(
  { steps }: Workload,
  { answers, calm }: { readonly answers: readonly (Taken | null)[]; readonly calm: CalmOutcome },
): string[] {
  return steps.flatMap((step, index) => {
    const [wanted, found] = [calm.taken[index] ?? null, answers[index] ?? null];
    if (step.kind !== "events" || step.key === null || wanted === null || found === null) return [];
    if (wanted.accepted === found.accepted && wanted.duplicates === found.duplicates) return [];
    return [`step ${index}, ${describeStep(step)}: answered ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`];
  });
}

async function lateEvents(service: ServiceProcess): Promise<string[]> {
  const streams = await service.all<{ name: string }>("/v1/streams");
  const late = await Promise.all(
    streams.map(async ({ name }) =>
      (await service.all<Pick<LateOutput, "data">>(`/v1/streams/${name}/late`)).map((event) => lateText(name, event)),
    ),
  );
  return late.flat();
}

function alertText({ id, emit, suppressed, suppressedBy }: Alert): string {
  return JSON.stringify({ id, emit, suppressed, suppressedBy });
}

function lateText(stream: string, { data }: Pick<LateOutput, "data">): string {
  return `${stream} ${JSON.stringify(data["id"] ?? data["n"])}`;
}

function webhookId({ headers }: ReceivedRequest): string {
  return String(headers["webhook-id"]);
}

function isVerified({ headers, body, at }: ReceivedRequest): boolean {
  const [id, timestamp, signature] = ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`]);
  return isSigned({ id, timestamp, signature, body } as Parameters<typeof isSigned>[0], { secret: SECRET, now: at });
}
