/** The shapes of rules: as they are put, checked, shown, held and drawn, and what they hold for one key. */

import { z } from "@hono/zod-openapi";
import {
  change,
  count,
  diagnostic,
  instant,
  json,
  jsonObject,
  list,
  orNull,
  severity,
  takenEvents,
} from "./schemas.ts";

const ruleStates = z.enum(["active", "paused"]);

const cost = z
  .object({
    states: count.openapi({ description: "Of the rule's automaton." }),
    bounded: z
      .boolean()
      .openapi({ description: "Does anything but the cap end the growth of a key's partial matches?" }),
    by: z.enum(["strict sequence", "within", "gap", "cap"]),
    cap: count.nullable().openapi({ description: "Partial matches one key may hold, where nothing else bounds them." }),
    reason: z.string().openapi({ example: "each event starts a few at most, and none lasts longer than 10m" }),
  })
  .openapi("Cost", { description: "How the partial matches of one key can grow with the key's events." });

export const rulesPut = z
  .object({
    changed: z.boolean().openapi({ description: "False when every block was there already, word for word." }),
    rules: list(
      z.object({
        name: z.string(),
        version: count,
        status: ruleStates,
        change,
        state: z.enum(["new", "kept", "dropped", "draining"]).openapi({
          description: "Of what the rule has begun: `draining`, the old version finishes it under its own number.",
        }),
        activeFrom: count.openapi({ description: "The rule sees the events logged from this offset on." }),
        cost: orNull(cost).openapi({ description: "Null for a rule with a window." }),
      }),
    ),
    streams: list(z.object({ name: z.string(), change })),
    warnings: list(diagnostic),
  })
  .openapi("RulesPut");

export const rulesCheck = z
  .object({
    valid: z.boolean(),
    diagnostics: list(diagnostic),
    rendered: z.string().openapi({ description: "The diagnostics with their source lines underlined." }),
    rules: list(z.string()),
    streams: list(z.string()),
    costs: z
      .record(z.string(), orNull(cost))
      .openapi({ description: "By rule, null for one with a window; empty when there is an error." }),
  })
  .openapi("RulesCheck");

export const ruleStatus = z
  .object({
    name: z.string(),
    version: count,
    status: ruleStates,
    title: z.string().nullable(),
    description: z.string().nullable(),
    severity,
    tags: list(z.string()),
    streams: list(z.string()),
    deliver: list(z.string()),
    source: z.string(),
    activeFrom: count,
    counts: z.object({
      events: count.openapi({ description: "Events of the rule's streams that passed `from ... where`." }),
      unkeyed: count.openapi({ description: "Events passed by because they have no key." }),
      matches: count,
      timeouts: count,
      alerts: count,
      suppressed: count,
      partialMatches: count.openapi({ description: "Held now." }),
      keys: count.openapi({ description: "Keys with state." }),
      windows: count.openapi({ description: "Windows held now; of sliding ones their panes." }),
      faults: count.openapi({ description: "Expressions that met a wrong type." }),
      dropped: count.openapi({ description: "Partial matches dropped at the limit for one key." }),
      refused: count.openapi({ description: "Starts refused at the limit for the rule." }),
      late: count.openapi({ description: "Events that came too late for the rule, though not for their stream." }),
      droppedWhilePaused: count.openapi({ description: "What became due while it was paused." }),
    }),
  })
  .openapi("Rule");

export const ruleHeld = z
  .object({
    name: z.string(),
    version: count,
    status: ruleStates,
    changed: z.boolean().openapi({ description: "False when it was so already." }),
    offset: count.openapi({ description: "What is logged from this offset on finds it so." }),
  })
  .openapi("RuleHeld");

export const ruleVersion = z
  .object({
    version: count,
    source: z.string(),
    activeFrom: count.openapi({ description: "Offset of the record that put it." }),
    activeTo: count.nullable().openapi({ description: "Offset of the record that ended it; null while it is active." }),
  })
  .openapi("RuleVersion");

export const ruleGraph = z
  .object({
    rule: z.string(),
    version: count,
    title: z.string().nullable(),
    within: z.string().nullable().openapi({ example: "10m" }),
    skip: z.string().openapi({ example: "pastLastEvent" }),
    states: list(
      z.object({
        name: z.string(),
        kind: z.enum(["normal", "pending", "final", "stop"]),
        stage: z.string().nullable(),
        start: z.boolean(),
        meaning: z.string().openapi({ example: "waits for the 2nd failed" }),
        note: z.string().openapi({ description: "The meaning in a word or two.", example: "2nd" }),
      }),
    ),
    edges: list(
      z.object({
        from: z.string(),
        to: z.string(),
        action: z.enum(["TAKE", "IGNORE", "PROCEED"]),
        condition: z.string().openapi({ description: "In the rule language.", example: 'not (type == "failure")' }),
        label: z.string().openapi({ description: "By the names of `conditions`.", example: "not failed" }),
        gap: z.string().optional().openapi({ description: "How soon after the event before.", example: "30s" }),
        forbiddenBy: z.string().optional().openapi({ description: "The stage that must not come." }),
      }),
    ),
    conditions: list(z.object({ name: z.string(), condition: z.string() })),
  })
  .openapi("RuleGraph");

const condition = z.object({
  label: z.string().openapi({ description: "By the names of its parts.", example: "failed" }),
  condition: z.string().openapi({ description: "In the rule language.", example: 'type == "failure"' }),
});

export const keyState = z
  .object({
    rule: z.string(),
    version: count,
    key: json,
    watermark: z.string().openapi({ description: "How far time has come: RFC 3339, `beginning` or `end`." }),
    partialMatches: list(
      z.object({
        events: takenEvents,
        eventsOmitted: count.optional().openapi({ description: "Latest events left out for their size" }),
        firstEventAt: instant,
        lastEventAt: instant,
        timesOutAt: instant.nullable().openapi({ description: "When `within` runs out." }),
        waits: list(
          z.object({
            state: z.string().openapi({ description: "As the rule's graph names it." }),
            stage: z.string().nullable(),
            meaning: z.string().openapi({ example: "waits for the 2nd failed" }),
            until: instant.nullable().openapi({ description: "When a `gap` ends the wait." }),
            movesOnWith: list(condition),
            givenUpWith: list(condition),
          }),
        ).openapi({ description: "The same events may wait at several places of the pattern." }),
      }),
    ).openapi({ description: "By first event; of a rule that looks for a pattern." }),
    windows: list(
      z.object({
        start: instant.nullable(),
        end: instant.nullable().openapi({ description: "Exclusive; null for windows that have none." }),
        isPane: z.boolean().openapi({ description: "Sliding windows share what they hold by panes." }),
        emit: jsonObject.optional().openapi({ description: "What the rule would emit if it fired now." }),
        having: z.boolean().optional().openapi({ description: "Whether that would be an alert." }),
        events: count.optional().openapi({ description: "How many it holds, where the rule evicts." }),
      }),
    ).openapi({ description: "By start; of a rule that looks at a window." }),
  })
  .openapi("KeyState");
