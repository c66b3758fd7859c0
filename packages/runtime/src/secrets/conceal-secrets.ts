/** What is shown in the place of a secret. */
const mask = "***";

/** Shorter secrets are shown: they would be found within ordinary words. */
const shortestSecret = 6;
/** So much of a secret's beginning is concealed wherever it stands, since texts are cut. */
const shortestPart = 8;
/** Before the mark of a cut, so much less gives it away. */
const shortestCutPart = 4;

/**
 * Conceals secrets in a text: as they are, as JSON text, percent-encoded and in base64, whole or cut off at the end.
 *
 * Error texts show values cut to some characters, and whoever cut them did not know what they hold. So the beginning of
 * a secret counts as the secret: eight characters of it anywhere, four before the ellipsis of a cut.
 */
export function concealSecrets(text: string, secrets: Iterable<string>): string {
  let result = "";
  let shownTo = 0;
  for (const [from, to] of rangesOf(text, [...new Set(secrets)].flatMap(formsOf))) {
    if (to <= shownTo) continue;
    if (from >= shownTo) result += text.slice(shownTo, from) + mask;
    shownTo = to;
  }
  return result + text.slice(shownTo);
}

/** Where forms of secrets stand, by their start. They may overlap. */
function rangesOf(text: string, forms: readonly string[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const form of forms) {
    if (!text.includes(form.slice(0, shortestCutPart))) continue;
    let end = 0;
    for (const [at, length] of commonLengths(text, form).entries()) {
      if (at + length <= end) continue;
      const isCut = length >= shortestCutPart && text[at + length] === "…";
      if (length < form.length && length < shortestPart && !isCut) continue;
      end = at + length;
      ranges.push([at, end]);
    }
  }
  return ranges.sort(([left], [right]) => left - right);
}

/**
 * How many characters from the beginning of a form stand at each place of a text. It is the Z-algorithm, whose time is
 * linear: a caller chooses secrets and texts, and could make both of one letter.
 */
function commonLengths(text: string, form: string): readonly number[] {
  const start = Math.min(form.length, text.length);
  const whole = form.slice(0, start) + text;
  const lengths = [whole.length];
  // What matched furthest to the right repeats the beginning, so that lengths in it are known.
  let from = 0;
  let to = 0;
  for (let at = 1; at < whole.length; at++) {
    let length = at < to ? Math.min(to - at, lengths[at - from] ?? 0) : 0;
    while (at + length < whole.length && whole[length] === whole[at + length]) length++;
    lengths.push(length);
    if (at + length > to) {
      from = at;
      to = at + length;
    }
  }
  return lengths.slice(start).map((length) => Math.min(length, start));
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < shortestSecret) return [];
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
  ];
  return [...new Set(forms)];
}
