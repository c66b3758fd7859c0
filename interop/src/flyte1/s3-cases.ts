import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { primitive } from "../twins/flyte-types.ts";
import type { Flyte1Case } from "./case.ts";
import { expectEqual } from "./expect-equal.ts";
import { readOutputs } from "./read-outputs.ts";
import { scriptedTask } from "./scripted-task.ts";
import { succeeded, text } from "./scripts.ts";
import type { CompilableTask } from "./start-workflow.ts";

/** Run with a propeller whose store is S3. */
export const s3Cases: readonly Flyte1Case[] = [
  {
    name: "outputs-written-to-s3",
    async run({ start, store }) {
      const outputs = create(flyteidl1.LiteralMapSchema, {
        literals: { text: primitive({ case: "stringValue", value: "done" }) },
      });
      const content = Buffer.from(toBinary(flyteidl1.LiteralMapSchema, outputs)).toString("base64");
      const steps = [{ phase: "succeeded", outputs: "written-to-output-prefix" }] as const;
      const attempts = [{ steps, files: { "outputs.pb": content } }];
      const end = await (await start(scriptedTask({ attempts, hasText: true }))).ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), { text });
    },
  },
  {
    name: "outputs-inline-with-s3",
    async run({ start, store }) {
      const attempts = [{ steps: [succeeded] }];
      const end = await (await start(scriptedTask({ attempts, hasText: true }))).ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), { text });
    },
  },
  {
    name: "offloaded-input",
    async run({ start, store, execution }) {
      const words = "word ".repeat(300_000);
      const uri = `s3://flyte/metadata/offloaded/${execution}`;
      const literal = create(flyteidl1.LiteralSchema, primitive({ case: "stringValue", value: words }));
      const bytes = toBinary(flyteidl1.LiteralSchema, literal);
      await store.write(uri, bytes);
      const workflow = await start(echoOfOffloaded({ uri, sizeBytes: BigInt(bytes.length), inferredType: textType }));
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), {
        text: { scalar: { primitive: { stringValue: words } } },
      });
    },
  },
];

const textType = { type: { case: "simple", value: flyteidl1.SimpleType.STRING } } as const;

/** A task whose output is its input, of an SDK that propeller trusts with offloaded literals. */
function echoOfOffloaded(value: MessageInitShape<typeof flyteidl1.LiteralOffloadedMetadataSchema>): CompilableTask {
  const variables = { text: { type: textType } };
  const template = create(flyteidl1.TaskTemplateSchema, {
    id: { resourceType: 1, project: "flytesnacks", domain: "development", name: "interop.echo", version: "v1" },
    type: "interop_echo",
    metadata: { runtime: { type: flyteidl1.RuntimeMetadata_RuntimeType.FLYTE_SDK, version: "1.16.31" } },
    interface: { inputs: { variables }, outputs: { variables } },
  });
  const inputs = create(flyteidl1.LiteralMapSchema, {
    literals: { text: { value: { case: "offloadedMetadata", value } } },
  });
  return {
    template: toBinary(flyteidl1.TaskTemplateSchema, template),
    inputs: toBinary(flyteidl1.LiteralMapSchema, inputs),
  };
}
