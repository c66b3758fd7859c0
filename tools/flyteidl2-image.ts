/**
 * Writes Flyte 2's descriptors as an image that buf reads: `node tools/flyteidl2-image.ts <file>`.
 *
 * Flyte publishes its second generation to npm as generated TypeScript only; each generated file carries its descriptor.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { WireType } from "@bufbuild/protobuf/wire";
import { type FileDescriptorProto, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** The files that, with everything they import, hold the types named in buf.gen.yaml. */
const roots = ["connector/service", "task/common"];

const [output] = process.argv.slice(2);
if (output === undefined) {
  throw new Error(
    "flyteidl2-image: got no argument, expected the file to write; run `node tools/generate.mjs` instead",
  );
}
loadTypeScriptOfDependencies();
const files = new Map<string, DescFile>();
for (const root of roots) {
  for (const file of await exportedFiles(`@flyteorg/flyteidl2/flyteidl2/${root}_pb.ts`)) {
    addWithImports(file);
  }
}
const image = create(FileDescriptorSetSchema, { file: [...files.values()].map(imageFile) });
writeFileSync(output, toBinary(FileDescriptorSetSchema, image));

/**
 * What buf keeps of a file in an image. Google's own files are marked as imports (buf.alpha.image.v1.ImageFileExtension.is_import),
 * or code would be generated for them too, which @bufbuild/protobuf already has.
 */
function imageFile(file: DescFile): FileDescriptorProto {
  if (!file.name.startsWith("google/protobuf/")) {
    return file.proto;
  }
  const extension = { no: 8042, wireType: WireType.LengthDelimited, data: new Uint8Array([2, 0x08, 1]) };
  return { ...file.proto, $unknown: [...(file.proto.$unknown ?? []), extension] };
}

/** Lets Node import `.ts` files below node_modules, which it refuses; enums need the transforming mode. */
function loadTypeScriptOfDependencies(): void {
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith("_pb.ts")) {
        return nextLoad(url, context);
      }
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), "utf8"), { mode: "transform" });
      return { format: "module", source, shortCircuit: true };
    },
  });
}

/** What the generated module `specifier` exports as `file_…`. */
async function exportedFiles(specifier: string): Promise<DescFile[]> {
  const generated: Record<string, unknown> = await import(specifier);
  return Object.values(generated).filter(isFile);
}

function isFile(value: unknown): value is DescFile {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "file";
}

/** Adds a file after the files it imports: buf wants them in this order. */
function addWithImports(file: DescFile): void {
  if (files.has(file.name)) {
    return;
  }
  for (const imported of file.dependencies) {
    addWithImports(imported);
  }
  files.set(file.name, file);
}
