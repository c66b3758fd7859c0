"""Tasks for the agents of interop/src/propeller/scripted-agents."""

import base64

from executor import DOMAIN, PROJECT, Task
from flyteidl2.core import identifier_pb2, interface_pb2, literals_pb2, tasks_pb2, types_pb2
from google.protobuf import struct_pb2
from google.protobuf.json_format import ParseDict

SCRIPTED, SCRIPTED_SYNC, ECHO = "interop_scripted", "interop_scripted_sync", "interop_echo"
INTEGER, STRING = types_pb2.INTEGER, types_pb2.STRING


def task_of(task_type: str, custom: dict, outputs: dict | None = None, inputs: dict | None = None, retries: int = 0) -> Task:
    """`outputs` are simple types by name; `inputs` are literals by name, all of the type STRING."""
    template = tasks_pb2.TaskTemplate(
        id=identifier_pb2.Identifier(
            resource_type=identifier_pb2.TASK, project=PROJECT, domain=DOMAIN, name=f"interop.{task_type}", version="1"
        ),
        type=task_type,
        metadata=tasks_pb2.TaskMetadata(retries=literals_pb2.RetryStrategy(retries=retries), discovery_version="1"),
        interface=interface_pb2.TypedInterface(
            inputs=variables(dict.fromkeys(inputs or {}, STRING)), outputs=variables(outputs or {})
        ),
        custom=ParseDict(custom, struct_pb2.Struct()),
    )
    return Task(template=template, inputs=inputs or {})


def scripted(*steps: dict, outputs: dict | None = None, task_type: str = SCRIPTED, retries: int = 0) -> Task:
    return task_of(task_type, {"attempts": [{"steps": list(steps)}]}, outputs, retries=retries)


def variables(types: dict) -> interface_pb2.VariableMap:
    """A list in Flyte 2, sorted by name."""
    return interface_pb2.VariableMap(
        variables=[
            interface_pb2.VariableEntry(key=name, value=interface_pb2.Variable(type=types_pb2.LiteralType(simple=simple)))
            for name, simple in sorted(types.items())
        ]
    )


def integer(value: int) -> literals_pb2.Literal:
    return literals_pb2.Literal(scalar=literals_pb2.Scalar(primitive=literals_pb2.Primitive(integer=value)))


def text(value: str) -> literals_pb2.Literal:
    return literals_pb2.Literal(scalar=literals_pb2.Scalar(primitive=literals_pb2.Primitive(string_value=value)))


def encoded(message) -> str:
    return base64.b64encode(message.SerializeToString()).decode()
