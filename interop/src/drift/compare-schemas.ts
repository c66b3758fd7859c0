import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type DescService,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";

/** How a newer schema differs from ours. One line for each difference, beginning with the type and the field. */
export interface SchemaChanges {
  /** Fields, values, methods and types that are gone or are otherwise: what we send or read may be misunderstood. */
  readonly changed: readonly SchemaChange[];
  /** Those that are new: they pass through us unseen. */
  readonly added: readonly string[];
}

/** One difference in what both have. */
export interface SchemaChange {
  /** The name in our code: `taskCategory`, `RUNNING`, `getTask`. */
  readonly localName: string;
  readonly text: string;
}

/** Compares every type that we have with the one of the same name. */
export function compareSchemas(ours: Registry, theirs: Registry): SchemaChanges {
  const changed: SchemaChange[] = [];
  const added: string[] = [];

  const compare = (
    typeName: string,
    ourMembers: readonly Member[],
    theirMembers: readonly Member[] | undefined,
  ): void => {
    if (theirMembers === undefined) {
      changed.push({ localName: typeName.slice(typeName.lastIndexOf(".") + 1), text: `${typeName} is gone` });
      return;
    }
    for (const { key, localName, text } of ourMembers) {
      const other = theirMembers.find((member) => member.key === key);
      if (other?.text === text) continue;
      const now = other === undefined ? "it is gone" : `it is now ${other.text}`;
      changed.push({ localName, text: `${typeName}: ${text}: ${now}` });
    }
    for (const { key, text } of theirMembers) {
      if (!ourMembers.some((member) => member.key === key)) added.push(`${typeName}: ${text}`);
    }
  };

  for (const type of ours) {
    if (type.kind === "message" && !type.typeName.startsWith("google.")) {
      compare(type.typeName, fieldsOf(type), mapped(theirs.getMessage(type.typeName), fieldsOf));
    } else if (type.kind === "enum") {
      compare(type.typeName, valuesOf(type), mapped(theirs.getEnum(type.typeName), valuesOf));
    } else if (type.kind === "service") {
      compare(type.typeName, methodsOf(type), mapped(theirs.getService(type.typeName), methodsOf));
    }
  }
  return { changed, added };
}

interface Member {
  /** What the other side finds it by: the number, or the name of a method. */
  readonly key: number | string;
  readonly localName: string;
  readonly text: string;
}

function mapped<From, To>(value: From | undefined, map: (value: From) => To): To | undefined {
  return value === undefined ? undefined : map(value);
}

function fieldsOf({ fields }: DescMessage): readonly Member[] {
  return fields.map((field) => {
    const oneof = field.oneof === undefined ? "" : ` in oneof ${field.oneof.name}`;
    const { number: key, localName } = field;
    return { key, localName, text: `${typeOf(field)} ${field.name} = ${key}${oneof}` };
  });
}

function typeOf(field: DescField): string {
  switch (field.fieldKind) {
    case "scalar":
      return `${isOptional(field) ? "optional " : ""}${ScalarType[field.scalar].toLowerCase()}`;
    case "enum":
      return field.enum.typeName;
    case "message":
      return field.message.typeName;
    case "list":
      return `repeated ${elementOf(field)}`;
    case "map":
      return `map<${ScalarType[field.mapKey].toLowerCase()}, ${elementOf(field)}>`;
  }
}

// A member of a oneof and a message always tell whether they are set.
function isOptional(field: DescField): boolean {
  return field.oneof === undefined && field.proto.proto3Optional;
}

function elementOf(field: DescField & { fieldKind: "list" | "map" }): string {
  const { scalar, enum: enumeration, message } = field;
  return message?.typeName ?? enumeration?.typeName ?? ScalarType[scalar ?? ScalarType.STRING].toLowerCase();
}

function valuesOf({ values }: DescEnum): readonly Member[] {
  return values.map(({ number: key, name, localName }) => ({ key, localName, text: `${name} = ${key}` }));
}

function methodsOf({ methods }: DescService): readonly Member[] {
  return methods.map(({ name, localName, methodKind, input, output }) => ({
    key: name,
    localName,
    text: `${methodKind} ${name}(${input.typeName}) returns ${output.typeName}`,
  }));
}
