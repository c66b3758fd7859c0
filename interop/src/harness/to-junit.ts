import type { TableRow } from "./run-suites.ts";

/** Rows in the XML of JUnit, as CI systems read it. */
export function toJunit(rows: readonly TableRow[]): string {
  const suites = [...new Set(rows.map(({ suite }) => suite))].map((suite) => {
    const own = rows.filter((row) => row.suite === suite);
    const count = (kind: TableRow["result"]["kind"]) => own.filter(({ result }) => result.kind === kind).length;
    const totals = `tests="${own.length}" failures="${count("failed")}" skipped="${count("not run")}"`;
    return [`  <testsuite name="${escaped(suite)}" ${totals}>`, ...own.map(testCase), "  </testsuite>"].join("\n");
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="interop">', ...suites, "</testsuites>", ""].join(
    "\n",
  );
}

function testCase({ suite, name, peer, result }: TableRow): string {
  const attributes = `classname="${escaped(suite)}" name="${escaped(`${name} (${peer})`)}"`;
  switch (result.kind) {
    case "passed":
      return `    <testcase ${attributes}/>`;
    case "differs":
      return `    <testcase ${attributes}><system-out>${escaped(`differs: ${result.reason}`)}</system-out></testcase>`;
    case "failed":
      return `    <testcase ${attributes}><failure>${escaped(result.reason)}</failure></testcase>`;
    case "not run":
      return `    <testcase ${attributes}><skipped message="${escaped(result.reason)}"/></testcase>`;
  }
}

function escaped(text: string): string {
  return (
    text
      // XML 1.0 has no place for these, and programs print them (colours).
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
