import type { Plan, ResolvedConfig, ServerLog } from "@flyte-agent/runtime";
import { createPluginOfError } from "./plugin-of-error.ts";

/** What {@link capturePrints} needs. */
export interface CaptureOptions {
  readonly config: Pick<ResolvedConfig, "log">;
  readonly plan: Plan;
  readonly serverLog: ServerLog;
}

/** Ends what {@link capturePrints} began. */
export type EndCapture = () => void;

/**
 * Makes log lines of what plugins print (`console.log`, `process.stdout.write`), where it would stand between JSON lines: on
 * standard output if that is what the log is; on standard error, too, if the operator asked for JSON, since a container's log
 * holds both.
 */
export function capturePrints({ config, plan, serverLog: { isJson, log } }: CaptureOptions): EndCapture {
  if (!isJson) return () => {};
  const pluginOfError = createPluginOfError(plan);
  const printer = (): string | undefined => pluginOfError(new Error());
  const ends = [capture(process.stdout, (text) => log.info(text, { printed: "stdout", plugin: printer() }))];
  if (config.log.format === "json") {
    ends.push(capture(process.stderr, (text) => log.warn(text, { printed: "stderr", plugin: printer() })));
  }
  return () => {
    for (const end of ends) end();
  };
}

function capture(stream: NodeJS.WriteStream, onPrint: (text: string) => void): EndCapture {
  const { write } = stream;
  stream.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    onPrint(text.replace(/\r?\n$/, ""));
    // The encoding may be left out, so the callback is whichever is one.
    for (const done of rest) if (typeof done === "function") process.nextTick(done, null);
    return true;
  };
  return () => {
    stream.write = write;
  };
}
