import { CommanderError } from "commander";
import { dashedFlags } from "./arguments/dashed-flags.ts";
import { createProgram } from "./create-program.ts";
import type { Terminal } from "./print/terminal.ts";
import { errorLine } from "./process/error-line.ts";
import { exitCodes } from "./process/exit-codes.ts";

/**
 * Runs one command line.
 *
 * @param args without the program and the script.
 * @returns the exit code.
 */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args.length === 0 ? ["--help"] : dashedFlags(args), { from: "user" });
    return exitCode;
  } catch (reason) {
    if (reason instanceof CommanderError) return usageExitCode(reason, terminal);
    const { text, exitCode: code } = errorLine(reason);
    terminal.err.line(`${terminal.err.paint("red", "flyte-agent:")} ${text}`);
    return code;
  }
}

function usageExitCode({ code, exitCode, message }: CommanderError, terminal: Terminal): number {
  if (exitCode === 0) return exitCodes.ok;
  // commander has printed what it found itself; what an action refused it has not.
  if (code === "commander.invalidArgument" && !message.startsWith("error:")) {
    terminal.err.line(`${terminal.err.paint("red", "flyte-agent:")} ${message}`);
  }
  return exitCodes.usage;
}
