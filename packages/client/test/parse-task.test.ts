import { readFile } from "node:fs/promises";
import { create, fromBinary, fromJson, toBinary } from "@bufbuild/protobuf";
import { parseTaskDescription, parseTaskFile } from "@flyte-agent/client";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { readTask } from "@flyte-agent/sdk/host";
import { describe, expect, it } from "vitest";

const timer = {
  type: "timer",
  interface: {
    inputs: { variables: { seconds: { type: { simple: "FLOAT" } } } },
    outputs: { variables: { rang_at: { type: { simple: "DATETIME" } } } },
  },
  custom: { unit: "s", steps: [1, { deep: true }] },
  inputs: { seconds: 2.5 },
};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe("a description", () => {
  it("becomes what Flyte sends", () => {
    const task = parseTaskDescription({ ...timer, taskTypeVersion: 2 });
    expect(task.category).toEqual({ name: "timer", version: 2 });
    const read = readTask(task, { integers: "auto" });
    expect(read.custom).toEqual(timer.custom);
    expect(read.inputs).toEqual({ seconds: 2.5 });
    expect([...task.inputTypes.keys(), ...task.outputTypes.keys()]).toEqual(["seconds", "rang_at"]);
  });

  it("may write variables as Flyte 2 does, in the order of the list", () => {
    const variables = ["b", "a"].map((key) => ({ key, value: { type: { simple: "INTEGER" } } }));
    const task = parseTaskDescription({ type: "x", interface: { inputs: { variables } }, inputs: { a: 1, b: 2 } });
    expect(readTask(task, { integers: "auto" }).inputs).toEqual({ a: 1, b: 2 });
    expect(fromBinary(flyteidl2.TaskTemplateSchema, task.template).interface?.inputs?.variables).toHaveLength(2);
  });

  it("may use the names of the proto files", () => {
    const { template } = parseTaskDescription({ type: "x", task_type_version: 1, k8s_pod: { pod_spec: { a: 1 } } });
    expect(readTask({ template, inputs: new Uint8Array() }, { integers: "auto" })).toMatchObject({
      typeVersion: 1,
      pod: { podSpec: { a: 1 } },
    });
  });

  it.each([
    [{ ...timer, typ: "x" }, 'typ: is not a known key, did you mean "type"?'],
    [{ ...timer, inputz: {} }, 'inputz: is not a known key, did you mean "inputs"?'],
    [{ custom: {} }, "type: is missing"],
    [{ type: "" }, "type: is missing"],
    [{ type: 5 }, "type: expected a string, got 5"],
    [{ type: "x", sql: [] }, "sql: expected an object, got a list"],
    [{ type: "x", config: { a: 1 } }, "config.a: expected a string, got 1"],
    [
      { type: "x", interface: { inputs: { variables: { a: { typo: {} } } } } },
      "interface.inputs.variables.a.typo: is not",
    ],
    [
      { type: "x", interface: { inputs: { variables: { a: { type: { simple: "INT" } } } } } },
      '"INT" is not a known value',
    ],
    [{ type: "x", interface: { inputs: { variables: [{ name: "a" }] } } }, "interface.inputs.variables[0]: expected"],
    [{ type: "x", custom: { n: 9_007_199_254_740_993n } }, "custom.n: 9007199254740993 cannot be held exactly"],
    [{ type: "x", custom: { f: () => 1 } }, "custom.f: a function cannot be sent"],
    [{ type: "x", sql: {}, container: {} }, "the task: has container and sql, expected one of them"],
    [
      { type: "x", interface: { inputs: { variables: { a: { type: { simple: "FLOAT", blob: {} } } } } } },
      "interface.inputs.variables.a.type: has simple and blob, expected one of them",
    ],
    [{ type: "x", custom: 5 }, "custom: expected an object, got 5"],
    [{ type: "x", custom: [1] }, "custom: expected an object, got a list"],
    [{ type: "x", metadata: { timeout: 5 } }, 'metadata.timeout: expected a duration such as "90s", got 5'],
    [{ type: "x", metadata: { timeout: "PT5M" } }, 'metadata.timeout: expected a duration such as "90s", got "PT5M"'],
    [{ type: "x", taskTypeVersion: "one" }, 'taskTypeVersion: expected a whole number, got "one"'],
    [{ type: "x", taskTypeVersion: 1.5 }, "taskTypeVersion: expected a whole number, got 1.5"],
    ["timer", 'expected an object in the shape of a task template, with type, interface and inputs, got "timer"'],
    [null, "expected an object in the shape of a task template, with type, interface and inputs, got nothing"],
    [[], "expected an object in the shape of a task template, with type, interface and inputs, got a list"],
  ])("is refused with the place: %o", (description, told) => {
    expect(() => parseTaskDescription(description)).toThrow(
      expect.objectContaining({ code: "invalid_task", message: expect.stringContaining(told) }),
    );
  });

  it.each([
    [{ ...timer, inputs: { seconds: "long" } }, 'input "seconds": expected FLOAT'],
    [{ ...timer, inputs: { minutes: 1 } }, 'input "minutes"'],
    [{ ...timer, inputs: [1] }, "inputs: expected an object"],
  ])("is refused for inputs that are not as declared", (description, told) => {
    expect(() => parseTaskDescription(description)).toThrow(
      expect.objectContaining({ code: "invalid_input", message: expect.stringContaining(told) }),
    );
  });
});

