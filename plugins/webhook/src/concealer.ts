/** What hides secrets in texts from outside. */
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

/** What is shown in the place of a secret. */
export const concealed = "***";

/** Makes a concealer for texts that must not be seen; empty ones count for nothing. */
export function createConcealer(forms: Iterable<string>): Concealer {
  const hidden = [...new Set(forms)].filter((form) => form !== "");
  const lookahead = Math.max(0, ...hidden.map((form) => form.length - 1));

  function concealUntil(text: string, end: number): string {
    let result = "";
    let shownTo = 0;
    for (const [from, to] of rangesOf(hidden, text)) {
      if (from >= end) break;
      result += text.slice(shownTo, from) + concealed;
      shownTo = to;
    }
    return result + text.slice(shownTo, Math.max(shownTo, end));
  }

  return {
    lookaheadBytes: Math.max(0, ...hidden.map((form) => Buffer.byteLength(form) - 1)),
    conceal: (text) => concealUntil(text, text.length),
    concealAndCut(text, { maxBytes, isPart }) {
      const complete = isPart ? Math.max(0, text.length - lookahead) : text.length;
      const end = Math.min(complete, lengthWithin(text, maxBytes));
      return { text: concealUntil(text, end), isCut: end < text.length || isPart };
    },
  };
}

/** Where secrets stand, in order; those that overlap are one. */
function rangesOf(hidden: readonly string[], text: string): readonly [number, number][] {
  const found: [number, number][] = [];
  for (const form of hidden) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
  }
  found.sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [from, to] of found) {
    const last = merged.at(-1);
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** How many UTF-16 units of a text have room in so many bytes of UTF-8, with no character cut in two. */
function lengthWithin(text: string, maxBytes: number): number {
  return new TextEncoder().encodeInto(text, new Uint8Array(maxBytes)).read;
}
