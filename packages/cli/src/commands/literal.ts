import { writeFile } from "node:fs/promises";
import { AgentError, exactNumbers, isAgentError, type JsonValue, toJson } from "@flyte-agent/sdk";
import { rewriteLiteral } from "@flyte-agent/sdk/host";
import { usageError } from "../arguments/usage-error.ts";
import { parseLiteralFile } from "../literal/parse-literal-file.ts";
import type { Terminal } from "../print/terminal.ts";
import { errorLine } from "../process/error-line.ts";
import { exitCodes } from "../process/exit-codes.ts";
import { readInputFile } from "../run/read-input-file.ts";

/** Flags of `literal`. */
export interface LiteralFlags {
  /** The file that holds literals and their types. */
  readonly file: string;
  readonly integers: "auto" | "bigint";
  /** `--out`, where the rewritten literals go. */
  readonly outFile: string | undefined;
}

/** Prints what an agent's code gets for literals, and writes them again from that. A literal that is refused is named. */
export async function literal({ file, integers, outFile }: LiteralFlags, { out, err }: Terminal): Promise<number> {
  const values = new Map<string, JsonValue>();
  const lines: string[] = [];
  let exitCode: number = exitCodes.ok;
  for (const encoded of parseLiteralFile(new TextDecoder().decode(await readInputFile(file)), file)) {
    const { name, type } = encoded;
    try {
      const rewritten = rewriteLiteral(encoded, { integers });
      values.set(name, toJson(rewritten.value));
      lines.push(JSON.stringify({ name, type: base64(type), literal: base64(rewritten.literal) }));
    } catch (reason) {
      if (!isAgentError(reason)) throw reason;
      err.line(`${err.paint("red", "flyte-agent:")} ${errorLine(named(reason, name)).text}`);
      exitCode = exitCodes.failed;
    }
  }
  if (outFile !== undefined) await writeLines(outFile, lines);
  if (values.size > 0) out.line(JSON.stringify(Object.fromEntries(values), exactNumbers, 2));
  return exitCode;
}

async function writeLines(file: string, lines: readonly string[]): Promise<void> {
  try {
    await writeFile(file, lines.map((line) => `${line}\n`).join(""));
  } catch (reason) {
    throw usageError(`--out: ${reason instanceof Error ? reason.message : String(reason)}`);
  }
}

function named(reason: AgentError, name: string): AgentError {
  return reason.message.includes(JSON.stringify(name))
    ? reason
    : new AgentError(reason.code, `"${name}": ${reason.message}`);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
