/** Where a secret stands in a string, as UTF-16 units. */
export type SecretRange = readonly [from: number, to: number];

/** Before the mark of a cut, so much of a secret's beginning gives it away. */
const shortestCutPart = 4;

/** Where whole forms of secrets stand, in order; those that overlap are one. */
export function wholeRanges(text: string, forms: readonly string[]): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1)) found.push([at, at + form.length]);
  }
  return merged(found);
}

/**
 * Where forms of secrets stand, whole or cut off at the end, in order; those that overlap are one. Whoever cut a string did not
 * know what it holds: so half of a secret from its beginning counts as the secret (at least 8 characters, and 16 in any case),
 * and four characters before the ellipsis of a cut.
 */
export function partRanges(text: string, forms: readonly string[]): readonly SecretRange[] {
  const found: SecretRange[] = [];
  for (const form of forms) {
    if (!text.includes(form.slice(0, shortestCutPart))) continue;
    const shortest = shortestPart(form);
    let end = 0;
    for (const [at, length] of commonLengths(text, form).entries()) {
      if (at + length <= end) continue;
      const isCut = length >= shortestCutPart && text[at + length] === "…";
      if (length < form.length && length < shortest && !isCut) continue;
      end = at + length;
      found.push([at, end]);
    }
  }
  return merged(found);
}

// Of an address that is a secret, "https://" alone is none.
function shortestPart(form: string): number {
  return Math.max(8, Math.min(16, Math.floor(form.length / 2)));
}

function merged(ranges: SecretRange[]): readonly SecretRange[] {
  ranges.sort(([left], [right]) => left - right);
  const result: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = result.at(-1);
    if (last !== undefined && from < last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}

/**
 * How many characters from the beginning of a form stand at each place of a string. It is the Z-algorithm, whose time is
 * linear: a caller chooses secrets and texts, and could make both of one letter.
 */
function commonLengths(text: string, form: string): Uint32Array {
  const start = Math.min(form.length, text.length);
  const whole = form.slice(0, start) + text;
  const lengths = new Uint32Array(whole.length);
  lengths[0] = whole.length;
  // What matched furthest to the right repeats the beginning, so that lengths in it are known.
  let from = 0;
  let to = 0;
  for (let at = 1; at < whole.length; at++) {
    let length = at < to ? Math.min(to - at, lengths[at - from] ?? 0) : 0;
    while (at + length < whole.length && whole[length] === whole[at + length]) length++;
    lengths[at] = length;
    if (at + length > to) {
      from = at;
      to = at + length;
    }
  }
  return lengths.slice(start).map((length) => Math.min(length, start));
}
