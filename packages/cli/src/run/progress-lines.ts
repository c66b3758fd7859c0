import type { TaskProgress } from "@flyte-agent/client";
import { isTerminal, type LogLink } from "@flyte-agent/sdk";
import { phaseText } from "../print/phase-text.ts";
import { oneLine, type Printer } from "../print/terminal.ts";

/** Shows how a task is doing. */
export interface ProgressLines {
  show(progress: TaskProgress): void;
  /** Says something beside the progress. */
  say(text: string): void;
  /** Takes the changing line away. */
  end(): void;
}

/** Shows progress: a line that is rewritten in place on a terminal, a line for each change elsewhere. */
export function createProgressLines(printer: Printer): ProgressLines {
  const startMs = performance.now();
  const shownLinks = new Set<string>();
  let last: TaskProgress | undefined;
  let lastText = "";
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (printer.isTerminal) printer.write("\r\u001b[K");
  };
  const draw = (): void => {
    const text = `${seconds(performance.now() - startMs)}  ${textOf(last)}`;
    printer.write(`\r\u001b[K${text.length < printer.columns ? text : `${text.slice(0, printer.columns - 2)}…`}`);
  };

  return {
    show(progress) {
      last = progress;
      clear();
      for (const link of progress.logLinks) if (isNew(link, shownLinks)) printer.line(`link: ${linkText(link)}`);
      // How the task ended is for the result to say.
      if (progress.phase !== undefined && isTerminal(progress.phase)) return;
      if (printer.isTerminal) {
        draw();
        // The elapsed time goes on between two polls.
        timer ??= setInterval(draw, 200).unref();
      } else if (textOf(progress) !== lastText) printer.line(`${seconds(progress.elapsedMs)}  ${textOf(progress)}`);
      lastText = textOf(progress);
    },
    say(text) {
      clear();
      printer.line(text);
    },
    end() {
      clearInterval(timer);
      clear();
    },
  };
}

/** An elapsed time as people read it: `0.4 s`, `2 min 5 s`. */
export function seconds(elapsedMs: number): string {
  const total = elapsedMs / 1000;
  return total < 60 ? `${total.toFixed(1)} s` : `${Math.floor(total / 60)} min ${Math.floor(total % 60)} s`;
}

function isNew({ name, uri }: LogLink, shown: Set<string>): boolean {
  const key = `${name} ${uri}`;
  if (shown.has(key)) return false;
  shown.add(key);
  return true;
}

function linkText({ name, uri }: LogLink): string {
  return oneLine(name === "" ? uri : `${name} ${uri}`);
}

function textOf(progress: TaskProgress | undefined): string {
  const { phase, message = "", problem } = progress ?? {};
  const parts = [
    phase === undefined ? "started" : phaseText(phase),
    message,
    problem === undefined ? "" : `poll failed, trying again: ${problem}`,
  ];
  return parts
    .filter((part) => part !== "")
    .map(oneLine)
    .join("  ");
}
