"""The values of Flyte 2: what flyte-sdk alone can hold, beside the shared ones; how flyte-sdk writes and reads them."""

import asyncio
import collections
import dataclasses
import datetime
import enum
import random
import typing

import pydantic
from flyte._context import internal_ctx
from flyte._logging import logger
from flyte.io import DataFrame, Dir, File
from flyte.io._dataframe.dataframe import DataFrameDecoder, DataFrameEncoder, DataFrameTransformerEngine
from flyte.models import RawDataPath
from flyte.types import TypeEngine
from flyte.types._string_literals import _literal_string_repr
from flyteidl2.core import identifier_pb2, literals_pb2, types_pb2
from google.protobuf import struct_pb2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp
from shared_values import MODEL, NASTY, SHARED_VALUES, Color, Declared, Inner, Model, Opaque, Point, TextX, WholeX, moment
from typing_extensions import Annotated, NotRequired, TypedDict
from value_file import messages

VALUES: typing.Dict[str, Declared] = dict(SHARED_VALUES)
Item = typing.TypeVar("Item")


def add(kind: str, name: str, python_type: typing.Any, value: typing.Any) -> None:
    if name in VALUES:
        raise ValueError(f"{name} comes twice")
    VALUES[name] = Declared(kind, python_type, value)


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Swapped(enum.Enum):
    """The name of one member is the value of the other."""

    A = "B"
    B = "A"


class Place(typing.NamedTuple):
    name: str
    x: int
    y: float = 1.0


class Fields(TypedDict):
    whole: int
    fraction: float


@dataclasses.dataclass
class Box(typing.Generic[Item]):
    content: Item
    contents: typing.List[Item]


@dataclasses.dataclass
class Node:
    value: int
    weight: float
    next: typing.Optional["Node"] = None


@dataclasses.dataclass
class Branch:
    name: str
    weight: float
    branches: typing.List["Branch"]


class Tree(pydantic.BaseModel):
    label: str
    weight: float
    children: typing.List["Tree"] = []


class MixedModel(pydantic.BaseModel):
    point: Point
    inners: typing.List[Inner]


@dataclasses.dataclass
class Files:
    one: File
    folder: Dir
    many: typing.List[File]
    maybe: typing.Optional[File] = None


class FilesModel(pydantic.BaseModel):
    one: File
    folder: Dir
    table: DataFrame


@dataclasses.dataclass
class Table:
    table: DataFrame


class SwappedModel(pydantic.BaseModel):
    one: Swapped
    level: Level


@dataclasses.dataclass
class SwappedDataclass:
    one: Swapped
    level: Level


class Cat(pydantic.BaseModel):
    kind: typing.Literal["cat"] = "cat"
    lives: int


class Dog(pydantic.BaseModel):
    kind: typing.Literal["dog"] = "dog"
    weight: float


class Zoo(pydantic.BaseModel):
    animals: typing.List[Annotated[typing.Union[Cat, Dog], pydantic.Field(discriminator="kind")]]


class TupleModel(pydantic.BaseModel):
    pair: typing.Tuple[float, float]
    optional: typing.Optional[typing.Tuple[int, float]] = None


