import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType, Task } from "@flyte-agent/sdk";
import { readTask } from "@flyte-agent/sdk/host";

type LiteralInit = MessageInitShape<typeof flyteidl2.LiteralSchema>;

/** An encoded template of a task with these inputs. */
export function encodeTemplate(
  inputs: Record<string, LiteralType>,
  template: MessageInitShape<typeof flyteidl2.TaskTemplateSchema> = {},
): Uint8Array {
  const variables = Object.entries(inputs).map(([key, type]) => ({ key, value: { type } }));
  const message = create(flyteidl2.TaskTemplateSchema, template);
  message.interface = create(flyteidl2.TypedInterfaceSchema, { inputs: { variables } });
  return toBinary(flyteidl2.TaskTemplateSchema, message);
}

/** Encoded inputs. */
export function encodeLiterals(literals: Record<string, LiteralInit>): Uint8Array {
  return toBinary(
    flyteidl2.InputsSchema,
    create(flyteidl2.InputsSchema, { literals: Object.entries(literals).map(([name, value]) => ({ name, value })) }),
  );
}

/** A task with these types and literals, read as a runtime reads it. */
export function taskWith(
  inputs: Record<string, readonly [LiteralType, LiteralInit]>,
  integers: "auto" | "bigint" = "auto",
): Task {
  const entries = Object.entries(inputs);
  const template = encodeTemplate(Object.fromEntries(entries.map(([name, [type]]) => [name, type])));
  const literals = encodeLiterals(Object.fromEntries(entries.map(([name, [, literal]]) => [name, literal])));
  return readTask({ template, inputs: literals }, { integers });
}

/** A literal with a primitive in it. */
export function primitive(value: MessageInitShape<typeof flyteidl2.PrimitiveSchema>["value"]): LiteralInit {
  return scalar({ case: "primitive", value: value === undefined ? {} : { value } });
}

/** A literal with a scalar in it. */
export function scalar(value: MessageInitShape<typeof flyteidl2.ScalarSchema>["value"]): LiteralInit {
  return { value: { case: "scalar", value: value === undefined ? {} : { value } } };
}

/** A literal with bytes in it. */
export function binary(value: Uint8Array, tag = "msgpack"): LiteralInit {
  return scalar({ case: "binary", value: { value, tag } });
}
