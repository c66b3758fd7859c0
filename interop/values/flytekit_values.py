"""The values of Flyte 1: what flytekit alone can hold, beside the shared ones; how flytekit writes and reads them."""

import collections
import dataclasses
import datetime
import enum
import os
import tempfile
import typing

import numpy
import pydantic
from flyteidl.core import identifier_pb2, literals_pb2, types_pb2
from flytekit import FlyteDirectory, FlyteFile, HashMethod, StructuredDataset, kwtypes
from flytekit.core.context_manager import FlyteContextManager
from flytekit.core.data_persistence import FileAccessProvider
from flytekit.core.type_engine import TypeEngine
from flytekit.interaction.string_literals import literal_string_repr
from flytekit.interfaces import random as flyte_random
from flytekit.models import literals as models
from flytekit.models.literals import Literal
from flytekit.types.error.error import FlyteError
from flytekit.types.schema import FlyteSchema
from flytekit.types.schema.types import SchemaOpenMode
from flytekit.types.structured.structured_dataset import (
    StructuredDatasetDecoder,
    StructuredDatasetEncoder,
    StructuredDatasetTransformerEngine,
)
from google.protobuf import struct_pb2
from shared_values import MODEL, NASTY, SHARED_VALUES, Color, Declared, Model, Opaque, moment
from typing_extensions import Annotated

VALUES: typing.Dict[str, Declared] = dict(SHARED_VALUES)


def add(kind: str, name: str, python_type: typing.Any, value: typing.Any, as_struct: bool = False) -> None:
    if name in VALUES:
        raise ValueError(f"{name} comes twice")
    VALUES[name] = Declared(kind, python_type, value, as_struct)


@dataclasses.dataclass
class Files:
    one: FlyteFile
    folder: FlyteDirectory
    table: StructuredDataset
    many: typing.List[FlyteFile]
    maybe: typing.Optional[FlyteFile] = None


@dataclasses.dataclass
class OneFile:
    one: FlyteFile


@dataclasses.dataclass
class Folders:
    folders: typing.List[FlyteDirectory]
    by_name: typing.Dict[str, FlyteFile]
    table: typing.Optional[StructuredDataset] = None


@dataclasses.dataclass
class WithSchema:
    schema: FlyteSchema


class FilesModel(pydantic.BaseModel):
    one: FlyteFile
    folder: FlyteDirectory


class Numbers(pydantic.RootModel[typing.List[float]]):
    pass


class Text(pydantic.RootModel[str]):
    pass


class Frame(collections.UserList):
    """A table of a library that registers with flytekit, as pandas does."""


class FrameEncoder(StructuredDatasetEncoder):
    def __init__(self) -> None:
        super().__init__(Frame, protocol="memory", supported_format="frame")

    def encode(self, ctx, structured_dataset, structured_dataset_type):
        structured_dataset_type.format = "frame"
        metadata = models.StructuredDatasetMetadata(structured_dataset_type)
        rows = "-".join(map(str, structured_dataset.dataframe))
        return models.StructuredDataset(uri=f"memory://frames/{rows}", metadata=metadata)


class FrameDecoder(StructuredDatasetDecoder):
    def __init__(self) -> None:
        super().__init__(Frame, protocol="memory", supported_format="frame")

    def decode(self, ctx, flyte_value, current_task_metadata):
        return Frame(map(int, flyte_value.uri.rpartition("/")[2].split("-")))


StructuredDatasetTransformerEngine.register(FrameEncoder(), default_for_type=True, default_format_for_type=True)
StructuredDatasetTransformerEngine.register(FrameDecoder(), default_for_type=True, default_format_for_type=True)


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


CSV = FlyteFile["csv"]
COLUMNS = kwtypes(whole=int, fraction=float, text=str, day=datetime.datetime)
TABLE = Annotated[StructuredDataset, COLUMNS, "parquet"]
SCHEMA = FlyteSchema[kwtypes(x=int, y=str)]

