"""Values that both generations of Flyte can hold, and the types that they are declared with."""

import dataclasses
import datetime
import decimal
import enum
import pathlib
import typing
import uuid

import pydantic

UTC = datetime.timezone.utc
INDIA = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
NEWFOUNDLAND = datetime.timezone(-datetime.timedelta(hours=3, minutes=30))


@dataclasses.dataclass(frozen=True)
class Declared:
    """A value with the Python type that a task would declare for it."""

    kind: str
    python_type: typing.Any
    value: typing.Any
    # Whether it is written in the encoding from before flytekit 1.14, too.
    as_struct: bool = False


class Color(enum.Enum):
    RED = "red"
    DARK_BLUE = "dark blue"
    UNICODE = "grün"


@dataclasses.dataclass
class Point:
    x: int
    y: float


@dataclasses.dataclass
class Labelled:
    name: str
    point: Point


@dataclasses.dataclass
class Named:
    name: str


@dataclasses.dataclass
class Numbers:
    whole: int
    fraction: float
    flag: bool


@dataclasses.dataclass
class Times:
    moment: datetime.datetime
    length: datetime.timedelta


@dataclasses.dataclass
class Day:
    day: datetime.date


@dataclasses.dataclass
class Inner:
    name: str
    sizes: typing.List[int]
    ratio: float = 1.0


@dataclasses.dataclass
class Middle:
    inners: typing.List[Inner]
    by_name: typing.Dict[str, Inner]


@dataclasses.dataclass
class Outer:
    middle: Middle
    middles: typing.List[Middle]
    total: float


@dataclasses.dataclass
class Options:
    count: typing.Optional[int] = None
    ratio: typing.Optional[float] = None
    text: typing.Optional[str] = None
    point: typing.Optional[Point] = None
    points: typing.Optional[typing.List[Point]] = None


@dataclasses.dataclass
class Choices:
    number: typing.Union[int, str]
    either: typing.Union[float, bool]


@dataclasses.dataclass
class Collections:
    ints: typing.List[int]
    floats: typing.List[float]
    matrix: typing.List[typing.List[float]]
    by_name: typing.Dict[str, float]
    lists_by_name: typing.Dict[str, typing.List[int]]


@dataclasses.dataclass
class WithColor:
    color: Color
    colors: typing.List[Color]


@dataclasses.dataclass
class Empty:
    pass


@dataclasses.dataclass
class ByNumber:
    names: typing.Dict[int, str]


@dataclasses.dataclass
class Fixed:
    pair: typing.Tuple[int, float]
    many: typing.Tuple[int, ...]


@dataclasses.dataclass
class Raw:
    content: bytes


@dataclasses.dataclass
class WithSet:
    members: typing.Set[int]


@dataclasses.dataclass
class Anything:
    value: typing.Any


@dataclasses.dataclass
class Loose:
    members: dict


@dataclasses.dataclass
class WithLiteral:
    level: typing.Literal["low", "high"]
    number: typing.Literal[1, 2] = 1


@dataclasses.dataclass
class Keys:
    by_int: typing.Dict[int, float]
    by_color: typing.Dict[Color, int]
    by_list: typing.Dict[str, typing.List[Point]]


@dataclasses.dataclass
class Either:
    number: typing.Union[int, float]
    shape: typing.Union[Point, Named]
    maybe: typing.Optional[typing.Dict[str, typing.Optional[float]]] = None


@dataclasses.dataclass
class Texts:
    price: decimal.Decimal
    id: uuid.UUID
    path: pathlib.Path
    time: datetime.time


@dataclasses.dataclass
class Deep:
    pairs: typing.List[typing.Tuple[float, int]]
    frozen: typing.FrozenSet[float]
    moments: typing.List[datetime.datetime]
    lengths: typing.Dict[str, datetime.timedelta]
    anything: typing.Dict[str, typing.Any]


class Pair(typing.NamedTuple):
    whole: int
    fraction: float


