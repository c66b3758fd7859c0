import { create, createFileRegistry, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { compareSchemas } from "../src/drift/compare-schemas.ts";

type File = MessageInitShape<typeof FileDescriptorProtoSchema>;
type Field = NonNullable<NonNullable<NonNullable<File["messageType"]>[number]["field"]>>[number];

const text = { type: Type.STRING, label: Label.OPTIONAL } as const;

function schema(fields: readonly Field[], more: File = {}) {
  const file: File = {
    name: "a.proto",
    syntax: "proto3",
    package: "p",
    messageType: [{ name: "Task", field: [...fields], oneofDecl: [{ name: "target" }] }, { name: "Empty" }],
    ...more,
  };
  return createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }));
}

const name: Field = { name: "task_type", number: 1, ...text };

test("the same schema has no changes", () => {
  expect(compareSchemas(schema([name]), schema([name]))).toEqual({ changed: [], added: [] });
});

test("a new field is added, no change", () => {
  const added: Field = { name: "labels", number: 2, ...text, label: Label.REPEATED };
  expect(compareSchemas(schema([name]), schema([name, added]))).toEqual({
    changed: [],
    added: ["p.Task: repeated string labels = 2"],
  });
});

test.each<[string, readonly Field[], string]>([
  ["gone", [], "it is gone"],
  ["renamed", [{ ...name, name: "kind" }], "it is now string kind = 1"],
  ["of another type", [{ ...name, type: Type.BYTES }], "it is now bytes task_type = 1"],
  ["repeated", [{ ...name, label: Label.REPEATED }], "it is now repeated string task_type = 1"],
  ["a message", [{ ...name, type: Type.MESSAGE, typeName: ".p.Empty" }], "it is now p.Empty task_type = 1"],
  ["in a oneof", [{ ...name, oneofIndex: 0 }], "it is now string task_type = 1 in oneof target"],
])("a field that is %s is a change", (_how, fields, now) => {
  expect(compareSchemas(schema([name]), schema(fields)).changed).toEqual([
    { localName: "taskType", text: `p.Task: string task_type = 1: ${now}` },
  ]);
});

test("values of enums and methods of services are compared, too", () => {
  const values = (...names: string[]) => names.map((value, number) => ({ name: value, number }));
  const method = { name: "Get", inputType: ".p.Empty", outputType: ".p.Task" };
  const more = (enumValues: string[], serverStreaming: boolean): File => ({
    enumType: [{ name: "Phase", value: values(...enumValues) }],
    service: [{ name: "Agents", method: [{ ...method, serverStreaming }] }],
  });
  const result = compareSchemas(schema([name], more(["A", "B"], false)), schema([name], more(["A", "C", "D"], true)));
  expect(result).toEqual({
    changed: [
      { localName: "B", text: "p.Phase: B = 1: it is now C = 1" },
      {
        localName: "get",
        text: "p.Agents: unary Get(p.Empty) returns p.Task: it is now server_streaming Get(p.Empty) returns p.Task",
      },
    ],
    added: ["p.Phase: D = 2"],
  });
});

test("a type that is gone is a change", () => {
  const { changed } = compareSchemas(schema([name]), schema([name], { messageType: [{ name: "Empty" }] }));
  expect(changed).toEqual([{ localName: "Task", text: "p.Task is gone" }]);
});
