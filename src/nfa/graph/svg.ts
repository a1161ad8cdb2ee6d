/** An automaton as an SVG picture of its own: no scripts, nothing loaded, colours for light and dark. */

import { UserError } from "../../core/errors.ts";
import { limits } from "../../core/limits.ts";
import type { GraphEdge, NfaGraph } from "./graph.ts";
import {
  BOX_HEIGHT,
  cut,
  edgeLabel,
  LABEL_CHAR,
  labelWidth,
  layOut,
  shownName,
  type Box,
  type Layout,
} from "./layout.ts";
import { routesOf, type Route } from "./routes.ts";
import { STYLE } from "./svg-style.ts";
import { escapeXml } from "./xml.ts";

export interface DrawnRule {
  readonly name: string;
  readonly title: string | null;
  readonly graph: NfaGraph;
}

/** One picture; of several rules, one below the other. UserError `too-large-to-draw` for automata that are no picture any more. */
export function graphSvg(rules: readonly DrawnRule[]): string {
  for (const { name, graph } of rules) refuseTooLarge(name, graph);
  const pictures = rules.map(draw);
  const width = Math.max(...pictures.map((picture) => picture.width));
  const height = pictures.reduce((sum, picture) => sum + picture.height, 0);
  let y = 0;
  const placed = pictures.map((picture) => {
    const text = `<g transform="translate(0,${y})">\n${picture.body}\n</g>`;
    y += picture.height;
    return text;
  });
  const names = rules.map(({ name }) => name).join(", ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(names)}</title>`,
    STYLE,
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...placed,
    "</svg>\n",
  ].join("\n");
}