describe("a file", () => {
  const fixtures = new URL("../../../interop/fixtures/flytekit-1.16.31/", import.meta.url);
  const template = fromJson(flyteidl1.TaskTemplateSchema, { type: timer.type, interface: timer.interface });

  it("of YAML or JSON gets its inputs from the caller too, which win", () => {
    const text =
      "type: timer\ninterface: { inputs: { variables: { n: { type: { simple: INTEGER } } } } }\ninputs: { n: 1 }\n";
    const task = parseTaskFile(bytes(text), "t.yaml", { n: 2n ** 60n });
    expect(readTask(task, { integers: "auto" }).inputs).toEqual({ n: 2n ** 60n });
    expect(parseTaskFile(bytes(JSON.stringify(timer, undefined, "\t")), "t.json").category.name).toBe("timer");
  });

  it.each(["sensor-file", "webhook-post", "webhook-get"])("of flytekit is read: %s", async (name) => {
    const spec = parseTaskFile(await readFile(new URL(`${name}/task-spec.pb`, fixtures)), "task-spec.pb");
    const bare = parseTaskFile(await readFile(new URL(`${name}/task-template.pb`, fixtures)), "task-template.pb");
    expect(spec.category).toEqual(bare.category);
    expect(spec.category.name).toBe(name.split("-", 1)[0]);
  });

  it("with a bare template is not mistaken for a spec", () => {
    const id = create(flyteidl1.IdentifierSchema, { project: "p", domain: "d", name: "n", version: "v" });
    for (const written of [template, { ...template, id }]) {
      const bare = toBinary(flyteidl1.TaskTemplateSchema, written);
      expect(parseTaskFile(bare, "t.pb").category.name).toBe("timer");
      const spec = create(flyteidl1.TaskSpecSchema, { template: written });
      expect(parseTaskFile(toBinary(flyteidl1.TaskSpecSchema, spec), "s.pb").category.name).toBe("timer");
    }
  });

  it("that is anything else is refused, with its name in front", () => {
    for (const content of [new Uint8Array([0]), new Uint8Array([1, 2, 3, 200, 5, 0, 9]), new Uint8Array(100)]) {
      expect(() => parseTaskFile(content, "x.bin")).toThrow(/^x\.bin: the file: is neither YAML or JSON nor/);
    }
    expect(() => parseTaskFile(new Uint8Array(), "empty")).toThrow(/^empty: the task: expected an object/);
    expect(() => parseTaskFile(bytes("a: [1\n"), "x.yaml")).toThrow(/^x\.yaml: line 2, column 1: /);
    expect(() => parseTaskFile(bytes("type: a\ntype: b\n"), "x.yaml")).toThrow(/^x\.yaml: line 2/);
  });
});