class Aliased(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(populate_by_name=True)
    total: float = pydantic.Field(alias="grandTotal")


class EnumFields(TypedDict):
    one: Swapped
    moment: datetime.datetime


class OptionalFields(TypedDict):
    whole: int
    fraction: NotRequired[float]


class EnumPlace(typing.NamedTuple):
    one: Swapped
    file: File


class Page(pydantic.BaseModel, typing.Generic[Item]):
    items: typing.List[Item]


@dataclasses.dataclass
class Tuples:
    pair: typing.Tuple[float, int]
    pairs: typing.List[typing.Tuple[int, float]]


class ModelOfTuples(pydantic.BaseModel):
    place: Place
    fields: Fields


class Frame(collections.UserList):
    """A table of a library that registers with flyte-sdk, as pandas does."""


class FrameEncoder(DataFrameEncoder):
    def __init__(self) -> None:
        super().__init__(Frame, protocol="memory", supported_format="frame")

    async def encode(self, dataframe, structured_dataset_type):
        structured_dataset_type.format = "frame"
        metadata = literals_pb2.StructuredDatasetMetadata(structured_dataset_type=structured_dataset_type)
        rows = "-".join(map(str, dataframe.val))
        return literals_pb2.StructuredDataset(uri=f"memory://frames/{rows}", metadata=metadata)


class FrameDecoder(DataFrameDecoder):
    def __init__(self) -> None:
        super().__init__(Frame, protocol="memory", supported_format="frame")

    async def decode(self, flyte_value, current_task_metadata):
        return Frame(map(int, flyte_value.uri.rpartition("/")[2].split("-")))


DataFrameTransformerEngine.register(FrameEncoder(), default_for_type=True, default_format_for_type=True)
DataFrameTransformerEngine.register(FrameDecoder(), default_for_type=True, default_format_for_type=True)


def existing(uri: str, kind: str = "") -> DataFrame:
    return DataFrame.from_existing_remote(uri, format=kind)


def columns(**types: type) -> typing.OrderedDict[str, type]:
    return collections.OrderedDict(types)


add("files", "file", File, File(path="s3://bucket/a.csv"))
add("files", "file_unicode", File, File(path="s3://bucket/ä b/€.csv", name="other", format="csv"))
add("files", "file_hash", File, File(path="gs://bucket/a", hash="abc"))
add("files", "file_typed", File[dict], File[dict](path="s3://bucket/a.json", format="json"))
add("files", "file_optional", typing.Optional[File], File(path="s3://bucket/o"))
add("files", "file_optional_nothing", typing.Optional[File], None)
add("files", "file_list", typing.List[File], [File(path="s3://bucket/1"), File(path="s3://bucket/2", hash="h")])
add("files", "file_map", typing.Dict[str, File], {"__proto__": File(path="s3://bucket/1.csv")})
add("files", "file_of_directory", typing.Union[Dir, File], File(path="s3://bucket/u"))
add("files", "text_of_file", typing.Union[str, File], "s3://bucket/u")
add("files", "directory", Dir, Dir(path="s3://bucket/folder"))
add("files", "directory_format", Dir, Dir(path="s3://bucket/folder/", format="csv", hash="h"))
add("files", "directory_of_file", typing.Union[Dir, File], Dir(path="s3://bucket/u"))
add("files", "directory_list", typing.List[Dir], [Dir(path="s3://bucket/f")])
add(
    "files",
    "files_in_dataclass",
    Files,
    Files(File(path="s3://b/a", format="csv", hash="h"), Dir(path="s3://b/b"), [File(path="s3://b/c")]),
)
add(
    "files",
    "files_in_model",
    FilesModel,
    FilesModel(one=File(path="s3://b/a"), folder=Dir(path="s3://b/b", hash="h"), table=existing("s3://b/c", "parquet")),
)

TABLE = Annotated[DataFrame, columns(whole=int, fraction=float, text=str, day=datetime.datetime), "parquet"]
add("files", "file_union_list", typing.List[typing.Union[File, Dir]], [File(path="s3://b/a"), Dir(path="s3://b/d")])
add("files", "file_of_table", typing.Union[DataFrame, File], File(path="s3://b/a"))
add("files", "file_map_optional", typing.Dict[str, typing.Optional[File]], {"a": None, "b": File(path="s3://b/a")})

add("tables", "table_hash", DataFrame, DataFrame.from_existing_remote("s3://bucket/t", format="csv", hash="h"))
add("tables", "table_of_file", typing.Union[DataFrame, File], existing("s3://bucket/t"))
add("tables", "table", DataFrame, existing("s3://bucket/t"))
add("tables", "table_format", DataFrame, existing("s3://bucket/t", "parquet"))
add("tables", "table_columns", TABLE, existing("s3://bucket/t", "parquet"))
add("tables", "table_optional", typing.Optional[DataFrame], existing("s3://bucket/t"))
add("tables", "table_list", typing.List[DataFrame], [existing("s3://b/1"), existing("s3://b/2", "csv")])
add("tables", "table_in_dataclass", Table, Table(existing("s3://bucket/t", "parquet")))
add("tables", "table_of_library", Frame, Frame([1, 2, 3]))
add("tables", "table_of_library_columns", Annotated[Frame, columns(x=int)], Frame([7]))
add("tables", "table_of_library_optional", typing.Optional[Frame], Frame([4]))

add("pickles", "pickle_bytes", bytes, b"\x00\xff")
add("pickles", "pickle_bytes_empty", bytes, b"")
add("pickles", "pickle_bytes_long", bytes, b"\x80" * 20_000)
add("pickles", "pickle_set", set, {1, 2})
add("pickles", "pickle_set_typed", typing.Set[int], {3, 4})
add("pickles", "pickle_object", Opaque, Opaque("ä"))
add("pickles", "pickle_optional", typing.Optional[Opaque], Opaque("b"))
add("pickles", "pickle_optional_bytes", typing.Optional[bytes], b"x")
add("pickles", "pickle_optional_nothing", typing.Optional[bytes], None)
add("pickles", "pickle_list", typing.List[Opaque], [Opaque("c"), Opaque("d")])
add("pickles", "pickle_list_untyped", list, [1, 1.0, "x", None])
add("pickles", "pickle_map", typing.Dict[str, typing.Any], {"a": 1, "b": b"x"})
add("pickles", "pickle_union", typing.Union[int, bytes], b"x")
add("pickles", "pickle_union_int", typing.Union[int, bytes], 1)
add("pickles", "pickle_list_long", typing.List[bytes], [b"x" * 20_000, b"y"])
add("pickles", "pickle_optional_set", typing.Optional[typing.Set[int]], {5})
add("pickles", "pickle_frozen_set", frozenset, frozenset([1]))
add("pickles", "pickle_complex", complex, 1 + 2j)
add("pickles", "pickle_any", typing.Any, {"a": 1})

add("enums", "enum_int", Level, Level.HIGH)
add("enums", "enum_swapped", Swapped, Swapped.A)
add("enums", "enum_optional", typing.Optional[Swapped], Swapped.B)
add("enums", "enum_of_int", typing.Union[int, Color], Color.RED)
add("enums", "enum_in_dataclass", SwappedDataclass, SwappedDataclass(Swapped.A, Level.LOW))
add("enums", "enum_in_model", SwappedModel, SwappedModel(one=Swapped.B, level=Level.HIGH))
add("enums", "literal_type_optional", typing.Optional[typing.Literal["a", "b"]], "b")

SECTION = "tuples and typed dictionaries"
add(SECTION, "tuple", typing.Tuple[int, str], (1, "a"))
add(SECTION, "tuple_big", typing.Tuple[int, float], (2**53 + 1, 1.0))
add(SECTION, "tuple_long", tuple[int, float, str, bool], (1, 1.0, NASTY, True))
add(SECTION, "tuple_one", typing.Tuple[float], (1.0,))
add(SECTION, "tuple_nested", typing.Tuple[int, typing.Tuple[float, str]], (1, (1.0, "a")))
add(SECTION, "tuple_of_lists", typing.Tuple[typing.List[float], str], ([1.0], ""))
add(SECTION, "tuple_of_dataclass", typing.Tuple[Point, int], (Point(1, 1.0), 2))
add(SECTION, "tuple_optional", typing.Optional[typing.Tuple[int, float]], (1, 1.0))
add(SECTION, "tuple_of_optionals", typing.Tuple[typing.Optional[int], str], (None, "a"))
add(SECTION, "tuple_list", typing.List[typing.Tuple[int, float]], [(1, 1.0), (2, 2.0)])
add(SECTION, "tuple_map", typing.Dict[str, typing.Tuple[int, float]], {"a": (1, 1.0)})
add(SECTION, "named_tuple", Place, Place("ä", 1, 2.0))
add(SECTION, "named_tuple_optional", typing.Optional[Place], Place("a", 1))
add(SECTION, "named_tuple_list", typing.List[Place], [Place("a", 1)])
add(SECTION, "typed_dict", Fields, {"whole": 2**53 + 1, "fraction": 1.0})
add(SECTION, "typed_dict_optional", typing.Optional[Fields], {"whole": 1, "fraction": 2.0})
add(SECTION, "typed_dict_list", typing.List[Fields], [{"whole": 1, "fraction": 2.0}])

add(
    SECTION,
    "tuple_of_files",
    typing.Tuple[File, Dir, DataFrame],
    (File(path="s3://b/a"), Dir(path="s3://b/d"), existing("s3://b/t")),
)
add(
    SECTION,
    "tuple_of_times",
    typing.Tuple[datetime.datetime, datetime.timedelta, datetime.date],
    (moment(2026, 1, 2), datetime.timedelta(seconds=-1.5), datetime.date(1969, 1, 1)),
)
add(SECTION, "tuple_of_enum", typing.Tuple[Swapped, Level], (Swapped.A, Level.HIGH))
add(
    SECTION,
    "tuple_of_map",
    typing.Tuple[typing.Dict[str, float], typing.List[typing.Tuple[int, float]]],
    ({"__proto__": 1.0}, [(1, 1.0)]),
)
add(SECTION, "tuple_of_unions", typing.Tuple[typing.Union[int, str], typing.Optional[float]], ("1", 1.0))
add(SECTION, "tuple_of_bytes", typing.Tuple[bytes, int], (b"ab", 1))
add(SECTION, "tuple_of_dict", typing.Tuple[dict, int], ({"a": 1}, 1))
add(SECTION, "tuple_many", tuple[int, ...], (1, 2, 3))
add(SECTION, "tuple_twelve", tuple[(float,) * 12], tuple(float(number) for number in range(12)))
add(SECTION, "tuple_of_typed_dict", typing.Tuple[Fields, Place], ({"whole": 1, "fraction": 1.0}, Place("a", 1)))
add(SECTION, "union_of_tuples_first", typing.Union[typing.Tuple[int, str], typing.Tuple[str, int]], (1, "a"))
add(SECTION, "union_of_tuples_second", typing.Union[typing.Tuple[int, str], typing.Tuple[str, int]], ("a", 1))
add(SECTION, "union_of_named_tuples", typing.Union[Place, Fields], Place("a", 1))
add(SECTION, "named_tuple_enum", EnumPlace, EnumPlace(Swapped.A, File(path="s3://b/a")))
add(SECTION, "typed_dict_enum", EnumFields, {"one": Swapped.A, "moment": moment(1969, 1, 1)})
add(SECTION, "typed_dict_not_required", OptionalFields, {"whole": 1, "fraction": 1.0})
add(SECTION, "tuples_in_dataclass", Tuples, Tuples((1.0, 1), [(1, 1.0)]))
add(SECTION, "tuples_in_model", ModelOfTuples, ModelOfTuples(place=Place("a", 1), fields={"whole": 1, "fraction": 1.0}))
add("models", "model_generic", Page[float], Page[float](items=[1.0]))
add("models", "model_generic_nested", Page[Page[int]], Page[Page[int]](items=[Page[int](items=[1])]))
add("enums", "enum_int_list", typing.List[Level], [Level.LOW])
add("enums", "enum_int_of_int", typing.Union[int, Level], Level.LOW)

CHAIN = Node(1, 1.0, Node(2**53 + 1, 2.0, Node(3, 0.5)))
add("dataclasses", "dataclass_recursive", Node, CHAIN)
add("dataclasses", "dataclass_recursive_list", Branch, Branch("a", 1.0, [Branch("b", 2.0, []), Branch("c", 3.0, [])]))
add("dataclasses", "dataclass_generic_int", Box[int], Box(1, [2]))
add("dataclasses", "dataclass_generic_float", Box[float], Box(1.0, [2.0]))
add("dataclasses", "dataclass_generic_nested", Box[Point], Box(Point(1, 1.0), []))
LEAF = Tree(label="c", weight=0.5)
add(
    "models",
    "model_recursive",
    Tree,
    Tree(label="a", weight=1.0, children=[Tree(label="b", weight=2.0, children=[LEAF])]),
)
add("models", "model_of_dataclass", MixedModel, MixedModel(point=Point(1, 1.0), inners=[Inner("a", [1], 2.0)]))
add("models", "model_discriminated", Zoo, Zoo(animals=[Cat(lives=9), Dog(weight=9.0)]))
add("models", "model_tuples", TupleModel, TupleModel(pair=(1.0, 2.0), optional=(1, 1.0)))
add("models", "model_tuples_nothing", TupleModel, TupleModel(pair=(0.5, -0.0)))
add("models", "model_aliased", Aliased, Aliased(total=1.0))

add("protobuf messages", "protobuf", identifier_pb2.Identifier, identifier_pb2.Identifier(project="p", name="ä€😀"))
add("protobuf messages", "protobuf_empty", identifier_pb2.Identifier, identifier_pb2.Identifier())
add("protobuf messages", "protobuf_int64", literals_pb2.Primitive, literals_pb2.Primitive(integer=2**63 - 1))
add(
    "protobuf messages",
    "protobuf_nested",
    types_pb2.LiteralType,
    types_pb2.LiteralType(collection_type=types_pb2.LiteralType(simple=types_pb2.FLOAT), metadata={"a": [1, None]}),
)
add(
    "protobuf messages",
    "protobuf_struct",
    struct_pb2.Struct,
    struct_pb2.Struct(fields={"a": struct_pb2.Value(number_value=1)}),
)

PORT = Annotated[int, pydantic.Field(ge=1, le=65535, description="a port")]
SLUG = Annotated[str, pydantic.Field(pattern="^[a-z]+$", min_length=1, title="Slug")]
add("annotated", "annotated_int", PORT, 2**15)
add("annotated", "annotated_text", SLUG, "abc")
add("annotated", "annotated_float", Annotated[float, pydantic.Field(gt=0)], 1.0)
add("annotated", "annotated_list", Annotated[typing.List[int], pydantic.Field(min_length=1, title="Numbers")], [1])
add("annotated", "annotated_list_of", typing.List[SLUG], ["a"])
add("annotated", "annotated_optional", typing.Optional[SLUG], "a")
add("annotated", "annotated_union", Annotated[typing.Union[int, str], pydantic.Field(description="either")], "1")
add("annotated", "annotated_union_variants", typing.Union[PORT, SLUG], 7)
add("annotated", "annotated_dataclass", Annotated[Point, pydantic.Field(description="where")], Point(1, 1.0))
add("annotated", "annotated_model", Annotated[Model, pydantic.Field(title="Other")], MODEL)
add("annotated", "annotated_dict", Annotated[dict, pydantic.Field(description="free")], {"a": 1})

add("unions", "union_same_keys_text", typing.Union[WholeX, TextX], TextX("a"))
add("unions", "union_new_style", int | str | None, "x")
add("unions", "union_model_of_map", typing.Union[typing.Dict[str, int], Model], MODEL)
add("unions", "union_dict_of_dataclass", typing.Union[Point, dict], {"a": 1})
add("unions", "union_models_first", typing.Union[Cat, Dog], Cat(lives=9))
add("unions", "union_models_second", typing.Union[Cat, Dog], Dog(weight=9.0))
add("unions", "union_tuple_of_list", typing.Union[typing.List[int], typing.Tuple[int, str]], (1, "a"))
add("unions", "union_day_of_int", typing.Union[int, datetime.date], datetime.date(2026, 1, 2))
add("unions", "union_enum_of_moment", typing.Union[datetime.datetime, Color], moment(1970, 1, 1))


class Generation:
    """How flyte-sdk writes and reads."""

    values = VALUES
    literal_class = literals_pb2.Literal

    def __init__(self) -> None:
        logger.disabled = True

    def write(self, name: str) -> typing.Tuple[bytes, bytes]:
        declared = VALUES[name]
        # What is uploaded stays in memory, at the same addresses each time.
        random.seed(name)
        with internal_ctx().new_raw_data_path(RawDataPath(path="memory://values")):
            literal_type = TypeEngine.to_literal_type(declared.python_type)
            literal = asyncio.run(TypeEngine.to_literal(declared.value, declared.python_type, literal_type))
        return literal_type.SerializeToString(deterministic=True), literal.SerializeToString(deterministic=True)

    def read(self, name: str, literal: bytes) -> typing.Any:
        return asyncio.run(
            TypeEngine.to_python_value(literals_pb2.Literal.FromString(literal), VALUES[name].python_type)
        )

    def template_text(self, literal: bytes) -> str:
        message = literals_pb2.Literal.FromString(literal)
        # It has no templates and prints for people: moments without offset and lengths of time in whole seconds. Ours
        # print both as flytekit does.
        if any(isinstance(part, (Timestamp, Duration)) for part in messages(message)):
            raise ValueError("not as in a template")
        return str(_literal_string_repr(message))

    def parts(self, value: typing.Any) -> typing.Any:
        """What makes a table, for comparison: its class compares too little."""
        if not isinstance(value, DataFrame):
            return None
        literal = value.literal
        return value.uri, value.format, value.hash, literal and literal.SerializeToString(deterministic=True)
