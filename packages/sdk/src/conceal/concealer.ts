import { secretForms } from "./secret-forms.ts";
import { partRanges, wholeRanges } from "./secret-ranges.ts";

/** What hides secrets in texts. */
export interface Concealer {
  /** How many bytes beyond a limit have to be read so that a secret across the limit is recognised. */
  readonly lookaheadBytes: number;
  /** Replaces the secrets by `***`. */
  conceal(text: string): string;
  /**
   * Replaces the secrets by `***` and cuts the text where the original has `maxBytes` (as UTF-8).
   *
   * @param isPart whether more text followed, so that the last characters may be the beginning of a secret.
   */
  concealAndCut(
    text: string,
    limits: { readonly maxBytes: number; readonly isPart: boolean },
  ): { readonly text: string; readonly isCut: boolean };
}

/** How a {@link Concealer} looks for secrets. */
export interface ConcealerOptions {
  /** Shorter secrets are shown: they would be found within ordinary words. @default 6 */
  readonly shortestSecret?: number;
  /**
   * `"parts"` also finds secrets that are cut off: in texts that others have cut. `"whole"` is for data, which must not be
   * changed for a likeness. @default "parts"
   */
  readonly find?: "parts" | "whole";
}

/** What is shown in the place of a secret. */
export const concealed = "***";

/**
 * Makes a concealer of secrets: in texts from outside, which may repeat them, and in sentences and log lines. It finds them as
 * they are, as JSON text, percent-encoded and in base64. The server does so with what an agent throws, answers and logs.
 *
 * @example
 * ```ts
 * createConcealer(["hunter2-and-more"]).conceal("401 for key=hunter2-and-more"); // "401 for key=***"
 * ```
 */
export function createConcealer(
  secrets: Iterable<string>,
  { shortestSecret = 6, find = "parts" }: ConcealerOptions = {},
): Concealer {
  const hidden = [...new Set(secrets)].filter((secret) => secret.length >= Math.max(1, shortestSecret));
  const forms = [...new Set(hidden.flatMap(secretForms))].filter((form) => form.length >= Math.max(1, shortestSecret));
  const rangesOf = find === "whole" ? wholeRanges : partRanges;
  const lookahead = Math.max(0, ...forms.map((form) => form.length - 1));

  function concealUntil(text: string, end: number): string {
    let result = "";
    let shownTo = 0;
    for (const [from, to] of rangesOf(text, forms)) {
      if (from >= end) break;
      result += text.slice(shownTo, from) + concealed;
      shownTo = to;
    }
    return shownTo === 0 && end === text.length ? text : result + text.slice(shownTo, Math.max(shownTo, end));
  }

  return {
    lookaheadBytes: Math.max(0, ...forms.map((form) => Buffer.byteLength(form) - 1)),
    conceal: (text) => concealUntil(text, text.length),
    concealAndCut(text, { maxBytes, isPart }) {
      const complete = isPart ? Math.max(0, text.length - lookahead) : text.length;
      const end = Math.min(complete, lengthWithin(text, maxBytes));
      return { text: concealUntil(text, end), isCut: end < text.length || isPart };
    },
  };
}

/** How many UTF-16 units of a string have room in so many bytes of UTF-8, with no character cut in two. */
function lengthWithin(text: string, maxBytes: number): number {
  return new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read;
}
