/**
 * What goes between the threads that run a graph together: which subtask runs where, parcels out and parcels in. A parcel is worked
 * off only while nothing that may come of it has to wait for a credit, so that threads that wait for each other always come to an
 * end: what lies furthest down the graph can always go on. Mutable.
 */

import type { Input } from "../../stream/graph/element.ts";
import type { StreamGraph } from "../../stream/graph/graph.ts";
import type { ChannelEnds, Placement, SubtaskPlace } from "../../stream/task/placement.ts";
import type { JobClock } from "../system-clock.ts";
import { Lane, type LaneStatus } from "./lane.ts";
import { unpack, wayOf, type Parcel, type ValueEncoding } from "./parcel.ts";
import { reachedFrom } from "./reach.ts";

/** Threads are numbered: 0 is the one that has the sources and sinks, and all that is not divided. */
export type ThreadMessage =
  | { readonly kind: "parcel"; readonly edge: string; readonly parcel: Parcel }
  | { readonly kind: "credit"; readonly edge: string };

export interface ExchangeOptions {
  readonly graph: StreamGraph;
  readonly thread: number;
  /** At least 2. */
  readonly threads: number;
  readonly encoding: ValueEncoding;
  readonly clock: Pick<JobClock, "now">;
  readonly send: (to: number, message: ThreadMessage) => void;
}

export class Exchange implements Placement {
  readonly #options: ExchangeOptions;
  readonly #reach: ReadonlyMap<number, ReadonlySet<number>>;
  /** By edge and thread. */
  readonly #lanes = new Map<string, OutgoingLane>();
  /** By edge, for those ways that begin elsewhere. */
  readonly #edges = new Map<string, IncomingEdge>();
  /** The same, what lies furthest down the graph first: what is worked off there makes room. */
  readonly #incoming: IncomingEdge[] = [];
  #sent = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#reach = reachedFrom(options.graph);
  }

  isHere(place: SubtaskPlace): boolean {
    return this.#threadOf(place) === this.#options.thread;
  }

  wayTo({ edge, from, to }: ChannelEnds): Input<unknown> {
    return this.#lane({ edge, from, to }).entry(wayOf({ from: from.subtask, to: to.subtask }));
  }

  receive({ edge, from, to }: ChannelEnds, input: Input<unknown>): void {
    const name = edgeName(to.node, edge);
    let incoming = this.#edges.get(name);
    if (incoming === undefined) {
      incoming = { name, node: to.node, inputs: new Map(), parcels: [] };
      this.#edges.set(name, incoming);
      this.#incoming.unshift(incoming);
    }
    incoming.inputs.set(wayOf({ from: from.subtask, to: to.subtask }), input);
  }

  /** A message of another thread. What it brings waits until `step`. */
  received(from: number, message: ThreadMessage): void {
    if (message.kind === "parcel") this.#edges.get(message.edge)!.parcels.push({ from, parcel: message.parcel });
    else this.#lanes.get(laneName(message.edge, from))!.lane.credited();
  }

  /** Works off one parcel; false when there is none that may be. */
  step(): boolean {
    for (const { name: edge, node, inputs, parcels } of this.#incoming) {
      if (parcels.length === 0 || !this.#hasRoomBehind(node)) continue;
      const { from, parcel } = parcels.shift()!;
      unpack(parcel, (way) => inputs.get(way)!);
      this.#options.send(from, { kind: "credit", edge });
      this.flush();
      return true;
    }
    return false;
  }

  flush(): void {
    for (const { lane } of this.#lanes.values()) lane.flush();
  }

  /** Nothing that comes of this node's records has to wait for a credit. */
  #hasRoomBehind(node: number): boolean {
    const reached = this.#reach.get(node)!;
    for (const { lane, origin } of this.#lanes.values()) if (lane.isFull && reached.has(origin)) return false;
    return true;
  }

  /** Nothing waits here, and all that was sent has been worked off. */
  get isQuiet(): boolean {
    for (const { lane } of this.#lanes.values()) if (!lane.isQuiet) return false;
    for (const { parcels } of this.#incoming) if (parcels.length > 0) return false;
    return true;
  }

  /** Parcels that have left so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Nothing that leaves here has to wait for a credit. */
  get hasRoom(): boolean {
    for (const { lane } of this.#lanes.values()) if (lane.isFull) return false;
    return true;
  }

  /** By the node that reads from it, and the thread that it leads to. */
  *lanes(): Iterable<{ readonly reader: number; readonly thread: number } & LaneStatus> {
    for (const { lane, reader, thread } of this.#lanes.values()) yield { reader, thread, ...lane.status() };
  }

  #threadOf({ subtask, isDivided }: SubtaskPlace): number {
    return isDivided ? 1 + (subtask % (this.#options.threads - 1)) : 0;
  }

  #lane({ edge: index, from, to }: ChannelEnds): Lane {
    const edge = edgeName(to.node, index);
    const thread = this.#threadOf(to);
    const name = laneName(edge, thread);
    const known = this.#lanes.get(name);
    if (known !== undefined) return known.lane;
    const { encoding, clock, send } = this.#options;
    const lane = new Lane({
      encoding,
      clock,
      send: (parcel) => {
        this.#sent++;
        send(thread, { kind: "parcel", edge, parcel });
      },
    });
    this.#lanes.set(name, { lane, origin: from.node, reader: to.node, thread });
    return lane;
  }
}

interface OutgoingLane {
  readonly lane: Lane;
  readonly origin: number;
  readonly reader: number;
  readonly thread: number;
}

interface IncomingEdge {
  readonly name: string;
  readonly node: number;
  readonly inputs: Map<number, Input<unknown>>;
  /** From each thread in its order. */
  readonly parcels: { readonly from: number; readonly parcel: Parcel }[];
}

function edgeName(node: number, edge: number): string {
  return `${node}.${edge}`;
}

function laneName(edge: string, thread: number): string {
  return `${edge}>${thread}`;
}
