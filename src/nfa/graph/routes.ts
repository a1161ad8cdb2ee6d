/** The ways of the edges between the boxes of a layout, and where their labels stand. */

import type { GraphEdge } from "./graph.ts";
import {
  BOX_HEIGHT,
  isDashed,
  DOWN_AT,
  LABEL_DISTANCE,
  labelWidth,
  LANE,
  UP_AT,
  type Box,
  type Layout,
} from "./layout.ts";

export interface Route {
  readonly edge: GraphEdge;
  /** An SVG path. */
  readonly path: string;
  readonly label: { readonly x: number; readonly y: number; readonly anchor: "start" | "middle" | "end" };
}

export interface Routes {
  readonly routes: readonly Route[];
  /** The least y of all, labels included. */
  readonly top: number;
  /** Where the bar of the stop state begins. */
  readonly bottom: number;
}

const LOOP_HEIGHT = 26;
const LEVEL_HEIGHT = 26;
const TRACK_HEIGHT = 24;
const CORNER = 8;

export function routesOf(layout: Layout): Routes {
  const { boxes, edges } = layout;
  const ends = (edge: GraphEdge): { source: Box; target: Box } => ({
    source: boxes.get(edge.from)!,
    target: boxes.get(edge.to)!,
  });
  const mainOf = (edge: GraphEdge): Box => layout.columns[boxes.get(edge.from)!.column]![0]!;
  const arcs = arcRoutes(layout, edges.arc);
  const low = edges.low.map((edge, index) =>
    lowRoute(edge, { ...ends(edge), y: layout.bottom + (index + 1) * TRACK_HEIGHT, lane: laneInto(edge, layout) }),
  );
  const lowest = layout.bottom + edges.low.length * TRACK_HEIGHT + (edges.low.length > 0 ? 8 : 0);
  const stops = stopRoutes(layout, lowest);
  const top = Math.min(arcs.top, edges.take.length > 0 ? -LOOP_HEIGHT - 18 : -6);
  const routes = [
    ...edges.take.map((edge) => takeLoop(edge, ends(edge).source)),
    ...edges.ignore.map((edge) => ignoreLoop(edge, ends(edge).source)),
    ...edges.straight.map((edge) => straight(edge, ends(edge), edges.straight)),
    ...edges.down.map((edge) => between(edge, ends(edge))),
    ...edges.up.map((edge) => between(edge, ends(edge))),
    ...edges.rise.map((edge) => rise(edge, { ...ends(edge), lane: laneInto(edge, layout), main: mainOf(edge) })),
    ...arcs.routes,
    ...low,
    ...stops.routes,
  ];
  return { routes, top, bottom: stops.bottom };
}

interface Ends {
  readonly source: Box;
  readonly target: Box;
}

const rightOf = ({ left, width }: Box): number => left + width;
const middleOf = ({ top }: Box): number => top + BOX_HEIGHT / 2;

function takeLoop(edge: GraphEdge, box: Box): Route {
  const [from, to] = [rightOf(box) - 12, rightOf(box) - 38];
  const y = box.top - LOOP_HEIGHT;
  const path = `M${from},${box.top} C${from + 4},${y} ${to - 4},${y} ${to},${box.top}`;
  return { edge, path, label: { x: to + 2, y: y - 2, anchor: "start" } };
}

function ignoreLoop(edge: GraphEdge, box: Box): Route {
  const [center, bottom] = [box.left + box.width / 2, box.top + BOX_HEIGHT];
  const y = bottom + LOOP_HEIGHT;
  const path = `M${center + 13},${bottom} C${center + 17},${y} ${center - 17},${y} ${center - 13},${bottom}`;
  return { edge, path, label: { x: center, y: bottom + LOOP_HEIGHT + 10, anchor: "middle" } };
}