add("files", "file", FlyteFile, FlyteFile("s3://bucket/a.csv"))
add("files", "file_csv", CSV, CSV("s3://bucket/ä b/€.csv"))
add("files", "file_metadata", FlyteFile, FlyteFile("gs://bucket/a", metadata={"k": "v", "ä": NASTY, "__proto__": "p"}))
add("files", "file_hashed", Annotated[FlyteFile, HashMethod(lambda one: "hash of it")], FlyteFile("s3://bucket/h"))
add("files", "file_optional", typing.Optional[FlyteFile], FlyteFile("s3://bucket/o"))
add("files", "file_optional_nothing", typing.Optional[FlyteFile], None)
add("files", "file_list", typing.List[FlyteFile], [FlyteFile("s3://bucket/1"), FlyteFile("s3://bucket/2")])
add("files", "file_map", typing.Dict[str, CSV], {"__proto__": CSV("s3://bucket/1.csv")})
add("files", "file_of_text", typing.Union[FlyteDirectory, FlyteFile], FlyteFile("s3://bucket/u"))
add("files", "text_of_file", typing.Union[str, FlyteDirectory], "s3://bucket/u")
add("files", "directory", FlyteDirectory, FlyteDirectory("s3://bucket/folder"))
add("files", "directory_format", FlyteDirectory["csv"], FlyteDirectory["csv"]("s3://bucket/folder/"))
add("files", "directory_of_union", typing.Union[FlyteDirectory, FlyteFile], FlyteDirectory("s3://bucket/u"))
add("files", "directory_list", typing.List[FlyteDirectory], [FlyteDirectory("s3://bucket/f")])
add(
    "files",
    "files_in_dataclass",
    Files,
    Files(
        FlyteFile("s3://bucket/a", metadata={"k": "v"}),
        FlyteDirectory("s3://bucket/b"),
        StructuredDataset(uri="s3://bucket/c", file_format="parquet"),
        [FlyteFile("s3://bucket/d")],
    ),
)
add("files", "file_in_dataclass_list", typing.List[OneFile], [OneFile(FlyteFile("s3://bucket/a"))], True)

add("files", "file_jpeg", FlyteFile["jpeg"], FlyteFile["jpeg"]("https://example.com/a.jpeg"))
add("files", "file_empty_list", typing.List[FlyteFile], [])
add("files", "file_list_optional", typing.List[typing.Optional[FlyteFile]], [None, FlyteFile("s3://bucket/a")])
add("files", "directory_in_map", typing.Dict[str, FlyteDirectory], {"a": FlyteDirectory("s3://bucket/f")})
add("files", "directory_or_text", typing.Union[FlyteDirectory, str], FlyteDirectory("s3://bucket/f"))
add(
    "files",
    "folders_in_dataclass",
    Folders,
    Folders([FlyteDirectory("s3://b/f")], {"a": FlyteFile("s3://b/a")}, StructuredDataset(uri="s3://b/t")),
)
add("files", "files_in_model", FilesModel, FilesModel(one=FlyteFile("s3://b/a"), folder=FlyteDirectory("s3://b/f")))

add("tables", "table", StructuredDataset, StructuredDataset(uri="s3://bucket/t"))
add("tables", "table_format", StructuredDataset, StructuredDataset(uri="s3://bucket/t", file_format="parquet"))
add("tables", "table_columns", TABLE, StructuredDataset(uri="s3://bucket/t", file_format="parquet"))
add(
    "tables", "table_bigquery", StructuredDataset, StructuredDataset(uri="bq://project:dataset.table", file_format="bq")
)
add("tables", "table_optional", typing.Optional[StructuredDataset], StructuredDataset(uri="s3://bucket/t"))
add(
    "tables",
    "table_list",
    typing.List[StructuredDataset],
    [StructuredDataset(uri="s3://b/1"), StructuredDataset(uri="s3://b/2")],
)
add("tables", "table_of_library", Frame, Frame([1, 2, 3]))
add("tables", "table_of_library_columns", Annotated[Frame, kwtypes(x=int)], Frame([7]))
add("tables", "table_of_library_optional", typing.Optional[Frame], Frame([4]))
add("tables", "schema", FlyteSchema, FlyteSchema(remote_path="s3://bucket/schema", supported_mode=SchemaOpenMode.READ))
add("tables", "schema_columns", SCHEMA, SCHEMA(remote_path="s3://bucket/schema", supported_mode=SchemaOpenMode.READ))
add(
    "tables",
    "schema_optional",
    typing.Optional[SCHEMA],
    SCHEMA(remote_path="s3://bucket/schema", supported_mode=SchemaOpenMode.READ),
)

