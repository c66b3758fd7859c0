import { readFileSync } from "node:fs";

/** How many file descriptors this process may have open, `undefined` where the system does not say so (it is no Linux). */
export function descriptorLimit(): number | undefined {
  try {
    const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
