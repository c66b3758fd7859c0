/**
 * How many lists, maps and bytes may still be made of structures (msgpack and Struct). A byte of the wire can stand for
 * one of them, which takes a hundred in memory.
 */
export interface ContainerBudget {
  left: number;
}

/** So many may be in the structures of one task's inputs. No message of 16 MiB that means something has more. */
const maxContainers = 2_000_000;

/** Starts counting. */
export function containerBudget(): ContainerBudget {
  return { left: maxContainers };
}

/** What is wrong with structures for which {@link payContainer} finds nothing left. */
export const tooManyContainers: string =
  `the structures hold more than ${maxContainers} lists, maps and bytes: ` +
  "pass data as a file or a structured dataset";

/** Pays for a list, a map or bytes; false if there were too many. */
export function payContainer(budget: ContainerBudget): boolean {
  budget.left--;
  return budget.left >= 0;
}