@dataclasses.dataclass
class WithPair:
    pair: Pair


@dataclasses.dataclass
class WholeX:
    x: int


@dataclasses.dataclass
class TextX:
    x: str


@dataclasses.dataclass
class PointX:
    x: Point


class Model(pydantic.BaseModel):
    whole: int
    fraction: float
    text: str = ""
    flag: bool = False


class Parent(pydantic.BaseModel):
    child: Model
    children: typing.List[Model]
    by_name: typing.Dict[str, Model]
    maybe: typing.Optional[Model] = None


class ModelTimes(pydantic.BaseModel):
    moment: datetime.datetime
    day: datetime.date
    length: datetime.timedelta


class ModelColor(pydantic.BaseModel):
    color: Color
    colors: typing.List[Color]


class ModelChoices(pydantic.BaseModel):
    number: typing.Union[int, str]
    maybe: typing.Optional[float] = None


class ModelFixed(pydantic.BaseModel):
    pair: typing.Tuple[int, float]
    members: typing.Set[int]


class ModelRaw(pydantic.BaseModel):
    content: bytes


class ModelKeys(pydantic.BaseModel):
    by_int: typing.Dict[int, float]
    by_color: typing.Dict[Color, int]


class ModelTexts(pydantic.BaseModel):
    price: decimal.Decimal
    id: uuid.UUID
    time: datetime.time


class ModelAnything(pydantic.BaseModel):
    value: typing.Any
    values: typing.List[typing.Any]


