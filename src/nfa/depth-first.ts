/** Depth-first search, and what rests on it. Not by recursion: an automaton may have thousands of states. */

/** The nodes that can be reached, in the order in which they are finished; `seen` grows, and what is in it is left out. */
export function depthFirst(
  start: number,
  successors: (node: number) => readonly number[],
  seen = new Set<number>(),
): number[] {
  const finished: number[] = [];
  if (seen.has(start)) return finished;
  seen.add(start);
  const path = [{ node: start, rest: [...successors(start)] }];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const next = top.rest.pop();
    if (next === undefined) {
      finished.push(top.node);
      path.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push({ node: next, rest: [...successors(next)] });
    }
  }
  return finished;
}

/** A number for each node, the same for those that lead to each other (Kosaraju's algorithm). */
export function components(
  start: number,
  successors: (node: number) => readonly number[],
): ReadonlyMap<number, number> {
  const finished = depthFirst(start, successors);
  const sources = new Map<number, number[]>(finished.map((node) => [node, []]));
  for (const node of finished) for (const target of successors(node)) sources.get(target)!.push(node);
  const found = new Map<number, number>();
  const seen = new Set<number>();
  for (const node of finished.reverse()) {
    for (const member of depthFirst(node, (to) => sources.get(to)!, seen)) found.set(member, node);
  }
  return found;
}
