/**
 * The job: the graph of the stream library that streams and rules make, at work. A source for each stream, an input for each set
 * of streams that rules read together, a branch for each rule; it grows and shrinks as rules come and go. Mutable.
 */

import { assert } from "../core/assert.ts";
import type { Event, Json } from "../core/event.ts";
import { StreamEnvironment, type SourceStream } from "../stream/streams/environment.ts";
import type { OperatorStatus } from "../stream/operators/operator.ts";
import type { KeySnapshot, OperatorSnapshot, TaskSnapshot } from "../stream/task/snapshot.ts";
import type { SourceInput } from "../stream/task/source-input.ts";
import type { CaptureChoice, TaskCapture } from "../stream/task/task-snapshot.ts";
import type { Task } from "../stream/task/task.ts";
import type { ValveStatus } from "../stream/time/watermark-valve.ts";
import type { Finding } from "./rules/finding.ts";
import { DEFAULT_PARTITION, type InputStream } from "./input-stream.ts";
import { RuleBranch, type BranchOutputs } from "./rules/rule-branch.ts";
import { inputName, RuleInput, sourceName } from "./rules/rule-input.ts";
import type { RuleRuntime } from "./rules/rule-runtime.ts";

interface Entrance {
  readonly own: RuleInput;
  readonly partitions: Map<string, SourceInput<Event>>;
}

export class Job {
  readonly #env = new StreamEnvironment();
  readonly #sources = new Map<string, SourceStream<Event>>();
  readonly #inputs = new Map<string, RuleInput>();
  readonly #inputsOfStream = new Map<string, RuleInput[]>();
  /** By stream: where its events come in, by partition, and the input that it has to itself. */
  readonly #entrances = new Map<string, Entrance>();
  readonly #branches = new Map<string, RuleBranch>();
  /** Inputs that the task has not taken up yet, with the events that have waited for them elsewhere. */
  #newInputs: { readonly input: RuleInput; readonly waiting: readonly Event[] }[] = [];
  #task: Task | null = null;
  #findings: Finding[] = [];
  #refused = false;
  readonly #outputs: BranchOutputs = {
    found: (finding) => void this.#findings.push(finding),
    late: () => void (this.#refused = true),
  };

  // ---- shape: `update` takes it up -----------------------------------------------------------------------------------

  /** Every stream has an input of its own, so that a rule put later sees what still waits for the watermark. */
  addStream({ name, watermarks }: InputStream): void {
    this.#sources.set(name, this.#env.source<Event>(sourceName(name), { watermarks, startsIdle: true }));
    this.#entrances.set(name, { own: this.#input([name]), partitions: new Map() });
  }

  /** `name` is unique: it finds the branch, and its state in a snapshot. */
  addBranch(
    name: string,
    { streams, runtime }: { readonly streams: readonly string[]; readonly runtime: RuleRuntime },
  ) {
    const input = this.#input([...streams].sort());
    input.branches.add(name);
    this.#branches.set(name, new RuleBranch(name, { input, runtime, outputs: this.#outputs }));
  }

  removeBranch(name: string): void {
    const branch = this.branch(name);
    branch.remove();
    this.#branches.delete(name);
    branch.input.branches.delete(name);
    // An input over several streams is there for its rules, and goes with the last of them.
    if (branch.input.streams.length > 1 && branch.input.branches.size === 0) this.#removeInput(branch.input);
  }

  /** The stream has ended, and begins anew: so does the time of all that reads it. What is kept by key stays. */
  reopenStream(stream: InputStream): void {
    const before = this.snapshot()!;
    const inputs = this.inputsOf(stream.name);
    const branches = inputs.flatMap((input) => [...input.branches].map((name) => this.branch(name)));
    this.#sources.get(stream.name)!.remove();
    for (const input of inputs) this.#forgetInput(input);
    this.addStream(stream);
    for (const { name, input, runtime } of branches) {
      runtime.generation++;
      this.addBranch(name, { streams: input.streams, runtime });
    }
    this.#newInputs = []; // what waits is in the snapshot
    this.#task!.update(withoutTime(before));
  }

