import { readFileSync, writeFileSync } from "node:fs";

/** Puts a table into a Markdown file, between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function writeTable(file: string, name: string, table: string): void {
  const text = readFileSync(file, "utf8");
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf(end);
  if (from < begin.length || to < from) throw new Error(`${file} has no place for the table: ${begin} … ${end}`);
  writeFileSync(file, `${text.slice(0, from)}\n${table}\n${text.slice(to)}`);
}
