import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const again = mkdtempSync(join(tmpdir(), "flyte-agent-generate-"));

afterAll(() => rmSync(again, { recursive: true, force: true }));

/** Every file below packages/idl/gen, with its content. */
function generatedFiles(base: string): Map<string, string> {
  const gen = join(base, "packages/idl/gen");
  const names = readdirSync(gen, { recursive: true, encoding: "utf8" }).filter((name) => name.includes("_pb."));
  return new Map(names.sort().map((name) => [name, readFileSync(join(gen, name), "utf8")]));
}

describe("generate", () => {
  it("gives the same bytes a second time", () => {
    execFileSync(process.execPath, [join(root, "tools/generate.mjs"), "--force", "--output", again]);
    const files = generatedFiles(root);
    expect(generatedFiles(again)).toEqual(files);
    expect([...files.keys()]).toContain(join("flyteidl2", "connector", "service_pb.js"));
  });

  it("leaves Flyte's texts out of the repository", () => {
    const tracked = execFileSync("git", ["ls-files", "*.proto", "*_pb.*", "*.binpb"], { cwd: root, encoding: "utf8" });
    const own = ["proto/", "examples/protobuf-plugin/"];
    expect(tracked.split("\n").filter((path) => path !== "" && !own.some((at) => path.startsWith(at)))).toEqual([]);
  });
});