function refuseTooLarge(name: string, { states }: NfaGraph): void {
  if (states.length <= limits.graphStatesDrawnMax) return;
  throw new UserError({
    code: "too-large-to-draw",
    message: `the automaton of \`${name}\` has ${states.length} states, and a picture at most ${limits.graphStatesDrawnMax}`,
    hint: "ask for another format",
  });
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

const MARGIN = 24;
const HEADING_HEIGHT = 62;
const BAR_HEIGHT = 30;
const WIDTH_MIN = 620;

function draw({ name, title, graph }: DrawnRule): Picture {
  const layout = layOut(graph);
  const { routes, top, bottom } = routesOf(layout);
  const heading = title === null ? name : `${name}: ${title}`;
  const width = Math.ceil(Math.max(WIDTH_MIN, layout.right + MARGIN + 12, cut(heading, 120).length * 8 + 2 * MARGIN));
  const bar = layout.edges.stop.length === 0 ? "" : stopBar(layout, routes, bottom);
  const below = bottom + (bar === "" ? 0 : BAR_HEIGHT) + 30;
  const legend = drawLegend(graph, { width, y: below });
  const shift = HEADING_HEIGHT - top + 10;
  const body = [
    `<text class="heading" x="${MARGIN}" y="34">${escapeXml(cut(heading, 120))}</text>`,
    `<text class="remark" x="${MARGIN}" y="54">${escapeXml(remark(graph))}</text>`,
    `<g transform="translate(0,${shift})">`,
    ...startMark(layout),
    ...routes.map(drawRoute),
    ...[...layout.boxes.values()].map(drawBox),
    bar,
    ...routes.map(drawLabel),
    ...legend.lines,
    "</g>",
  ];
  return {
    width,
    height: Math.ceil(shift + legend.bottom + MARGIN),
    body: body.filter((line) => line !== "").join("\n"),
  };
}

function remark({ within, skip }: NfaGraph): string {
  return `${within === null ? "no within" : `within ${within}`}, skip ${skip}`;
}

function startMark({ columns }: Layout): string[] {
  const { left, top } = columns[0]![0]!;
  const y = top + BOX_HEIGHT / 2;
  return [
    `<circle class="start" cx="${left - 36}" cy="${y}" r="5"/>`,
    `<path class="edge begin" d="M${left - 30},${y} H${left}"/>`,
  ];
}

function drawBox({ state, left, top, width, row }: Box): string {
  const center = left + width / 2;
  const kind = row > 0 ? "normal copy" : state.kind;
  const inner =
    state.kind === "final" || state.kind === "pending"
      ? `<rect class="inner" x="${left + 4}" y="${top + 4}" width="${width - 8}" height="${BOX_HEIGHT - 8}" rx="7"/>`
      : "";
  const note =
    state.note === "" ? "" : `<text class="note" x="${center}" y="${top + 35}">${escapeXml(state.note)}</text>`;
  return [
    `<g class="state ${kind}">`,
    `<title>${escapeXml(`${state.name}: ${state.meaning}`)}</title>`,
    `<rect x="${left}" y="${top}" width="${width}" height="${BOX_HEIGHT}" rx="10"/>${inner}`,
    `<text class="name" x="${center}" y="${top + (note === "" ? 27 : 20)}">${escapeXml(shownName(state))}</text>${note}`,
    "</g>",
  ].join("");
}

function edgeClass({ action, forbiddenBy }: GraphEdge): string {
  return forbiddenBy === undefined ? action.toLowerCase() : "forbidden";
}

function drawRoute({ edge, path }: Route): string {
  const { from, to, action, condition, gap, forbiddenBy } = edge;
  const told = [
    `${action} ${from} → ${to}`,
    ...(forbiddenBy === undefined ? [] : [`forbidden by ${forbiddenBy}`]),
    ...(gap === undefined ? [] : [`gap ${gap}`]),
    ...(condition === "true" ? [] : [`if ${condition}`]),
  ].join(", ");
  return `<path class="edge ${edgeClass(edge)}" d="${path}"><title>${escapeXml(told)}</title></path>`;
}

/** On a patch of the page's colour, which keeps lines out of it. */
function drawLabel({ edge, label: { x, y, anchor } }: Route): string {
  const text = edgeLabel(edge);
  if (text === "") return "";
  const width = labelWidth(edge);
  const left = x - (anchor === "start" ? 0 : anchor === "middle" ? width / 2 : width);
  const patch = `<rect class="page" x="${Math.round(left) - 2}" y="${Math.round(y) - 10}" width="${Math.round(width) + 3}" height="13"/>`;
  const label = `<text class="label ${edgeClass(edge)}" x="${Math.round(x)}" y="${Math.round(y)}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
  return patch + label;
}

function stopBar({ columns, edges }: Layout, routes: readonly Route[], y: number): string {
  const from = new Set(edges.stop.map((edge) => edge.from));
  const stacks = columns.filter((stack) => stack.some(({ state }) => from.has(state.name)));
  const [first, last] = [stacks[0]![0]!, stacks.at(-1)![0]!];
  const [left, right] = [first.left, last.left + last.width];
  const center = (left + right) / 2;
  return [
    `<g class="state stop"><title>stop: the partial match is given up</title>`,
    `<rect x="${left}" y="${y}" width="${right - left}" height="${BAR_HEIGHT}" rx="8"/>`,
    `<text class="name" x="${center}" y="${y + 20}">stop</text></g>`,
  ].join("");
}

// ---- legend --------------------------------------------------------------------------------------------------------

const LINE = 17;
const CONDITION_LINES_MAX = 4;

function drawLegend(
  { conditions, edges }: NfaGraph,
  { width, y }: { readonly width: number; readonly y: number },
): { readonly lines: readonly string[]; readonly bottom: number } {
  const lines = [`<path class="rule" d="M${MARGIN},${y - 14} H${width - MARGIN}"/>`];
  let [x, at] = [MARGIN, y + 6];
  for (const [kind, text] of KINDS) {
    if (!edges.some((edge) => edgeClass(edge) === kind)) continue;
    const length = 44 + text.length * LABEL_CHAR + 22;
    if (x + length > width - MARGIN + 22) [x, at] = [MARGIN, at + LINE + 4];
    lines.push(
      `<path class="edge ${kind}" d="M${x},${at - 4} H${x + 36}"/><text class="key" x="${x + 44}" y="${at}">${text}</text>`,
    );
    x += length;
  }
  at += 8;
  const names = Math.max(0, ...conditions.map(({ name }) => name.length));
  const indent = MARGIN + Math.min(names, 30) * LABEL_CHAR + 16;
  const chars = Math.max(20, Math.floor((width - MARGIN - indent) / LABEL_CHAR));
  for (const { name, condition } of conditions) {
    for (const [index, piece] of wrapped(condition, chars).entries()) {
      at += LINE;
      if (index === 0) lines.push(`<text class="key term" x="${MARGIN}" y="${at}">${escapeXml(cut(name, 30))}</text>`);
      lines.push(`<text class="key" x="${indent}" y="${at}">${escapeXml(piece)}</text>`);
    }
  }
  return { lines, bottom: at };
}

const KINDS = [
  ["take", "TAKE: the event joins the match"],
  ["ignore", "IGNORE: it is passed over"],
  ["proceed", "PROCEED: on, and the same event is tried there"],
  ["forbidden", "forbidden: the partial match is given up"],
] as const;

/** Lines of so many characters, broken at spaces where there are any. */
function wrapped(text: string, chars: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > chars && lines.length < CONDITION_LINES_MAX - 1) {
    const space = rest.lastIndexOf(" ", chars);
    const end = space > chars / 2 ? space : chars;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, chars)];
}
