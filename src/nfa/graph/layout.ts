/**
 * Where the states stand: one column for each, in the pattern's order, its ignoring copies below it, and the stop state as a
 * bar below them all. Lengths are pixels; texts are measured by their characters, which all have one width.
 */

import type { GraphEdge, GraphState, NfaGraph } from "./graph.ts";

export interface Box {
  readonly state: GraphState;
  readonly column: number;
  /** 0 for the pattern's own line, 1 and more for copies. */
  readonly row: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  /** How far the label of the edge down to its copy sticks out on the left. */
  readonly overhang: number;
}

export interface Layout {
  readonly boxes: ReadonlyMap<string, Box>;
  readonly columns: readonly (readonly Box[])[];
  /** What is drawn how; each list in the order of the graph's edges. */
  readonly edges: Readonly<Record<EdgeShape, readonly GraphEdge[]>>;
  readonly right: number;
  /** Below the last row, its loops included. */
  readonly bottom: number;
}

/**
 * - `take`, `ignore`: loops at a state, above and below
 * - `straight`: to the next column; `arc`: to any other, above the line
 * - `down`, `up`: between a state and its copy
 * - `rise`: from a copy to the next column
 * - `low`: between columns, below all rows
 * - `stop`: to the bar
 */
export type EdgeShape = "take" | "ignore" | "straight" | "arc" | "down" | "up" | "rise" | "low" | "stop";

export const BOX_HEIGHT = 44;
export const ROW_HEIGHT = 124;
/** Of a label's character, and of a state's name. */
export const LABEL_CHAR = 6.7;
const NAME_CHAR = 7.9;
const BOX_WIDTH_MIN = 92;
/** Copies are narrower, so that edges pass them on the way down. */
const COPY_NARROWER = 34;
const GAP_MIN = 58;
/** Where on its width a copy is entered and left; between such an edge and its label. */
export const DOWN_AT = 0.36;
export const UP_AT = 0.64;
export const LABEL_DISTANCE = 6;
/** Between ways that go up or down beside each other. */
export const LANE = 12;
const LABEL_CHARS_MAX = 30;
const NAME_CHARS_MAX = 24;
const LEFT = 64;

export function layOut({ states, edges }: NfaGraph): Layout {
  const stacks = stacksOf(states, edges);
  const shapes = shapesOf(edges, places(stacks), states);
  const widths = stacks.map((stack) => Math.max(...stack.map((state, row) => boxWidth(state, row))));
  const boxes = new Map<string, Box>();
  let left = LEFT;
  const columns = stacks.map((stack, column) => {
    const placed = stack.map((state, row): Box => {
      const width = widths[column]! - (row === 0 ? 0 : COPY_NARROWER);
      return { state, column, row, left, top: row * ROW_HEIGHT, width, overhang: overhangOf(state.name, shapes) };
    });
    for (const box of placed) boxes.set(box.state.name, box);
    left += widths[column]! + gapAfter(placed, stacks[column + 1] ?? [], shapes);
    return placed;
  });
  const last = columns.at(-1)![0]!;
  const rows = Math.max(...stacks.map((stack) => stack.length));
  return {
    boxes,
    columns,
    edges: shapes,
    right: last.left + last.width,
    bottom: (rows - 1) * ROW_HEIGHT + BOX_HEIGHT + (shapes.ignore.length > 0 ? LOOP_BELOW : 16),
  };
}

const LOOP_BELOW = 50;

/** The states of each column: one, and its copies. */
function stacksOf(states: readonly GraphState[], edges: readonly GraphEdge[]): GraphState[][] {
  const stacks: GraphState[][] = [];
  for (const state of states) {
    if (state.kind === "stop") continue;
    const isCopy =
      !state.start &&
      state.kind === "normal" &&
      edges.every(({ from, to, action }) => to !== state.name || from === to || action === "IGNORE");
    if (isCopy) stacks.at(-1)!.push(state);
    else stacks.push([state]);
  }
  return stacks;
}

interface Place {
  readonly column: number;
  readonly row: number;
}

function places(stacks: readonly (readonly GraphState[])[]): ReadonlyMap<string, Place> {
  return new Map(stacks.flatMap((stack, column) => stack.map(({ name }, row) => [name, { column, row }])));
}

