"""Writes and checks the files of values, for the generation that a module knows:

    value_file.py MODULE write FILE
    value_file.py MODULE check FILE REWRITTEN

`check` reads the literals of REWRITTEN, a file of the same format, as the declared Python types, and prints for each
where it differs from the original, or null.

A file has one value a line, as JSON, with the literal and its type as base64. `flyte-agent literal` reads them.

    name      unique in the file
    kind      what values of this kind are called in the table of results
    type      flyteidl.core.LiteralType
    literal   flyteidl.core.Literal
    text      what the generation's own templates print for the literal; absent where they cannot, and where that
              changes from run to run, since Python's protobuf has no order for the keys of a map
"""

import base64
import collections
import collections.abc
import dataclasses
import enum
import importlib
import json
import math
import pathlib
import sys
import typing

import pydantic
from google.protobuf.message import Message


def main() -> None:
    match sys.argv[1:]:
        case [module, "write", file]:
            generation = importlib.import_module(module).Generation()
            lines = [json.dumps(line, ensure_ascii=False) for line in fixtures(generation)]
            pathlib.Path(file).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        case [module, "check", file, rewritten]:
            generation = importlib.import_module(module).Generation()
            for name, problem in check(generation, read_lines(file), read_lines(rewritten)):
                print(json.dumps({"name": name, "problem": problem}))
        case _:
            sys.exit(f"usage: {sys.argv[0]} MODULE write FILE | MODULE check FILE REWRITTEN")


def fixtures(generation: typing.Any) -> typing.Iterator[typing.Dict[str, str]]:
    for name, declared in generation.values.items():
        literal_type, literal = generation.write(name)
        line = {"name": name, "kind": declared.kind, "type": encode(literal_type), "literal": encode(literal)}
        if not has_unordered_map(generation.literal_class.FromString(literal)):
            try:
                line["text"] = generation.template_text(literal)
            except (ValueError, TypeError, OverflowError):
                # Their templates refuse some literals, such as integer keys in msgpack.
                pass
        yield line


def has_unordered_map(literal: Message) -> bool:
    return any(
        len(value) > 1
        for message in messages(literal)
        for field, value in message.ListFields()
        if field.message_type is not None and field.message_type.GetOptions().map_entry
    )


def messages(message: Message) -> typing.Iterator[Message]:
    """A message and all that it holds, but for the types in unions."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.name == "LiteralType":
            continue
        if field.message_type.GetOptions().map_entry:
            members = value.values()
        else:
            members = value if isinstance(value, collections.abc.Sequence) else [value]
        for member in members:
            if isinstance(member, Message):
                yield from messages(member)


def check(
    generation: typing.Any,
    originals: typing.Dict[str, typing.Dict[str, str]],
    rewritten: typing.Dict[str, typing.Dict[str, str]],
) -> typing.Iterator[typing.Tuple[str, typing.Optional[str]]]:
    """Reads each literal and what it was rewritten to, with the declared type, and compares the two values."""
    for name, line in rewritten.items():
        # Writing it again puts the files behind it, such as pickles, where they were.
        generation.write(name)
        original = generation.read(name, base64.b64decode(originals[name]["literal"]))
        try:
            value = generation.read(name, base64.b64decode(line["literal"]))
        except Exception as error:  # whatever the transformers throw is the result of the check
            yield name, f"cannot be read: {type(error).__name__}: {error}"
            continue
        yield name, difference(generation, original, value, "")


def difference(generation: typing.Any, left: typing.Any, right: typing.Any, path: str) -> typing.Optional[str]:
    """Where two values differ, or None if they are equal in all their parts and the types of these."""
    here = f"{path or 'value'}: {left!r:.200} became {right!r:.200}"
    if type(left) is not type(right) and not alike(type(left), type(right)):
        return f"{here} ({type(left).__name__}, {type(right).__name__})"
    parts = generation.parts(left)
    if parts is not None:
        return None if parts == generation.parts(right) else f"{here} ({parts}, {generation.parts(right)})"
    if isinstance(left, float):
        same = (math.isnan(left) and math.isnan(right)) or (
            left == right and math.copysign(1, left) == math.copysign(1, right)
        )
        return None if same else here
    if isinstance(left, (list, tuple, collections.UserList)):
        if len(left) != len(right):
            return here
        members = ((f"{path}[{index}]", pair) for index, pair in enumerate(zip(left, right)))
    elif isinstance(left, dict):
        if sorted(map(repr, left)) != sorted(map(repr, right)):
            return here
        members = ((f"{path}[{key!r}]", (member, right[key])) for key, member in left.items())
    elif dataclasses.is_dataclass(left):
        names = [field.name for field in dataclasses.fields(left)]
        members = ((f"{path}.{name}", (getattr(left, name), getattr(right, name))) for name in names)
    elif isinstance(left, pydantic.BaseModel):
        members = ((f"{path}.{name}", (getattr(left, name), getattr(right, name))) for name in type(left).model_fields)
    elif isinstance(left, Message):
        return None if left == right else here
    elif hasattr(left, "utcoffset"):
        return None if left == right and left.utcoffset() == right.utcoffset() else here
    else:
        return None if left == right else here
    for where, (one, other) in members:
        problem = difference(generation, one, other, where)
        if problem is not None:
            return problem
    return None


def alike(left: type, right: type) -> bool:
    """Some classes are made anew on each reading: NamedTuple wrappers and FlyteFile["csv"]."""
    return (
        left.__qualname__ == right.__qualname__
        and left.__module__ == right.__module__
        and not issubclass(left, enum.Enum)
    )


def read_lines(file: str) -> typing.Dict[str, typing.Dict[str, str]]:
    lines = pathlib.Path(file).read_text(encoding="utf-8").split("\n")
    return {line["name"]: line for line in map(json.loads, filter(None, lines))}


def encode(content: bytes) -> str:
    return base64.b64encode(content).decode()


if __name__ == "__main__":
    main()
