import { jsonRecord } from "./json-record.ts";

/**
 * A value reduced to what the parameter `fields` asks for, as all of Google's JSON APIs do it: `a,b(c,d(e))`.
 *
 * @throws Error if the parameter cannot be read.
 */
export function partialResponse(value: unknown, fields: string): unknown {
  const tokens = fields.match(/[^,()]+|[,()]/g) ?? [];
  const selection = readSelection(tokens);
  if (tokens.length > 0) throw new Error(`Invalid field selection ${fields}`);
  return select(value, selection);
}

interface Selection extends ReadonlyMap<string, Selection | undefined> {}

function readSelection(tokens: string[]): Selection {
  const selection = new Map<string, Selection | undefined>();
  for (;;) {
    const name = tokens.shift() ?? "";
    if (!/^\w+$/.test(name)) throw new Error(`Invalid field selection: expected a name, got ${name || "the end"}`);
    selection.set(name, readInner(tokens));
    if (tokens[0] !== ",") return selection;
    tokens.shift();
  }
}

function readInner(tokens: string[]): Selection | undefined {
  if (tokens[0] !== "(") return undefined;
  tokens.shift();
  const inner = readSelection(tokens);
  if (tokens.shift() !== ")") throw new Error("Invalid field selection: a bracket is open");
  return inner;
}

function select(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  const record = jsonRecord(value);
  const entries = [...selection].flatMap(([name, inner]) => {
    if (record[name] === undefined) return [];
    return [[name, inner === undefined ? record[name] : select(record[name], inner)] as const];
  });
  return Object.fromEntries(entries);
}
