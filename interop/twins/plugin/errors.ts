import { invalidInput, jobNotFound, vendorRefused, vendorUnavailable } from "@flyte-agent/sdk";

const errors: Readonly<Record<string, () => unknown>> = {
  plain: () => new Error("the vendor said no"),
  lines: () => new Error("first line\nsecond line: Größe 💥 100%"),
  silent: () => new Error(),
  long: () => new Error("x".repeat(20_000)),
  user: () => invalidInput("table", "use another table"),
  unavailable: () => vendorUnavailable("the vendor does not answer"),
  refused: () => vendorRefused("the vendor refuses"),
  gone: () => jobNotFound("the vendor does not know the job"),
  odd: () => undefined,
};

/** Throws what a scenario `raise OPERATION KIND` asks for in this operation. */
export function throwIfAsked(scenario: string, operation: string): void {
  const prefix = `raise ${operation} `;
  if (scenario.startsWith(prefix)) throw errors[scenario.slice(prefix.length)]?.();
}