add(
    "tables",
    "schema_in_dataclass",
    WithSchema,
    WithSchema(FlyteSchema(remote_path="s3://b/s", supported_mode=SchemaOpenMode.READ)),
)
add("tables", "table_of_file", typing.Union[FlyteFile, StructuredDataset], StructuredDataset(uri="s3://bucket/t"))
add("tables", "array", numpy.ndarray, numpy.array([[1, 2], [3, 4]]))
add("tables", "array_list", typing.List[numpy.ndarray], [numpy.array([1.5])])

add("models", "model_root", Numbers, Numbers([1.0, 0.5]))
add("models", "model_root_list", typing.List[Numbers], [Numbers([]), Numbers([1.0])])
add("models", "model_root_text", Text, Text("ä"))
add("models", "model_root_union", typing.Union[int, Numbers], Numbers([1.0]))

add("pickles", "pickle_bytes", bytes, b"\x00\xff")
add("pickles", "pickle_set", set, {1, 2})
add("pickles", "pickle_object", Opaque, Opaque("ä"))
add("pickles", "pickle_optional", typing.Optional[Opaque], Opaque("b"))
add("pickles", "pickle_list", typing.List[Opaque], [Opaque("c"), Opaque("d")])
add("pickles", "pickle_map", typing.Dict[str, typing.Any], {"a": 1, "b": "x"})
add("pickles", "pickle_union", typing.Union[int, bytes], b"x")
add("pickles", "pickle_of_dict", Annotated[dict, kwtypes(allow_pickle=True)], {"a": Opaque("e")})
add("pickles", "pickle_any", typing.Any, {"a": 1})

add("errors", "error", FlyteError, FlyteError(message=NASTY, failed_node_id="n0"))
add("errors", "error_empty", FlyteError, FlyteError(message="", failed_node_id=""))
add("errors", "error_optional", typing.Optional[FlyteError], FlyteError(message="m", failed_node_id="n"))

add("enums", "enum_of_int", typing.Union[int, Size], Size.SMALL)
add("enums", "literal_type_int", typing.Literal[1, 2], 2)
add("enums", "literal_type_float", typing.Literal[1.0, 2.5], 1.0)
add("enums", "literal_type_bool", typing.Literal[True], True)
add("enums", "literal_type_optional", typing.Optional[typing.Literal["a", "b"]], "b")

add("protobuf messages", "protobuf", identifier_pb2.Identifier, identifier_pb2.Identifier(project="p", name="ä€😀"))
add("protobuf messages", "protobuf_empty", identifier_pb2.Identifier, identifier_pb2.Identifier())
add(
    "protobuf messages",
    "protobuf_int64",
    literals_pb2.Primitive,
    literals_pb2.Primitive(integer=2**63 - 1),
)
add(
    "protobuf messages",
    "protobuf_nested",
    types_pb2.LiteralType,
    types_pb2.LiteralType(collection_type=types_pb2.LiteralType(simple=types_pb2.FLOAT), metadata={"a": [1, None]}),
)
add(
    "protobuf messages",
    "protobuf_optional",
    typing.Optional[identifier_pb2.Identifier],
    identifier_pb2.Identifier(name="x"),
)
add(
    "protobuf messages",
    "protobuf_struct",
    struct_pb2.Struct,
    struct_pb2.Struct(fields={"a": struct_pb2.Value(number_value=1)}),
)

