"""The queries that both generations of Flyte serialize: what each is for, its SQL, and the types and values of its inputs."""

import dataclasses
import datetime
import enum
import typing

from google.cloud import bigquery

PROJECT = "acme-dw"
UTC = datetime.timezone.utc


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


@dataclasses.dataclass
class Line:
    product: str
    quantity: int
    price: float


@dataclasses.dataclass
class Order:
    number: int
    paid: bool
    note: typing.Optional[str]
    lines: typing.List[Line]
    weights: typing.List[float]


@dataclasses.dataclass
class QueryCase:
    """One call. `inputs` has the declared type and the value of each input."""

    description: str
    query: str
    inputs: typing.Dict[str, typing.Tuple[typing.Any, typing.Any]] = dataclasses.field(default_factory=dict)
    location: typing.Optional[str] = "EU"
    job_config: typing.Optional[bigquery.QueryJobConfig] = None
    has_results: bool = True


def select(names: typing.Iterable[str]) -> str:
    return "SELECT " + ", ".join(f"@{name} AS {name}" for name in names)


def parameters(description: str, **inputs: typing.Tuple[typing.Any, typing.Any]) -> QueryCase:
    """A query that selects each of its parameters."""
    return QueryCase(description, select(inputs), inputs)


ORDER = Order(
    number=9007199254740993,
    paid=True,
    note=None,
    lines=[Line("bolt", 3, 1.0), Line("nut", 4, 0.25)],
    weights=[1.0, 2.5],
)

CASES: typing.Dict[str, QueryCase] = {
    "no-inputs": QueryCase("no inputs at all", "SELECT 1 AS one"),
    "scalars": parameters(
        "the five types that the Python connectors can say",
        whole=(int, -(2**63)),
        ratio=(float, 0.1),
        flag=(bool, True),
        text=(str, "it's \"quoted\" @whole, ünïcode 🙂\n"),
        at=(datetime.datetime, datetime.datetime(2026, 11, 5, 13, 45, 6, 789012, tzinfo=UTC)),
    ),
    "floats": parameters(
        "floats that look whole, and those that JSON cannot say",
        even=(float, 2.0),
        huge=(float, 1e300),
        none=(float, float("nan")),
        over=(float, float("inf")),
        under=(float, float("-inf")),
    ),
    "whole-numbers": parameters("the ends of INT64", most=(int, 2**63 - 1), least=(int, -(2**63)), zero=(int, 0)),
    "texts": parameters("an empty text, and one that looks like a number", empty=(str, ""), digits=(str, "007")),
    "datetimes": parameters(
        "times of day: at midnight, with a zone, before the epoch",
        midnight=(datetime.datetime, datetime.datetime(2026, 1, 1, tzinfo=UTC)),
        zoned=(
            datetime.datetime,
            datetime.datetime(2026, 1, 1, 1, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=2))),
        ),
        early=(datetime.datetime, datetime.datetime(1969, 7, 20, 20, 17, 40, 1, tzinfo=UTC)),
    ),
    "dates": parameters("a day", day=(datetime.date, datetime.date(2026, 2, 28))),
    "durations": parameters(
        "a day and a half, and a fraction of a second back",
        wait=(datetime.timedelta, datetime.timedelta(days=1, hours=12, microseconds=5)),
        back=(datetime.timedelta, datetime.timedelta(microseconds=-250_000)),
    ),
    "lists": parameters(
        "a list of each scalar",
        wholes=(typing.List[int], [1, 2, 3]),
        ratios=(typing.List[float], [1.0, 0.5]),
        flags=(typing.List[bool], [True, False]),
        texts=(typing.List[str], ["a", "b"]),
        times=(typing.List[datetime.datetime], [datetime.datetime(2026, 1, 1, tzinfo=UTC)]),
    ),
    "empty-lists": parameters("lists without items", wholes=(typing.List[int], []), texts=(typing.List[str], [])),
    "dataclass": parameters("a dataclass with a list of dataclasses", an_order=(Order, ORDER)),
    "list-of-dataclass": parameters("a list of dataclasses", items=(typing.List[Line], ORDER.lines)),
    "optional": parameters(
        "values that may be missing, and are in part",
        absent=(typing.Optional[int], None),
        present=(typing.Optional[int], 5),
        no_text=(typing.Optional[str], None),
        no_list=(typing.Optional[typing.List[str]], None),
    ),
    "union": parameters("one of two types", either=(typing.Union[int, str], "seven")),
    "enum": parameters("an enum", colour=(Colour, Colour.GREEN)),
    "untyped-dict": parameters("a dict without types", settings=(dict, {"depth": 3, "nested": {"on": True, "off": None}})),
    "map": parameters("a dict of one type", counts=(typing.Dict[str, int], {"a": 1, "b": 2})),
    "nested-list": parameters("a list of lists, which BigQuery does not have", grid=(typing.List[typing.List[int]], [[1, 2], [3]])),
    "bytes": parameters("bytes, which both generations pickle", raw=(bytes, b"\x00\x01\xff")),
    "without-location": QueryCase("no location: BigQuery finds it", "SELECT 1 AS one", location=None),
    "without-results": QueryCase(
        "a statement that leaves no table, of a task without outputs",
        "CREATE OR REPLACE TABLE shop.created (a INT64)",
        has_results=False,
    ),
    "results-without-table": QueryCase(
        "a statement that leaves no table, of a task that promises results", "CREATE OR REPLACE TABLE shop.promised (a INT64)"
    ),
    "syntax-error": QueryCase("SQL that BigQuery refuses at once", "SELEC 1"),
    "division-by-zero": QueryCase("SQL that fails while it runs", "SELECT 1/0 AS x"),
    "unknown-table": QueryCase("a table that does not exist", "SELECT * FROM nowhere.nothing"),
    "lines": QueryCase(
        "SQL of several lines, which both generations put into one",
        """
        SELECT 'a
        b' AS text,
            1 AS one
        """,
    ),
    "job-config": QueryCase(
        "a QueryJobConfig with what a query can be told",
        "SELECT 1 AS id, 'a' AS kind",
        job_config=bigquery.QueryJobConfig(
            destination=f"{PROJECT}.shop.orders_daily",
            write_disposition="WRITE_TRUNCATE",
            create_disposition="CREATE_IF_NEEDED",
            maximum_bytes_billed=10_000_000_000,
            use_query_cache=False,
            priority="BATCH",
            default_dataset=f"{PROJECT}.shop",
            clustering_fields=["kind"],
            labels={"lost": "by-both-generations"},
        ),
    ),
    "config-parameters": QueryCase(
        "parameters in the QueryJobConfig beside inputs; one of them in both",
        "SELECT @a AS a, @b AS b, @at AS at",
        {"a": (int, 1), "at": (datetime.datetime, datetime.datetime(2026, 1, 1, 12, tzinfo=UTC))},
        job_config=bigquery.QueryJobConfig(
            query_parameters=[
                bigquery.ScalarQueryParameter("a", "INT64", 10),
                bigquery.ArrayQueryParameter("b", "STRING", ["x", "y"]),
                bigquery.ScalarQueryParameter("at", "TIMESTAMP", datetime.datetime(2025, 1, 1, tzinfo=UTC)),
            ]
        ),
    ),
}
