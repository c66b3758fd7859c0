import type { Suite } from "./suite.ts";

/** Every suite, in the order of the table. */
export const suites: readonly Suite[] = [];