add("annotated", "annotated_hash", Annotated[int, HashMethod(lambda number: f"hash {number}")], 2**53 + 1)
add("annotated", "annotated_hash_list", typing.List[Annotated[str, HashMethod(lambda text: text.upper())]], ["a", "bb"])
add("annotated", "annotated_note", Annotated[float, "a note"], 1.0)
add("annotated", "annotated_hash_dict", Annotated[dict, HashMethod(lambda value: "h")], {"a": 1})
add("annotated", "annotated_optional", Annotated[typing.Optional[int], "a note"], 3)

EPOCH_DAY = typing.Union[int, datetime.date]
add("unions", "union_day_of_int", EPOCH_DAY, datetime.date(2026, 1, 2))
add("unions", "union_int_of_day", EPOCH_DAY, 1)
add("unions", "union_maps_floats", typing.Union[typing.Dict[str, int], typing.Dict[str, float]], {"a": 1.5})
add("unions", "union_model_of_map", typing.Union[typing.Dict[str, int], Model], MODEL)
add("unions", "union_enum_of_moment", typing.Union[datetime.datetime, Color], moment(1970, 1, 1))

for name, declared in list(VALUES.items()):
    if declared.as_struct:
        VALUES[f"struct_{name}"] = Declared(f"{declared.kind} in a Struct", declared.python_type, declared.value)


class Generation:
    """How flytekit writes and reads."""

    values = VALUES
    literal_class = literals_pb2.Literal

    def __init__(self) -> None:
        # What is uploaded stays in memory, at the same addresses each time.
        self.context = FlyteContextManager.current_context()
        self.folder = tempfile.TemporaryDirectory()
        files = FileAccessProvider(self.folder.name, "memory://values")
        FlyteContextManager.push_context(self.context.with_file_access(files).build())
        self.context = FlyteContextManager.current_context()

    def write(self, name: str) -> typing.Tuple[bytes, bytes]:
        declared = VALUES[name]
        # It keys literals by value and type only, so that the older encoding would never be written.
        TypeEngine._LITERAL_CACHE.clear()
        flyte_random.random.seed(name)
        os.environ["FLYTE_USE_OLD_DC_FORMAT"] = str(name.startswith("struct_")).lower()
        literal_type = TypeEngine.to_literal_type(declared.python_type)
        literal = TypeEngine.to_literal(self.context, declared.value, declared.python_type, literal_type)
        return (
            literal_type.to_flyte_idl().SerializeToString(deterministic=True),
            literal.to_flyte_idl().SerializeToString(deterministic=True),
        )

    def read(self, name: str, literal: bytes) -> typing.Any:
        return TypeEngine.to_python_value(self.context, self._literal(literal), VALUES[name].python_type)

    def template_text(self, literal: bytes) -> str:
        return str(literal_string_repr(self._literal(literal)))

    def parts(self, value: typing.Any) -> typing.Any:
        """What makes a value of flytekit, for comparison: its classes compare too little, or too much."""
        if isinstance(value, FlyteFile):
            return value._remote_source or value.path, value.extension(), value.metadata
        if isinstance(value, FlyteDirectory):
            return value._remote_source or value.path, value.extension()
        if isinstance(value, StructuredDataset):
            literal = value.literal
            return (
                value.uri,
                value.file_format,
                literal and literal.to_flyte_idl().SerializeToString(deterministic=True),
            )
        if isinstance(value, FlyteSchema):
            return value.remote_path, value.columns()
        if isinstance(value, numpy.ndarray):
            return str(value.dtype), value.tolist()
        return None

    def _literal(self, literal: bytes) -> Literal:
        return Literal.from_flyte_idl(literals_pb2.Literal.FromString(literal))
