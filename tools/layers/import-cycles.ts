/** An import that closes a cycle. */
export interface Cycle<Edge> {
  readonly edge: Edge;
  /** The files of the cycle in the order of their imports; the first is also the last. */
  readonly files: readonly string[];
}

/** The cycles of a graph of files, one for each import that leads back to where the walk came from. */
export function importCycles<Edge extends { readonly to: string }>(
  graph: ReadonlyMap<string, readonly Edge[]>,
): Cycle<Edge>[] {
  const cycles: Cycle<Edge>[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const walk = (file: string): void => {
    trail.push(file);
    for (const edge of graph.get(file) ?? []) {
      const start = trail.indexOf(edge.to);
      if (start >= 0) {
        cycles.push({ edge, files: [...trail.slice(start), edge.to] });
      } else if (!finished.has(edge.to)) {
        walk(edge.to);
      }
    }
    trail.pop();
    finished.add(file);
  };
  for (const file of graph.keys()) {
    if (!finished.has(file)) {
      walk(file);
    }
  }
  return cycles;
}
