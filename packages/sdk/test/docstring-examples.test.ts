import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as sdk from "@flyte-agent/sdk";
import { expect, it } from "vitest";

const packages = join(import.meta.dirname, "../..");

/** The examples of a function's docstring, by the function. */
const examples = new Map(
  globSync(["sdk/src/**/*.ts", "literals/src/values/*.ts"], { cwd: packages }).flatMap((path) => {
    const source = readFileSync(join(packages, path), "utf8");
    const found = source.matchAll(
      /@example\n \* ```ts\n((?: \*.*\n)*?) \* ```\n(?: \*.*\n)*? \*\/\nexport (?:async )?function (\w+)/g,
    );
    return [...found].map(([, lines = "", name = ""]) => [name, lines.replaceAll(/^ \* ?/gm, "")] as const);
  }),
);

it("what makes agents, answers, values and errors has an example", () => {
  const withoutExample = ["checkCustom", "isAgentError", "isTerminal", "describeType", "secretNotFound"];
  const functions = Object.entries(sdk).flatMap(([name, value]) =>
    typeof value === "function" && /^[a-z]/.test(name) ? [name] : [],
  );
  expect(functions.filter((name) => !examples.has(name) && !withoutExample.includes(name))).toEqual([]);
});

it("the examples compile", () => {
  // Below the package, where its dependencies are found.
  const directory = mkdtempSync(join(import.meta.dirname, "examples-"));
  try {
    const names = Object.keys(sdk).join(", ");
    const head =
      `import { ${names} } from "@flyte-agent/sdk";\nimport * as v from "valibot";\n` +
      "declare const farm: { start(scene: string, key: string): Promise<string>; isDone(id: string): Promise<boolean>; " +
      "frame(id: string): Promise<number>; stop(id: string): Promise<void> };\n";
    for (const [name, code] of examples) writeFileSync(join(directory, `${name}.ts`), head + code);
    const options = [
      "--noEmit",
      "--strict",
      "--exactOptionalPropertyTypes",
      "--module",
      "nodenext",
      "--target",
      "es2024",
    ];
    const compiler = join(packages, "../node_modules/.bin/tsc");
    const files = globSync("*.ts", { cwd: directory });
    const types = ["--types", "node", "--skipLibCheck", "--ignoreConfig"];
    execFileSync(compiler, [...options, ...types, ...files], { cwd: directory, encoding: "utf8" });
  } catch (failure) {
    throw new Error(failure instanceof Error && "stdout" in failure ? String(failure.stdout) : String(failure));
  } finally {
    rmSync(directory, { recursive: true });
  }
});