function shapesOf(
  edges: readonly GraphEdge[],
  placed: ReadonlyMap<string, Place>,
  states: readonly GraphState[],
): Record<EdgeShape, GraphEdge[]> {
  const stop = states.find(({ kind }) => kind === "stop")?.name;
  const shapes: Record<EdgeShape, GraphEdge[]> = {
    take: [],
    ignore: [],
    straight: [],
    arc: [],
    down: [],
    up: [],
    rise: [],
    low: [],
    stop: [],
  };
  for (const edge of edges) {
    const isSecond = shapes.straight.some((other) => isParallel(edge, other) && isDashed(edge) === isDashed(other));
    const shape = edge.to === stop ? "stop" : shapeOf(edge, placed.get(edge.from)!, placed.get(edge.to)!);
    shapes[shape === "straight" && isSecond ? "arc" : shape].push(edge);
  }
  return shapes;
}

function shapeOf({ from, to, action }: GraphEdge, source: Place, target: Place): EdgeShape {
  if (from === to) return action === "TAKE" ? "take" : "ignore";
  const ahead = target.column - source.column;
  if (ahead === 0) return source.row < target.row ? "down" : "up";
  if (source.row === 0 && target.row === 0) return ahead === 1 ? "straight" : "arc";
  return source.row > 0 && target.row === 0 && ahead === 1 ? "rise" : "low";
}

function isParallel(a: GraphEdge, b: GraphEdge): boolean {
  return a.from === b.from && a.to === b.to;
}

export function isDashed({ action }: GraphEdge): boolean {
  return action === "PROCEED";
}

// ---- widths --------------------------------------------------------------------------------------------------------

export function shownName({ name }: GraphState): string {
  return cut(name, NAME_CHARS_MAX);
}

/** What stands beside an edge; the whole condition is in its tooltip. */
export function edgeLabel({ action, label, gap, forbiddenBy }: GraphEdge): string {
  if (forbiddenBy !== undefined) return cut(`forbidden by ${forbiddenBy}`, LABEL_CHARS_MAX);
  const condition = label === "" && action !== "PROCEED" ? "any event" : label;
  const limited = gap === undefined ? [] : [`gap ${gap}`];
  return cut([condition, ...limited].join(", "), LABEL_CHARS_MAX);
}

export function labelWidth(edge: GraphEdge): number {
  return edgeLabel(edge).length * LABEL_CHAR;
}

export function cut(text: string, charsMax: number): string {
  return text.length <= charsMax ? text : `${text.slice(0, charsMax - 1)}…`;
}

function boxWidth(state: GraphState, row: number): number {
  const text = Math.max(shownName(state).length * NAME_CHAR, state.note.length * LABEL_CHAR);
  return Math.max(BOX_WIDTH_MIN, text + 24) + (row === 0 ? 0 : COPY_NARROWER);
}

function overhangOf(state: string, shapes: Layout["edges"]): number {
  const labels = shapes.down.filter((edge) => edge.from === state).map(labelWidth);
  return Math.max(0, Math.max(0, ...labels) + LABEL_DISTANCE - DOWN_AT * BOX_WIDTH_MIN);
}

/** Room between two columns: for labels on the edges between them, for labels that stick out, for edges on their way down. */
function gapAfter(stack: readonly Box[], next: readonly GraphState[], shapes: Layout["edges"]): number {
  const [from, to] = [new Set(stack.map(({ state }) => state.name)), new Set(next.map(({ name }) => name))];
  const leaving = (shape: EdgeShape): GraphEdge[] => shapes[shape].filter((edge) => from.has(edge.from));
  const entering = (shape: EdgeShape): GraphEdge[] => shapes[shape].filter((edge) => to.has(edge.to));
  const widest = (edges: readonly GraphEdge[]): number => Math.max(0, ...edges.map(labelWidth));
  const half = stack[0]!.width / 2;
  const over = Math.max(
    widest(leaving("take")) - 30,
    widest(leaving("up")) - half + 30,
    widest(leaving("ignore")) / 2 - half,
  );
  const stops = widest(shapes.stop.filter((edge) => to.has(edge.from)));
  const isPassing = stack.length > 1 && shapes.stop.some((edge) => edge.from === stack[0]!.state.name);
  const overhang = Math.max(0, ...next.map(({ name }) => overhangOf(name, shapes)));
  const under = Math.max(
    overhang + 8,
    widest(entering("ignore")) / 2 - 46,
    isPassing ? Math.max(stops, widest(leaving("stop"))) + 4 : stops - 60,
  );
  const lanes = leaving("rise").length + leaving("low").length + entering("low").length;
  const between = Math.max(widest(leaving("straight")), widest(leaving("rise")) + overhang) + 24;
  return Math.max(GAP_MIN, between, over + Math.max(0, under) + 12) + lanes * LANE;
}
