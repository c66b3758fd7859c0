import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFileRegistry, createRegistry, type DescFile, fromBinary, type Registry } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { pythonEnvironment } from "../harness/python-environment.ts";
import { runToSuccess } from "../harness/run-program.ts";
import type { CaseResult, Generation, Suite, SuiteContext } from "../harness/suite.ts";
import { compareSchemas } from "./compare-schemas.ts";

interface DriftCase {
  /** Also the name of the package on PyPI. */
  readonly name: string;
  readonly generation: Generation;
  readonly ours: object;
  /** Python modules that, with all that they import, hold every type that we have. */
  readonly modules: readonly string[];
}

const cases: readonly DriftCase[] = [
  {
    name: "flyteidl",
    generation: "1",
    ours: flyteidl1,
    modules: ["flyteidl.service.agent_pb2", "flyteidl.admin.task_pb2", "flyteidl.core.errors_pb2"],
  },
  {
    name: "flyteidl2",
    generation: "2",
    ours: flyteidl2,
    modules: ["flyteidl2.connector.service_pb2", "flyteidl2.task.common_pb2"],
  },
];

const repository = join(import.meta.dirname, "../../..");
const requirementsFile = join(import.meta.dirname, "requirements.txt");

/** What we generated from npm's packages of the IDL, beside the newest on PyPI, which are often newer. */
export const driftSuite: Suite = {
  name: "drift",
  needs: ["python3.11"],
  async run(context) {
    const { signal, evidenceFolder, wants, report } = context;
    const bin = await pythonEnvironment({ name: "drift", requirementsFile }, context);
    const upgrade = ["install", "--quiet", "--upgrade", "--requirement", requirementsFile];
    await runToSuccess([join(bin, "pip"), ...upgrade], { signal, logFile: join(evidenceFolder, "pip.log") });
    const ourWords = wordsOfSources();
    for (const { name, generation, ours, modules } of cases.filter((one) => wants(one.name))) {
      const descriptors = join(evidenceFolder, `${name}.binpb`);
      const script = join(import.meta.dirname, "write_descriptors.py");
      await runToSuccess([join(bin, "python"), script, descriptors, ...modules], { signal });
      const theirs = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
      const result = judge(createRegistry(...Object.values(ours).filter(isFile)), theirs, ourWords, context);
      // Without its version, which is whatever is newest today.
      report({ name, generation, peer: `${name}, newest of PyPI`, result });
    }
  },
};

function judge(
  ours: Registry,
  theirs: Registry,
  ourWords: ReadonlySet<string>,
  { progress }: SuiteContext,
): CaseResult {
  const { changed, added } = compareSchemas(ours, theirs);
  const breaking = changed.filter(({ localName }) => ourWords.has(localName));
  for (const text of added) progress(`notice: new: ${text}`);
  for (const change of changed.filter((one) => !breaking.includes(one))) progress(`notice: changed: ${change.text}`);
  const [first] = breaking;
  if (first === undefined) return { kind: "passed" };
  for (const { text } of breaking) progress(`changed, and we read or write it: ${text}`);
  return { kind: "failed", reason: `${breaking.length} that we read or write changed: ${first.text}` };
}

/**
 * Every word in the code that reads and writes messages. A field whose name is none of them only passes through; that some
 * names are words of something else errs on the safe side.
 */
function wordsOfSources(): ReadonlySet<string> {
  const files = globSync(["packages/{sdk,runtime,testing,cli}/src/**/*.ts"], { cwd: repository });
  return new Set(files.flatMap((file) => readFileSync(join(repository, file), "utf8").match(/\w+/g) ?? []));
}

function isFile(value: unknown): value is DescFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "file";
}
