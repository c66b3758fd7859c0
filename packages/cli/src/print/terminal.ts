import { stripVTControlCharacters, styleText } from "node:util";

/** A format of `node:util` styleText, or several. */
export type Style = Parameters<typeof styleText>[0];

/** One of the two streams that a command prints to. */
export interface Printer {
  /** Prints text and ends the line. */
  line(text?: string): void;
  /** Prints text as it is. */
  write(text: string): void;
  /** Colours text, if the stream shows colours. */
  paint(style: Style, text: string): string;
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  /** Width in characters. */
  readonly columns: number;
}

/** Where a command prints. */
export interface Terminal {
  /** Results: what a script would read. */
  readonly out: Printer;
  /** Everything that is said to a person: progress, hints, errors. */
  readonly err: Printer;
}

/** As much of a stream as printing needs. */
type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** Makes the terminal of a process. */
export function createTerminal(stdout: Stream, stderr: Stream): Terminal {
  return { out: createPrinter(stdout), err: createPrinter(stderr) };
}

function createPrinter(stream: Stream): Printer {
  return {
    line: (text = "") => void stream.write(`${text}\n`),
    write: (text) => void stream.write(text),
    paint: (style, text) => styleText(style, text, { stream }),
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.columns ?? 80;
    },
  };
}

/** Takes away what could move the cursor or end the line: texts of agents are shown, not obeyed. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
}