class ModelOpen(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    known: float


class ModelDeep(pydantic.BaseModel):
    pairs: typing.List[typing.Tuple[float, int]]
    lengths: typing.List[datetime.timedelta]
    maybe: typing.Optional[typing.List[typing.Optional[float]]] = None


class ModelDefault(pydantic.BaseModel):
    none: None = None
    level: typing.Literal["low", "high"] = "low"
    numbers: typing.List[float] = [1.0]


class Constrained(pydantic.BaseModel):
    port: int = pydantic.Field(ge=1, le=65535)
    name: str = pydantic.Field(min_length=1, pattern="^[a-z]+$")
    share: float = pydantic.Field(gt=0, description="from 0 to 1")


class Opaque:
    """A class that the type engines know nothing of."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __eq__(self, other: object) -> bool:
        return type(other) is Opaque and other.text == self.text


NAN = float("nan")
INFINITY = float("inf")
NASTY = 'it\'s "ä€😀" \\ \n\t\0 $& {inputs.text} \u2028'

INNER = Inner("ä€😀", [1, 2**53 + 1], 2.0)
MIDDLE = Middle([INNER, Inner("", [])], {"__proto__": INNER, "10": Inner("x", [0]), "9": Inner("y", [-1], -0.5)})
MODEL = Model(whole=2**53 + 1, fraction=7.0, text="ä€😀", flag=True)


def moment(*parts: int, zone: typing.Optional[datetime.tzinfo] = UTC) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=zone)


SHARED_VALUES: typing.Dict[str, Declared] = {}


def add(kind: str, name: str, python_type: typing.Any, value: typing.Any, as_struct: bool = False) -> None:
    if name in SHARED_VALUES:
        raise ValueError(f"{name} comes twice")
    SHARED_VALUES[name] = Declared(kind, python_type, value, as_struct)


for name, whole in {
    "zero": 0,
    "one": 1,
    "minus_one": -1,
    "int32_max": 2**31 - 1,
    "int32_past": 2**31,
    "uint32_past": 2**32,
    "safe_max": 2**53 - 1,
    "safe_past": 2**53,
    "safe_past_odd": 2**53 + 1,
    "safe_min_past_odd": -(2**53) - 1,
    "int64_max": 2**63 - 1,
    "int64_min": -(2**63),
}.items():
    add("integers", f"int_{name}", int, whole)

for name, number in {
    "one": 1.0,
    "zero": 0.0,
    "minus_zero": -0.0,
    "tenth": 0.1,
    "nan": NAN,
    "inf": INFINITY,
    "minus_inf": -INFINITY,
    "smallest": 5e-324,
    "largest": 1.7976931348623157e308,
    "safe_past": 2.0**53,
    "int64_past": 2.0**63,
    "exponent_16": 1e16,
    "exponent_minus_5": 1e-05,
    "pi": 3.141592653589793,
}.items():
    add("floats", f"float_{name}", float, number)

for name, text in {
    "empty": "",
    "ascii": "plain",
    "nasty": NASTY,
    "null": "\0",
    "combining": "e\u0301 \u200d \ufeff",
    "last_code_point": "\U0010ffff",
    "looks_like_number": "1.0",
    "looks_like_moment": "2026-01-02T03:04:05Z",
    "long": "x" * 300,
}.items():
    add("texts", f"text_{name}", str, text)

add("booleans and nothing", "yes", bool, True)
add("booleans and nothing", "no", bool, False)
add("booleans and nothing", "nothing", type(None), None)

for name, when in {
    "now": moment(2026, 1, 2, 3, 4, 5, 6),
    "whole_second": moment(2026, 1, 2, 3, 4, 5),
    "epoch": moment(1970, 1, 1),
    "before_epoch": moment(1969, 12, 31, 23, 59, 59, 999999),
    "before_epoch_half": moment(1969, 12, 31, 23, 59, 58, 500000),
    "1900": moment(1900, 2, 28, 23, 59, 59, 1),
    "first": moment(1, 1, 1),
    "first_second": moment(1, 1, 1, 0, 0, 0, 1),
    "last": moment(9999, 12, 31, 23, 59, 59, 999999),
    "leap_day": moment(2024, 2, 29, 12),
    "east": moment(2026, 1, 2, 3, 4, 5, 6, zone=INDIA),
    "west": moment(2026, 1, 2, 3, 4, 5, 6, zone=NEWFOUNDLAND),
    "naive": moment(2026, 1, 2, 3, 4, 5, 6, zone=None),
}.items():
    add("moments", f"moment_{name}", datetime.datetime, when)
for name, day in {
    "now": datetime.date(2026, 1, 2),
    "first": datetime.date(1, 1, 1),
    "last": datetime.date(9999, 12, 31),
    "1969": datetime.date(1969, 12, 31),
}.items():
    add("moments", f"day_{name}", datetime.date, day)

for name, length in {
    "zero": datetime.timedelta(),
    "microsecond": datetime.timedelta(microseconds=1),
    "minus_microsecond": datetime.timedelta(microseconds=-1),
    "mixed": datetime.timedelta(days=1, seconds=2, microseconds=3),
    "minus_half_second": datetime.timedelta(seconds=-0.5),
    "minus_one_and_a_half": datetime.timedelta(seconds=-1.5),
    "long": datetime.timedelta(days=3_000_000, microseconds=999999),
    "longest": datetime.timedelta(seconds=315_576_000_000),
    "shortest": -datetime.timedelta(seconds=315_576_000_000),
    "minus_long": -datetime.timedelta(days=3_000_000, microseconds=999999),
}.items():
    add("durations", f"length_{name}", datetime.timedelta, length)

add("enums", "enum", Color, Color.RED)
add("enums", "enum_with_space", Color, Color.DARK_BLUE)
add("enums", "enum_unicode", Color, Color.UNICODE)
add("enums", "enum_list", typing.List[Color], [Color.RED, Color.DARK_BLUE])
add("enums", "enum_map", typing.Dict[str, Color], {"a": Color.RED})
add("enums", "literal_type", typing.Literal["low", "high"], "high")

add("lists", "list_empty", typing.List[int], [])
add("lists", "list_ints", typing.List[int], [0, 1, -1, 2**53 + 1, 2**63 - 1, -(2**63)])
add("lists", "list_floats", typing.List[float], [1.0, -0.0, NAN, INFINITY, 0.1])
add("lists", "list_texts", typing.List[str], ["", NASTY])
add("lists", "list_booleans", typing.List[bool], [True, False])
add("lists", "list_moments", typing.List[datetime.datetime], [moment(1, 1, 1), moment(9999, 12, 31)])
add("lists", "list_lengths", typing.List[datetime.timedelta], [datetime.timedelta(microseconds=-1)])
add("lists", "list_lists", typing.List[typing.List[int]], [[], [1], [1, 2]])
add("lists", "list_deep", typing.List[typing.List[typing.List[str]]], [[[]], [["a"], []], []])
add("lists", "list_of_maps", typing.List[typing.Dict[str, int]], [{}, {"a": 1}])
add("lists", "list_of_nothing", typing.List[type(None)], [None, None])
add("lists", "list_built_in", list[int], [1, 2])
add("lists", "list_of_dicts", typing.List[dict], [{}, {"a": 1}, {"a": "x"}])
Nested = int
for _ in range(20):
    Nested = typing.List[Nested]
add("lists", "list_twenty_deep", Nested, [[[[[[[[[[[[[[[[[[[[1, 2]]], []]]]]]]]]]]]]]]]]])
add("lists", "list_long", typing.List[int], list(range(300)))

KEYS = {"": 1, "__proto__": 2, "constructor": 3, "10": 4, "9": 5, "ä€😀": 6, "a.b": 7, "toString": 8, "-1": 9}
add("maps", "map_empty", typing.Dict[str, int], {})
add("maps", "map_nasty_keys", typing.Dict[str, int], KEYS)
add("maps", "map_floats", typing.Dict[str, float], {"a": 1.0, "b": -0.0, "c": NAN})
add("maps", "map_texts", typing.Dict[str, str], {"": "", "__proto__": NASTY})
add("maps", "map_moments", typing.Dict[str, datetime.datetime], {"a": moment(1969, 1, 1)})
add("maps", "map_of_lists", typing.Dict[str, typing.List[float]], {"a": [1.0], "b": []})
add("maps", "map_of_maps", typing.Dict[str, typing.Dict[str, int]], {"a": {}, "__proto__": {"__proto__": 1}})
add("maps", "map_of_optionals", typing.Dict[str, typing.Optional[int]], {"a": 1, "b": None})
add("maps", "map_built_in", dict[str, bool], {"a": True})

add("dictionaries", "dict_empty", dict, {}, True)
add("dictionaries", "dict_one_twice", dict, {"int": 1, "float": 1.0, "true": True, "list": [1, 1.0, True]})
add("dictionaries", "dict_numbers", dict, {"a": 2**53 + 1, "b": 2**63 - 1, "c": -(2**63), "d": 1e300, "e": -0.0})
add("dictionaries", "dict_not_numbers", dict, {"a": NAN, "b": INFINITY, "c": -INFINITY})
add("dictionaries", "dict_mixed", dict, {"a": None, "b": [None, "x", [], {}], "c": {"d": {"e": [False]}}}, True)
add("dictionaries", "dict_nasty_keys", dict, {**KEYS, "text": NASTY}, True)
add("dictionaries", "dict_small_floats", dict, {"a": 0.5, "b": -1.25}, True)
add("dictionaries", "dict_bytes", dict, {"a": b"\x00\xff", "b": b""})
add("dictionaries", "dict_keys_int", typing.Dict[int, str], {1: "a", -1: "b", 2**53 + 1: "c", 0: ""})
add("dictionaries", "dict_keys_int_to_float", typing.Dict[int, float], {1: 1.5, 2: 0.1})
add("dictionaries", "dict_keys_mixed", dict, {1: "int", "1": "text"})
add("dictionaries", "dict_keys_int_to_whole_float", typing.Dict[int, float], {1: 1.0})
add("dictionaries", "dict_keys_int_to_dataclass", typing.Dict[int, Point], {1: Point(1, 0.5)})
add("dictionaries", "dict_keys_int_inside", dict, {"a": {1: "x", -5: {2**40: None}}})
add("dictionaries", "dict_keys_bool", dict, {True: 1, False: 2})
add("dictionaries", "dict_keys_float", dict, {1.5: "a", 0.25: "b"})
add("dictionaries", "dict_uint64", dict, {"a": 2**64 - 1, "b": 2**63})
add("dictionaries", "dict_long_texts", dict, {"a": "x" * 31, "b": "x" * 32, "c": "x" * 255, "d": "ä" * 200})
add("dictionaries", "dict_many", dict, {f"key {number}": number for number in range(20)})
add("dictionaries", "dict_deep", dict, {"a": {"b": {"c": {"d": {"e": {"f": [[[[[1]]]]]}}}}}})

OPTIONAL = typing.Optional[int]
SEVERAL = typing.Union[int, float, str, bool, None]
add("unions", "optional_int", OPTIONAL, 5)
add("unions", "optional_int_big", OPTIONAL, 2**53 + 1)
add("unions", "optional_nothing", OPTIONAL, None)
add("unions", "optional_text", typing.Optional[str], "")
add("unions", "optional_moment", typing.Optional[datetime.datetime], moment(1969, 1, 1))
add("unions", "optional_length", typing.Optional[datetime.timedelta], datetime.timedelta(seconds=-1.5))
add("unions", "optional_list", typing.Optional[typing.List[int]], [])
add("unions", "optional_list_nothing", typing.Optional[typing.List[int]], None)
add("unions", "optional_map", typing.Optional[typing.Dict[str, float]], {"a": 1.0})
add("unions", "optional_enum", typing.Optional[Color], Color.DARK_BLUE)
add("unions", "optional_dataclass", typing.Optional[Point], Point(1, 1.0))
add("unions", "optional_dataclass_nothing", typing.Optional[Point], None)
add("unions", "optional_model", typing.Optional[Model], MODEL)
for name, value in {"int": 1, "float": 1.5, "float_whole": 1.0, "text": "1", "true": True, "nothing": None}.items():
    add("unions", f"union_several_{name}", SEVERAL, value)
add("unions", "union_float_nan", typing.Union[int, float], NAN)
add("unions", "union_int_of_float", typing.Union[float, int], 2**53 + 1)
add("unions", "union_bool_of_int", typing.Union[int, bool], False)
add("unions", "union_text_of_moment", typing.Union[datetime.datetime, str], "2026-01-02T03:04:05+00:00")
add("unions", "union_moment_of_text", typing.Union[datetime.datetime, str], moment(2026, 1, 2, 3, 4, 5))
add("unions", "union_length_of_float", typing.Union[float, datetime.timedelta], datetime.timedelta(seconds=1.5))
add("unions", "union_list_of_int", typing.Union[int, typing.List[int]], [1])
add("unions", "union_list_of_map", typing.Union[typing.Dict[str, int], typing.List[int]], [])
add("unions", "union_dataclasses_first", typing.Union[Point, Labelled], Point(1, 2.0))
add("unions", "union_dataclasses_second", typing.Union[Point, Labelled], Labelled("a", Point(1, 2.0)))
add("unions", "union_dataclass_of_text", typing.Union[str, Point], Point(0, 0.0))
add("unions", "union_model_of_dataclass", typing.Union[Point, Model], MODEL)
add("unions", "list_of_unions", typing.List[typing.Union[int, str]], [1, "1", 2**60])
add("unions", "list_of_optionals", typing.List[typing.Optional[float]], [None, 1.5, 0.25])
add("unions", "list_of_optionals_whole", typing.List[typing.Optional[float]], [None, 1.0])
add("unions", "optional_dict", typing.Optional[dict], {"a": 1})
add("unions", "optional_dict_empty", typing.Optional[dict], {})
add("unions", "optional_dict_keys_int", typing.Optional[typing.Dict[int, str]], {1: "a"})
add("unions", "union_dict_of_text", typing.Union[str, dict], {"a": None})
add("unions", "union_dataclass_of_dict", typing.Union[Point, dict], Point(1, 1.0))
add("unions", "union_lists_ints", typing.Union[typing.List[str], typing.List[int]], [1])
add("unions", "union_lists_texts", typing.Union[typing.List[str], typing.List[int]], ["1"])
add("unions", "union_maps_ints", typing.Union[typing.Dict[str, int], typing.Dict[str, str]], {"a": 1})
add("unions", "union_lists_of_dataclasses", typing.Union[typing.List[Named], typing.List[Point]], [Point(1, 1.0)])
add("unions", "union_bool_of_many", typing.Union[int, float, bool, str], False)
add("unions", "union_length_of_moment", typing.Union[datetime.datetime, datetime.timedelta], datetime.timedelta(1))
add("unions", "union_of_optionals", typing.Union[typing.Optional[int], typing.Optional[str]], "a")
add("unions", "union_same_keys_int", typing.Union[PointX, WholeX], WholeX(1))
add("unions", "union_same_keys_dataclass", typing.Union[PointX, WholeX], PointX(Point(1, 1.0)))
add("unions", "union_lists_of_same_keys", typing.Union[typing.List[WholeX], typing.List[TextX]], [TextX("a")])
add("unions", "union_text_of_enum", typing.Union[Color, str], "other")
add("unions", "union_enum_of_text", typing.Union[Color, str], Color.RED)
add("unions", "union_day_of_moment", typing.Union[datetime.datetime, datetime.date], datetime.date(2026, 1, 2))
add("unions", "union_moment_of_day", typing.Union[datetime.date, datetime.datetime], moment(2026, 1, 2, 3))
add("unions", "union_same_fields", typing.Union[Named, Labelled, TextX], Named("a"))
add("unions", "list_of_dataclass_unions", typing.List[typing.Union[Point, Named]], [Named("a"), Point(1, 1.0)])
add("unions", "map_of_dataclass_unions", typing.Dict[str, typing.Optional[Point]], {"a": Point(1, 1.0), "b": None})
add(
    "unions",
    "union_nested",
    typing.Optional[typing.List[typing.Optional[typing.Dict[str, typing.Union[int, str, None]]]]],
    [None, {"a": 1, "b": "x", "c": None}],
)
add(
    "unions",
    "map_of_unions",
    typing.Dict[str, typing.Union[int, typing.List[str]]],
    {"a": 1, "b": ["x"], "c": []},
)

add("dataclasses", "dataclass", Point, Point(1, 1.0), True)
add("dataclasses", "dataclass_big", Point, Point(2**53 + 1, 0.1))
add("dataclasses", "dataclass_bounds", Numbers, Numbers(-(2**63), -0.0, True))
add("dataclasses", "dataclass_int64_max", Numbers, Numbers(2**63 - 1, 2.0**60, False))
add("dataclasses", "dataclass_not_numbers", typing.List[Numbers], [Numbers(1, NAN, True), Numbers(0, INFINITY, False)])
add("dataclasses", "dataclass_safe", Numbers, Numbers(2**53 - 1, 3.0, True), True)
add("dataclasses", "dataclass_in_dataclass", Labelled, Labelled(NASTY, Point(-1, -1.0)), True)
add("dataclasses", "dataclass_in_list_in_dataclass", Outer, Outer(MIDDLE, [MIDDLE, Middle([], {})], 3.0))
add(
    "dataclasses",
    "dataclass_in_list_in_dataclass_safe",
    Outer,
    Outer(Middle([Inner("a", [1, 2], 1.0)], {"__proto__": Inner("b", [])}), [], 3.0),
    True,
)
add("dataclasses", "dataclass_list", typing.List[Point], [Point(1, 1.0), Point(2, 2.0)], True)
add("dataclasses", "dataclass_map", typing.Dict[str, Point], {"a": Point(1, 1.0)}, True)
add("dataclasses", "dataclass_empty", Empty, Empty(), True)
add("dataclasses", "dataclass_empty_containers", Collections, Collections([], [], [], {}, {}), True)
add(
    "dataclasses",
    "dataclass_containers",
    Collections,
    Collections([1, 2**40], [1.0, 2.5], [[1.0], []], {"a": 1.0, "9": 2.0}, {"a": [1], "__proto__": []}),
    True,
)
add("dataclasses", "dataclass_options_none", Options, Options(), True)
add("dataclasses", "dataclass_options_all", Options, Options(1, 1.0, "", Point(1, 2.0), [Point(3, 4.0)]), True)
add("dataclasses", "dataclass_options_big", Options, Options(count=2**60, ratio=2.0**60))
add("dataclasses", "dataclass_union_int", Choices, Choices(1, 1.0))
add("dataclasses", "dataclass_union_text", Choices, Choices("1", True))
add("dataclasses", "dataclass_enum", WithColor, WithColor(Color.RED, [Color.DARK_BLUE, Color.UNICODE]), True)
add("dataclasses", "dataclass_keys_int", ByNumber, ByNumber({1: "a", 2**40: "b"}))
add("dataclasses", "dataclass_tuple", Fixed, Fixed((1, 1.0), (1, 2, 3)))
add("dataclasses", "dataclass_bytes", Raw, Raw(b"\x00\x80\xff"))
add("dataclasses", "dataclass_bytes_empty", Raw, Raw(b""))
add("dataclasses", "dataclass_set", WithSet, WithSet({1, 2, 3}))
add("dataclasses", "dataclass_any_int", Anything, Anything(1))
add("dataclasses", "dataclass_any_float", Anything, Anything(1.0))
add("dataclasses", "dataclass_any_text", Anything, Anything("x"))
add("dataclasses", "dataclass_dict", Loose, Loose({"a": [1, "x", None], "b": {"c": 0.5}}))
add("dataclasses", "dataclass_literal_type", WithLiteral, WithLiteral("low"))
add("dataclasses", "dataclass_literal_types", WithLiteral, WithLiteral("high", 2))
add("dataclasses", "dataclass_keys", Keys, Keys({1: 1.0, 2: 0.5}, {Color.RED: 1}, {"a": [Point(1, 1.0)], "b": []}))
add("dataclasses", "dataclass_either_first", Either, Either(1, Point(1, 1.0)))
add("dataclasses", "dataclass_either_second", Either, Either(1.5, Named("a"), {"a": 1.0, "b": None}))
add("dataclasses", "dataclass_either_whole_float", Either, Either(1.0, Named("a")))
add(
    "dataclasses",
    "dataclass_texts",
    Texts,
    Texts(decimal.Decimal("1.10"), uuid.UUID(int=1), pathlib.Path("/a/b"), datetime.time(1, 2, 3, 4)),
)
add(
    "dataclasses",
    "dataclass_deep",
    Deep,
    Deep(
        [(1.0, 1), (0.5, 2**60)],
        frozenset([1.0]),
        [moment(1, 1, 1), moment(2026, 1, 1, 1, 1, 1, 1, zone=INDIA)],
        {"a": datetime.timedelta(seconds=-1)},
        {"a": [1, None, {"b": 0.5}], "c": b"\x00"},
    ),
)
add("dataclasses", "dataclass_named_tuple", WithPair, WithPair(Pair(1, 1.0)))
add("dataclasses", "dataclass_int_for_float", Point, Point(1, 1))
add("dataclasses", "dataclass_bool_for_int", Point, Point(True, 1.0))
for name, when, length in (
    ("utc", moment(2026, 1, 2, 3, 4, 5, 6), datetime.timedelta(days=1, microseconds=1)),
    ("east", moment(2026, 1, 2, 3, 4, 5, zone=INDIA), datetime.timedelta(seconds=-1.5)),
    ("west", moment(1900, 1, 2, 3, 4, 5, 600, zone=NEWFOUNDLAND), datetime.timedelta()),
    ("naive", moment(2026, 1, 2, 3, 4, 5, zone=None), datetime.timedelta(seconds=90)),
    ("first", moment(1, 1, 1), datetime.timedelta(microseconds=-1)),
    ("last", moment(9999, 12, 31, 23, 59, 59, 999999), datetime.timedelta(hours=1)),
):
    add("dataclasses", f"dataclass_times_{name}", Times, Times(when, length), True)
add("dataclasses", "dataclass_day", Day, Day(datetime.date(1969, 12, 31)), True)

add("models", "model", Model, Model(whole=1, fraction=1.0), True)
add("models", "model_big", Model, MODEL)
add("models", "model_bounds", Model, Model(whole=-(2**63), fraction=5e-324, text=NASTY))
add("models", "model_in_model", Parent, Parent(child=MODEL, children=[MODEL], by_name={"__proto__": MODEL, "1": MODEL}))
add("models", "model_in_model_empty", Parent, Parent(child=Model(whole=0, fraction=0.0), children=[], by_name={}), True)
add("models", "model_list", typing.List[Model], [MODEL, Model(whole=1, fraction=1.0)])
add("models", "model_map", typing.Dict[str, Model], {"a": MODEL})
add(
    "models",
    "model_times",
    ModelTimes,
    ModelTimes(
        moment=moment(2026, 1, 2, 3, 4, 5, 6),
        day=datetime.date(2026, 1, 2),
        length=datetime.timedelta(days=1, seconds=-0.25),
    ),
    True,
)
add(
    "models",
    "model_times_edges",
    ModelTimes,
    ModelTimes(
        moment=moment(1969, 12, 31, 23, 59, 59, 999999, zone=INDIA),
        day=datetime.date(1, 1, 1),
        length=datetime.timedelta(microseconds=-1),
    ),
)
add(
    "models",
    "model_times_naive",
    ModelTimes,
    ModelTimes(
        moment=moment(9999, 12, 31, zone=None),
        day=datetime.date(9999, 12, 31),
        length=datetime.timedelta(),
    ),
)
add("models", "model_enum", ModelColor, ModelColor(color=Color.DARK_BLUE, colors=[Color.RED, Color.UNICODE]))
add("models", "model_union_int", ModelChoices, ModelChoices(number=1, maybe=1.0))
add("models", "model_union_text", ModelChoices, ModelChoices(number="1"))
add("models", "model_tuple_and_set", ModelFixed, ModelFixed(pair=(1, 1.0), members={3, 1, 2}))
add("models", "model_bytes", ModelRaw, ModelRaw(content="ä€".encode()))
add("models", "model_keys", ModelKeys, ModelKeys(by_int={1: 1.0, -2: 0.5}, by_color={Color.RED: 1}))
add(
    "models",
    "model_texts",
    ModelTexts,
    ModelTexts(price=decimal.Decimal("1.10"), id=uuid.UUID(int=1), time=datetime.time(1, 2, 3)),
)
add("models", "model_anything", ModelAnything, ModelAnything(value=1, values=[1, "x", None, 0.5, {"a": []}]))
add("models", "model_anything_whole_float", ModelAnything, ModelAnything(value=1.0, values=[]))
add("models", "model_open", ModelOpen, ModelOpen(known=1.0, other=2, more=[1]))
add(
    "models",
    "model_deep",
    ModelDeep,
    ModelDeep(
        pairs=[(1.0, 1), (0.5, 2**60)], lengths=[datetime.timedelta(days=400, microseconds=1)], maybe=[None, 1.0]
    ),
)
add("models", "model_default", ModelDefault, ModelDefault())
add("models", "model_optional_list", typing.Optional[typing.List[Model]], [MODEL])
add("models", "model_constrained", Constrained, Constrained(port=8000, name="abc", share=1.0))