/** Side by side with a dashed one, a solid edge is the upper. */
function straight(edge: GraphEdge, { source, target }: Ends, others: readonly GraphEdge[]): Route {
  const isAlone = others.filter(({ from, to }) => from === edge.from && to === edge.to).length === 1;
  const below = isAlone ? 0 : isDashed(edge) ? 5 : -7;
  const y = middleOf(source) + below;
  const [from, to] = [rightOf(source), target.left];
  const label = { x: (from + to) / 2 - 3, y: below > 0 ? y + 14 : y - 6, anchor: "middle" as const };
  return { edge, path: `M${from},${y} H${to}`, label };
}

/** Down to a copy on the left, up from it on the right. */
function between(edge: GraphEdge, { source, target }: Ends): Route {
  const isDown = source.row < target.row;
  const copy = isDown ? target : source;
  const upper = isDown ? source : target;
  const x = Math.round(copy.left + copy.width * (isDown ? DOWN_AT : UP_AT));
  const [high, low] = [upper.top + BOX_HEIGHT, copy.top];
  const y = (high + low) / 2;
  return isDown
    ? { edge, path: `M${x},${high} V${low}`, label: { x: x - LABEL_DISTANCE, y, anchor: "end" } }
    : { edge, path: `M${x},${low} V${high}`, label: { x: x + LABEL_DISTANCE, y: y + 14, anchor: "start" } };
}

/** How many other ways come into the same box from the left before this one, each in a lane of its own. */
function laneInto(edge: GraphEdge, { edges }: Layout): number {
  return [...edges.rise, ...edges.low].filter(({ to }) => to === edge.to).indexOf(edge);
}

/** Where a lane goes up before its box, and where it comes in. */
function laneAt(lane: number, target: Box): { readonly x: number; readonly y: number } {
  return { x: target.left - target.overhang - 16 - lane * LANE, y: middleOf(target) + Math.min(18, 12 + lane * 4) };
}

function rise(
  edge: GraphEdge,
  { source, target, lane, main }: Ends & { readonly lane: number; readonly main: Box },
): Route {
  const { x, y } = laneAt(lane, target);
  const from = middleOf(source);
  const path = rounded([
    [rightOf(source), from],
    [x, from],
    [x, y],
    [target.left, y],
  ]);
  return { edge, path, label: { x: rightOf(main) + 6, y: from - 6, anchor: "start" } };
}

function lowRoute(
  edge: GraphEdge,
  { source, target, y, lane }: Ends & { readonly y: number; readonly lane: number },
): Route {
  const into = laneAt(lane, target);
  const [from, out] = [middleOf(source) + 12, rightOf(source) + 14];
  const path = rounded([
    [rightOf(source), from],
    [out, from],
    [out, y],
    [into.x, y],
    [into.x, into.y],
    [target.left, into.y],
  ]);
  return { edge, path, label: { x: (out + into.x) / 2, y: y - 5, anchor: "middle" } };
}

// ---- above -----------------------------------------------------------------------------------------------------------

