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
    const head = form.slice(0, shortestCutPart);
    for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, at + 1)) {
      const length = commonLength(text, at, form);
      const isCut = text[at + length] === "…";
      if (length === form.length || length >= shortestPart || isCut) ranges.push([at, at + length]);
    }
  }
  return ranges.sort(([left], [right]) => left - right);
}

function commonLength(text: string, at: number, form: string): number {
  let length = 0;
  while (length < form.length && text[at + length] === form[length]) length += 1;
  return length;
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
