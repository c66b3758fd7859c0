import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isAgentError } from "@flyte-agent/sdk";
import { rewriteLiteral } from "@flyte-agent/sdk/host";
import { pythonEnvironment } from "../harness/python-environment.ts";
import { runToSuccess } from "../harness/run-program.ts";
import type { CaseResult, Generation, Suite, SuiteContext } from "../harness/suite.ts";
import { readWrittenValues, valuesPath, type WrittenValue } from "./written-values.ts";

/** A Python SDK, the module that knows its values, and the file that it wrote them to. */
interface Peer {
  readonly name: string;
  readonly version: string;
  readonly generation: Generation;
  readonly module: string;
}

const peers: readonly Peer[] = [
  { name: "flytekit", version: "1.16.31", generation: "1", module: "flytekit_values" },
  { name: "flyte-sdk", version: "2.12.1", generation: "2", module: "flyte_sdk_values" },
];

type Integers = "auto" | "bigint";

/** What went wrong, by the name of the value. */
type Problems = ReadonlyMap<string, string>;

/**
 * Literals that Python wrote are read to JavaScript values and written again from these and their types alone; Python then
 * reads equal values of the same types from them. One row for each kind of values.
 */
export const valuesSuite: Suite = {
  name: "values",
  needs: ["python3.11"],
  async run(context) {
    for (const peer of peers) await runPeer(peer, context);
  },
};

async function runPeer(peer: Peer, context: SuiteContext): Promise<void> {
  const file = `${peer.name}-${peer.version}.jsonl`;
  const values = readWrittenValues(file);
  const kinds = [...new Set(values.map(({ kind }) => kind))];
  const madeAgain = `${peer.name}, the files made again`;
  if (![madeAgain, ...kinds.map((kind) => rowName(peer, kind))].some(context.wants)) return;
  const python = await pythonProgram(peer, context);
  const report = (name: string, result: CaseResult): void => {
    const { generation } = peer;
    context.report({ name, generation, peer: `${peer.name} ${peer.version}`, result });
  };
  if (context.wants(madeAgain)) {
    const remade = join(context.evidenceFolder, `${peer.name}-remade.jsonl`);
    await python("write", remade);
    const isSame = readFileSync(remade).equals(readFileSync(valuesPath(file)));
    const reason = `interop/values/${file} is not what it writes: run interop/values/remake.sh`;
    report(madeAgain, isSame ? { kind: "passed" } : { kind: "failed", reason });
  }
  const problemsWith = async (integers: Integers): Promise<Problems> => {
    const rewritten = join(context.evidenceFolder, `${peer.name}-${integers}.jsonl`);
    const refusals = await rewriteAll(values, integers, rewritten);
    const answers = readAnswers(await python("check", valuesPath(file), rewritten));
    const problems = values.map(({ name }) => {
      const answer = answers.get(name);
      return [name, refusals.get(name) ?? (answer === undefined ? "Python said nothing of it" : answer)] as const;
    });
    return new Map(problems.flatMap(([name, problem]) => (problem === null ? [] : [[name, problem] as const])));
  };
  const exact = await problemsWith("bigint");
  const auto = await problemsWith("auto");
  for (const kind of kinds.filter((name) => context.wants(rowName(peer, name)))) {
    const ofKind = values.filter((value) => value.kind === kind);
    report(
      rowName(peer, kind),
      resultOf(
        ofKind.map(({ name }) => name),
        exact,
        auto,
      ),
    );
  }
}

function rowName(peer: Peer, kind: string): string {
  return `${peer.name}, ${kind}`;
}

/** What runs `value_file.py` for a peer, and gives what it printed. */
async function pythonProgram(
  { name, module }: Peer,
  context: SuiteContext,
): Promise<(...args: string[]) => Promise<string>> {
  const requirementsFile = valuesPath(`requirements-${name}.txt`);
  const bin = await pythonEnvironment({ name: `values-${name}`, requirementsFile }, context);
  return (...args) =>
    runToSuccess([join(bin, "python"), "-W", "ignore", valuesPath("value_file.py"), module, ...args], {
      signal: context.signal,
      logFile: join(context.evidenceFolder, `${name}.log`),
      // As in remake.sh.
      env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", FLYTE_SDK_LOGGING_LEVEL: "50" },
    });
}

/** Writes a file of the rewritten literals, and gives what was refused. */
async function rewriteAll(values: readonly WrittenValue[], integers: Integers, file: string): Promise<Problems> {
  const refusals = new Map<string, string>();
  const lines: string[] = [];
  for (const value of values) {
    try {
      const literal = Buffer.from(rewriteLiteral(value, { integers }).literal).toString("base64");
      lines.push(JSON.stringify({ name: value.name, literal }));
    } catch (reason) {
      if (!isAgentError(reason)) throw reason;
      refusals.set(value.name, reason.message);
    }
  }
  await writeFile(file, lines.map((line) => `${line}\n`).join(""));
  return refusals;
}

/** What `value_file.py check` printed, by name: where the value differs, or null. */
function readAnswers(printed: string): ReadonlyMap<string, string | null> {
  const lines = printed.split("\n").filter((line) => line.startsWith("{"));
  return new Map(
    lines.map((line) => {
      // Its own program printed it.
      const { name, problem } = JSON.parse(line) as { readonly name: string; readonly problem: string | null };
      return [name, problem];
    }),
  );
}

/** What cannot be kept while integers are numbers, and what never can: reasons by the name of the value. */
const lossy = JSON.parse(readFileSync(valuesPath("lossy.json"), "utf8")) as Readonly<
  Record<"auto" | "always", Readonly<Record<string, string>>> // the file beside it
>;

function resultOf(names: readonly string[], exact: Problems, auto: Problems): CaseResult {
  const failures = names.flatMap((name) => [
    ...failureOf(`${name} (bigint)`, exact.get(name), name in lossy.always),
    ...failureOf(name, auto.get(name), name in lossy.always || name in lossy.auto),
  ]);
  if (failures.length > 0) return { kind: "failed", reason: failures.join("; ") };
  const reasonsOf = (known: Readonly<Record<string, string>>): string =>
    names.flatMap((name) => (name in known ? [`${name}: ${known[name]}`] : [])).join("; ");
  const always = reasonsOf(lossy.always);
  const inAuto = reasonsOf(lossy.auto);
  const reasons = [always, ...(inAuto === "" ? [] : [`with integers as numbers, ${inAuto}`])].filter(Boolean);
  return reasons.length === 0 ? { kind: "passed" } : { kind: "differs", reason: reasons.join("; ") };
}

function failureOf(name: string, problem: string | undefined, isKnown: boolean): readonly string[] {
  if (isKnown) return problem === undefined ? [`${name} is kept: take it out of lossy.json`] : [];
  return problem === undefined ? [] : [`${name}: ${problem}`];
}