interface Arc {
  readonly edge: GraphEdge;
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

/** Short arcs lie below long ones. */
function arcRoutes({ boxes, columns }: Layout, edges: readonly GraphEdge[]): { routes: Route[]; top: number } {
  const arcs = edges.map((edge): Arc => {
    const [from, to] = [boxes.get(edge.from)!.column, boxes.get(edge.to)!.column];
    return { edge, from, to, left: Math.min(from, to), right: Math.max(from, to) };
  });
  const levels: Arc[][] = [];
  for (const arc of [...arcs].sort((a, b) => a.right - a.left - (b.right - b.left))) {
    const free = levels.find((level) => level.every((other) => other.right <= arc.left || arc.right <= other.left));
    if (free === undefined) levels.push([arc]);
    else free.push(arc);
  }
  const routes = levels.flatMap((level, index) =>
    level.map((arc): Route => {
      const y = -LOOP_HEIGHT - 24 - index * LEVEL_HEIGHT;
      const [x1, x2] = [port(arc, arc.from, { arcs, columns }), port(arc, arc.to, { arcs, columns })];
      const path = rounded([
        [x1, columns[arc.from]![0]!.top],
        [x1, y],
        [x2, y],
        [x2, columns[arc.to]![0]!.top],
      ]);
      return { edge: arc.edge, path, label: { x: (x1 + x2) / 2, y: y - 5, anchor: "middle" } };
    }),
  );
  return { routes, top: levels.length === 0 ? 0 : -LOOP_HEIGHT - 24 - levels.length * LEVEL_HEIGHT };
}

/** Where on a column's box an arc begins or ends: those from the left on the left, and the farthest in the middle, so that none cross. */
function port(
  arc: Arc,
  column: number,
  { arcs, columns }: { readonly arcs: readonly Arc[]; readonly columns: Layout["columns"] },
): number {
  const at = arcs.filter(({ left, right }) => left === column || right === column);
  const length = ({ left, right }: Arc): number => right - left;
  const fromLeft = at.filter(({ right }) => right === column).sort((a, b) => length(a) - length(b));
  const fromRight = at.filter(({ left }) => left === column).sort((a, b) => length(b) - length(a));
  const index = [...fromLeft, ...fromRight].indexOf(arc);
  const box = columns[column]![0]!;
  const step = Math.min(14, (box.width - 64) / Math.max(1, at.length - 1));
  return Math.round(box.left + 14 + index * step);
}

// ---- below -----------------------------------------------------------------------------------------------------------

/**
 * A state with nothing below it sends its edges down on its left, with their labels on the left; one with a copy below it on its
 * right, past the copy, with their labels on the right and a line lower: so labels do not meet.
 */
function stopRoutes({ columns, edges }: Layout, from: number): { routes: Route[]; bottom: number } {
  const ways = columns.flatMap((stack) =>
    stack.flatMap((box) =>
      edges.stop
        .filter((edge) => edge.from === box.state.name)
        .map((edge, index) => ({ edge, box, index, isPassing: box.row + 1 < stack.length })),
    ),
  );
  const most = (passing: boolean): number =>
    Math.max(0, ...ways.filter(({ isPassing }) => isPassing === passing).map(({ index }) => index + 1));
  const [left, right] = [most(false), most(true)];
  const bottom = from + (ways.length === 0 ? 0 : (left + right) * STOP_LABEL_HEIGHT + 14);
  const routes = ways.map(({ edge, box, index, isPassing }): Route => {
    const x = isPassing ? rightOf(box) - 8 - index * 10 : box.left + 12 + index * 10;
    const y = from + (isPassing ? left + index : index) * STOP_LABEL_HEIGHT + 11;
    const fits = x - labelWidth(edge) > 16;
    const label = isPassing || !fits ? { x: x + 5, anchor: "start" as const } : { x: x - 5, anchor: "end" as const };
    return { edge, path: `M${x},${box.top + BOX_HEIGHT} V${bottom}`, label: { ...label, y } };
  });
  return { routes, bottom };
}

const STOP_LABEL_HEIGHT = 15;

/** A way around corners. */
function rounded(points: readonly (readonly [number, number])[]): string {
  const parts = points.slice(1, -1).flatMap(([x, y], index) => {
    const [before, after] = [points[index]!, points[index + 2]!];
    return [`L${toward([x, y], before)}`, `Q${x},${y} ${toward([x, y], after)}`];
  });
  return [`M${points[0]!.join()}`, ...parts, `L${points.at(-1)!.join()}`].join(" ");
}

/** The point on the way from a corner to its neighbour where the curve begins or ends. */
function toward([x, y]: readonly [number, number], [ax, ay]: readonly [number, number]): string {
  const [dx, dy] = [ax - x, ay - y];
  const length = Math.hypot(dx, dy);
  const part = length === 0 ? 0 : Math.min(CORNER, length / 2) / length;
  return `${round(x + dx * part)},${round(y + dy * part)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
