import { readFileSync } from "node:fs";
import { runToSuccess } from "../harness/run-program.ts";
import type { CaseRow, SuiteContext } from "../harness/suite.ts";

/** One case of a program that plays Flyte. */
export interface PeerCase {
  readonly row: Omit<CaseRow, "result">;
  /** Runs it; flags for the servers follow. */
  readonly command: readonly [string, ...string[]];
  readonly needsOwnServer: boolean;
}

/** Whether a run wants any of the cases; read from their sources, so that nothing is built for a run that wants none. */
export function wantsAnyCase({ wants }: Pick<SuiteContext, "wants">): boolean {
  const goNames = namesIn("propeller/cases.go", /Name: "([^"]+)"/g);
  const pythonNames = namesIn("executor/cases.py", /^ {4}"([^"]+)": \w+,$/gm);
  return [
    ...goNames.flatMap((name) => [`agent/${name}`, `connector/${name}`]),
    ...pythonNames.map((name) => `executor/${name}`),
  ].some(wants);
}

function namesIn(file: string, pattern: RegExp): readonly string[] {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  return [...source.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/** What `propeller-client -list` prints. */
interface ListedCase {
  readonly name: string;
  readonly needsOwnServer: boolean;
  /** Both if there is none. */
  readonly plugins: readonly ("agent" | "connector")[] | null;
}

/** The cases of `interop/propeller`, once for each of propeller's plugins. */
export async function listPropellerCases(program: string, context: SuiteContext): Promise<readonly PeerCase[]> {
  const peer = `FlytePropeller ${readFlyteVersion()}`;
  return (await list([program, "-list"], context)).flatMap(({ name, needsOwnServer, plugins }) =>
    (plugins ?? ["agent", "connector"]).map((plugin) => ({
      row: { name: `${plugin}/${name}`, generation: "1" as const, peer },
      command: [program, "-case", name, "-plugin", plugin] as const,
      needsOwnServer,
    })),
  );
}

/** The cases of `interop/executor`. */
export async function listExecutorCases(
  command: readonly [string, ...string[]],
  requirementsFile: string,
  context: SuiteContext,
): Promise<readonly PeerCase[]> {
  const peer = `protocol of the executor, ${readFileSync(requirementsFile, "utf8")
    .match(/flyteidl2==\S+/)?.[0]
    .replace("==", " ")}`;
  return (await list([...command, "-list"], context)).map(({ name, needsOwnServer }) => ({
    row: { name: `executor/${name}`, generation: "2" as const, peer },
    command: [...command, "-case", name] as const,
    needsOwnServer,
  }));
}

async function list(command: readonly [string, ...string[]], { signal }: SuiteContext): Promise<readonly ListedCase[]> {
  // Printed by our own programs.
  return JSON.parse(await runToSuccess(command, { signal })) as readonly ListedCase[];
}

function readFlyteVersion(): string {
  const goMod = readFileSync(new URL("../../propeller/go.mod", import.meta.url), "utf8");
  return goMod.match(/flyteplugins v(\S+)/)?.[1] ?? "?";
}
