/** What can be seen in the end: what is stored, what the engine has counted, and what clients were told. */

import type { Engine } from "../../../src/engine/engine.ts";
import type { AlertOutput, LateOutput } from "../../../src/engine/output.ts";
import type { EngineService } from "../../../src/engine/service/service.ts";
import { ruleStatus } from "../../../src/engine/rules/rule-status.ts";
import type { RuleStatus } from "../../../src/engine/service/service-types.ts";
import type { Alert } from "../../../src/index.ts";
import type { TakenEvents } from "../../support/calm-engine.ts";
import type { CalmOutcome } from "./calm-run.ts";
import type { WorldStores } from "./mortal-stores.ts";

export interface Outcome {
  /** Alerts in their order, without the offsets of their events: those depend on what was sent twice. */
  readonly alerts: readonly string[];
  /** Alert and destination. */
  readonly deliveries: readonly string[];
  /** What others see of the sink, if there is one: an alert that is found once more, after a savepoint was restored, is there once more. */
  readonly sunk: readonly string[];
  readonly late: readonly string[];
  /** What rules and streams have counted. */
  readonly counts: readonly string[];
  readonly taken: readonly (TakenEvents | null)[];
  /** What there is among the alerts, each as often as it is there. */
  readonly kinds: readonly string[];
}

const ALL = { limit: 10_000, cursor: null };

export function outcomeOf(
  { calm: { outputs, engine }, taken }: CalmOutcome,
  { hasSink }: { readonly hasSink: boolean },
): Outcome {
  const alerts = new Map<string, AlertOutput>();
  for (const output of outputs)
    if (output.kind === "alert" && !alerts.has(output.alert.id)) alerts.set(output.alert.id, output);
  const late = outputs.filter((output): output is LateOutput => output.kind === "late");
  return {
    alerts: [...alerts.values()].map(({ alert }) => alertText(alert)),
    sunk: !hasSink ? [] : outputs.flatMap((output) => (output.kind === "alert" ? [alertText(output.alert)] : [])),
    deliveries: [...alerts.values()].flatMap(({ alert, deliver }) => deliver.map((to) => `${alert.id} ${to}`)).sort(),
    late: late.map(({ stream, data }) => `${stream} ${JSON.stringify(data)}`).sort(),
    counts: countsOf(engine),
    taken,
    kinds: [...[...alerts.values()].map(({ alert }) => kindOf(alert)), ...late.map(() => "late event")],
  };
}

export async function storedOutcome(stores: WorldStores, service: EngineService): Promise<Omit<Outcome, "taken">> {
  const alerts = (await stores.alerts.after(0, ALL.limit)).map(({ alert }) => alert);
  const deliveries = (await stores.deliveries.list({}, ALL)).items;
  const late = await Promise.all(
    service
      .streams()
      .map(async ({ name }) =>
        (await stores.late.list({ stream: name }, ALL)).items.map(({ data }) => `${name} ${JSON.stringify(data)}`),
      ),
  );
  return {
    alerts: alerts.map(alertText),
    sunk: stores.sink.visible.map(alertText),
    deliveries: deliveries.map(({ alert, destination }) => `${alert} ${destination}`).sort(),
    late: late.flat().sort(),
    counts: countsOfService(service),
    kinds: [...alerts.map(kindOf), ...late.flat().map(() => "late event")],
  };
}

function alertText(alert: Alert): string {
  return JSON.stringify(alert, (name, value: unknown) => (name === "offset" ? undefined : value));
}

function kindOf({ kind, suppressed, suppressedBy }: Alert): string {
  if (suppressedBy !== null) return `${kind}, held`;
  return suppressed > 0 ? `${kind}, after held ones` : kind;
}

function countsOf(engine: Engine): string[] {
  return [
    ...[...engine.streams()].map(streamCounts),
    ...[...engine.rules.all()].map((rule) => ruleCounts(ruleStatus(rule, engine.figuresOf(rule.branch)))),
  ].sort();
}

function countsOfService(service: EngineService): string[] {
  return [...service.streams().map(streamCounts), ...service.rules().map(ruleCounts)].sort();
}

function streamCounts({
  name,
  events,
  late,
  ended,
}: {
  readonly name: string;
  readonly events: number;
  readonly late: number;
  readonly ended: boolean;
}): string {
  return JSON.stringify({ stream: name, events, late, ended });
}

function ruleCounts({ name, version, status, counts }: RuleStatus): string {
  return JSON.stringify({ rule: name, version, status, counts });
}
