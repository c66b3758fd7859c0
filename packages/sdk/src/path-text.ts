/** A path as people write it: `taskTypes[0].name`. */
export function pathText(path: readonly (string | number)[]): string {
  return path
    .map((step) =>
      typeof step === "number" ? `[${step}]` : /^[\w$-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`,
    )
    .join("")
    .replace(/^\./, "");
}