  /** What has been added and removed takes effect, between one record and the next. */
  update(): void {
    if (this.#sources.size === 0) return;
    if (this.#task === null) this.#task = this.#env.createTask();
    else this.#task.update();
    for (const { input, waiting } of this.#newInputs) for (const event of waiting) input.offer(event);
    this.#newInputs = [];
  }

  // ---- work ----------------------------------------------------------------------------------------------------------

  /** Whether the event is late: a rule refused it, or it is behind the watermark and nobody wanted it. */
  push(event: Event, partition: string = DEFAULT_PARTITION): boolean {
    const { stream, time } = event;
    const isUnwanted = time <= this.ownInput(stream).watermark && !this.#isRead(stream);
    this.#refused = false;
    this.#entrance(stream, partition).push(event, time);
    return this.#refused || isUnwanted;
  }

  /** No event of the stream at or before it will come any more, from any partition. */
  raiseWatermark(stream: string, watermark: number): void {
    this.#task!.raiseWatermark(this.#sources.get(stream)!, watermark);
  }

  /** They hold time back no longer, until they speak again. */
  markIdle(stream: string, partitions: readonly string[]): void {
    for (const partition of partitions) this.#entrance(stream, partition).markIdle();
  }

  /** What has been found since it was last asked for. */
  takeFindings(): Finding[] {
    const findings = this.#findings;
    if (findings.length > 0) this.#findings = [];
    return findings;
  }

  /** An alert of it has been held. A branch whose last alert this was has gone already, and its counts with it. */
  countSuppressed(branch: string): void {
    const runtime = this.#branches.get(branch)?.runtime;
    if (runtime !== undefined) runtime.counters.suppressed++;
  }

  // ---- seen ----------------------------------------------------------------------------------------------------------

  branchNames(): readonly string[] {
    return [...this.#branches.keys()];
  }

  branch(name: string): RuleBranch {
    return this.#branches.get(name)!;
  }

  /** Those of rules that read the stream, alone or with others. */
  inputsOf(stream: string): readonly RuleInput[] {
    return this.#inputsOfStream.get(stream) ?? [];
  }

  ownInput(stream: string): RuleInput {
    return this.#entrances.get(stream)!.own;
  }

  /** How many keys a branch has something of, and how many windows. */
  heldBy(branch: string): Pick<OperatorStatus, "keys" | "windows"> {
    return this.#task?.operatorStatus({ name: branch }) ?? { keys: 0, windows: 0 };
  }

  /** What a branch has of one key; null for nothing. */
  keySnapshot(branch: string, key: Json): KeySnapshot | null {
    return this.#task?.keySnapshot({ name: branch }, key) ?? null;
  }

  /** The least watermark of the stream that would bring something about; null when nothing waits for time. */
  nextDeadline(stream: string): number | null {
    let next: number | null = null;
    for (const input of this.inputsOf(stream)) {
      const deadlines = [...input.branches].map((name) => this.#task?.operatorStatus({ name })?.nextEventTimer ?? null);
      for (const deadline of [input.nextRelease, ...deadlines]) {
        if (deadline !== null && (next === null || deadline < next)) next = deadline;
      }
    }
    return next;
  }

  /** Where time stands, and who holds it back: by the names of the streams' sources, and of the inputs over several streams. */
  timeStatus(): Readonly<Record<string, ValveStatus>> {
    const names = [...[...this.#sources.keys()].map(sourceName), ...this.#inputs.keys()];
    const found = names.map((name) => [name, this.#task?.timeStatus({ name }) ?? null] as const);
    return Object.fromEntries(found.filter((each): each is [string, ValveStatus] => each[1] !== null));
  }

  snapshot(): TaskSnapshot | null {
    this.#passTime();
    return this.#task?.snapshot() ?? null;
  }

  capture(choose: CaptureChoice): TaskCapture | null {
    this.#passTime();
    return this.#task?.capture(choose) ?? null;
  }

  /** As of now, all that is kept by key is in a checkpoint. */
  beginChanges(): void {
    this.#task?.beginChanges();
  }

  /** In place of the first `update`: the graph is that of which the snapshot was taken. */
  restore(snapshot: TaskSnapshot): void {
    assert(this.#task === null, "a job is restored before it has begun");
    this.#task = this.#env.createTask({ snapshot });
    this.#newInputs = [];
  }

  #entrance(stream: string, partition: string): SourceInput<Event> {
    const { partitions } = this.#entrances.get(stream)!;
    let entrance = partitions.get(partition);
    if (entrance === undefined) {
      partitions.set(partition, (entrance = this.#task!.input(this.#sources.get(stream)!, partition)));
    }
    return entrance;
  }

  #passTime(): void {
    for (const branch of this.#branches.values()) branch.gate.passTime();
  }

  #isRead(stream: string): boolean {
    return this.inputsOf(stream).some(({ branches }) => branches.size > 0);
  }

  #input(names: readonly string[]): RuleInput {
    const known = this.#inputs.get(inputName(names));
    if (known !== undefined) return known;
    // A new rule sees the events that still wait for the watermark, wherever they wait (S9.5).
    const waiting = names.length === 1 ? [] : names.flatMap((name) => this.ownInput(name).waiting());
    const input = new RuleInput(new Map(names.map((name) => [name, this.#sources.get(name)!])));
    this.#newInputs.push({ input, waiting: waiting.sort((a, b) => a.offset - b.offset) });
    this.#inputs.set(inputName(names), input);
    for (const name of names) this.#inputsOfStream.set(name, [...this.inputsOf(name), input]);
    return input;
  }

  #removeInput(input: RuleInput): void {
    input.events.remove();
    this.#forgetInput(input);
  }

  #forgetInput(input: RuleInput): void {
    this.#inputs.delete(inputName(input.streams));
    for (const name of input.streams) {
      this.#inputsOfStream.set(
        name,
        this.inputsOf(name).filter((other) => other !== input),
      );
    }
  }
}

function withoutTime({ operators, ...task }: TaskSnapshot): TaskSnapshot {
  const kept = Object.entries(operators).map(([name, operator]): [string, OperatorSnapshot] => {
    const { watermark: _watermark, passed: _passed, inputs: _inputs, source: _source, ...rest } = operator;
    return [name, rest];
  });
  return { ...task, operators: Object.fromEntries(kept) };
}
