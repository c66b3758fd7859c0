import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Comment, type Program, parseSync } from "oxc-parser";

/** A name that a package exports, or a member of what it exports, as an editor shows it. */
export interface ExportedMember {
  /** `Task` or `Task.inputs`. */
  readonly name: string;
  /** Where it is declared: `packages/sdk/src/task.ts:41`. */
  readonly place: string;
  readonly isDocumented: boolean;
}

type Statement = Program["body"][number];

/** Where the packages of the workspace have their sources. */
export type SourcesOf = (specifier: string) => string | undefined;

/**
 * Everything that an entry exports, with the members of its interfaces, object types and classes.
 *
 * @param entry path of the entry's file, from `root`.
 * @param sourcesOf the entry of another package of ours that is re-exported; `undefined` for packages of others.
 */
export function exportedMembers(root: string, entry: string, sourcesOf: SourcesOf): ExportedMember[] {
  const { program } = parse(root, entry);
  return program.body.flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration" || statement.source === null) return [];
    const { value } = statement.source;
    const file = value.startsWith(".") ? join(dirname(entry), value) : sourcesOf(value);
    if (file === undefined || !existsSync(join(root, file))) return [];
    return statement.specifiers.flatMap(({ local, exported }) =>
      membersIn(root, file, nameOf(local), nameOf(exported), sourcesOf),
    );
  });
}

function membersIn(
  root: string,
  file: string,
  local: string,
  exported: string,
  sourcesOf: SourcesOf,
): ExportedMember[] {
  const { program, comments, text } = parse(root, file);
  for (const statement of program.body) {
    if (statement.type !== "ExportNamedDeclaration") continue;
    if (statement.source !== null) {
      const further = statement.specifiers.find((specifier) => nameOf(specifier.exported) === local);
      const { value } = statement.source;
      const next = value.startsWith(".") ? join(dirname(file), value) : sourcesOf(value);
      if (further !== undefined && next !== undefined) {
        return membersIn(root, next, nameOf(further.local), exported, sourcesOf);
      }
      continue;
    }
    const { declaration } = statement;
    if (declaration === null || !declares(declaration, local)) continue;
    const at = (start: number, name: string): ExportedMember => ({
      name,
      place: `${file}:${text.slice(0, start).split("\n").length}`,
      isDocumented: hasDocBefore(start, comments, text),
    });
    const members = memberNodes(declaration).map(({ start, name }) => at(start, `${exported}.${name}`));
    return [at(statement.start, exported), ...members];
  }
  return [];
}

function declares(
  declaration: NonNullable<Extract<Statement, { type: "ExportNamedDeclaration" }>["declaration"]>,
  name: string,
): boolean {
  if (declaration.type === "VariableDeclaration") {
    return declaration.declarations.some(({ id }) => id.type === "Identifier" && id.name === name);
  }
  return "id" in declaration && declaration.id !== null && "name" in declaration.id && declaration.id.name === name;
}

interface MemberNode {
  readonly start: number;
  readonly name: string;
}

function memberNodes(declaration: object): MemberNode[] {
  if (!("type" in declaration)) return [];
  const body =
    "body" in declaration && isNode(declaration.body)
      ? declaration.body
      : "typeAnnotation" in declaration && isNode(declaration.typeAnnotation)
        ? declaration.typeAnnotation
        : undefined;
  if (body === undefined) return [];
  const list = "members" in body ? body.members : "body" in body ? body.body : undefined;
  if (!Array.isArray(list)) return [];
  return list.filter(isNode).flatMap((member) => {
    const isPrivate = "accessibility" in member && member.accessibility === "private";
    const isConstructor = "kind" in member && member.kind === "constructor";
    const key = "key" in member && isNode(member.key) ? member.key : undefined;
    if (
      isPrivate ||
      isConstructor ||
      key === undefined ||
      !("name" in key) ||
      ("override" in member && member.override === true)
    )
      return [];
    return [{ start: member.start, name: String(key.name) }];
  });
}

interface Node {
  readonly type: string;
  readonly start: number;
}

function isNode(value: unknown): value is Node & Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

function hasDocBefore(start: number, comments: readonly Comment[], text: string): boolean {
  return comments.some(
    ({ type, value, end }) =>
      type === "Block" && value.startsWith("*") && end <= start && text.slice(end, start).trim() === "",
  );
}

function nameOf(name: { readonly type: string }): string {
  if ("name" in name) return String(name.name);
  return "value" in name ? String(name.value) : "";
}

function parse(root: string, file: string): { program: Program; comments: readonly Comment[]; text: string } {
  const text = readFileSync(join(root, file), "utf8");
  const { program, comments } = parseSync(file, text);
  return { program, comments, text };
}
