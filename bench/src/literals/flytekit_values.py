"""The values of the benchmark: writes them for the other side, or measures flytekit with them.

    python flytekit_values.py make FOLDER
    python flytekit_values.py measure FOLDER ROUNDS
"""

import dataclasses
import datetime
import json
import pathlib
import sys
import time
import typing

from flyteidl.core import literals_pb2
from flytekit.core.context_manager import FlyteContextManager
from flytekit.core.type_engine import TypeEngine
from flytekit.models.interface import Variable, VariableMap
from flytekit.models.literals import LiteralMap
from flytekit.models.types import LiteralType


@dataclasses.dataclass
class Row:
    id: int
    name: str
    price: float
    tags: typing.List[str]
    is_open: bool


@dataclasses.dataclass
class Table:
    title: str
    rows: typing.List[Row]


UTC = datetime.timezone.utc

CELLS: typing.Dict[str, typing.Dict[str, typing.Tuple[typing.Any, typing.Any]]] = {
    "10 scalars": {
        "a": (int, 7),
        "b": (int, 2**53 + 1),
        "c": (float, 1.5),
        "d": (float, 1e-7),
        "e": (str, "a text of usual length, as names and paths are"),
        "f": (str, "ä€😀"),
        "g": (bool, True),
        "h": (datetime.datetime, datetime.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)),
        "i": (datetime.timedelta, datetime.timedelta(seconds=90)),
        "j": (typing.Optional[int], 5),
    },
    "100,000 integers": {"a": (typing.List[int], list(range(-50_000, 50_000)))},
    "4 MiB dataclass": {
        "a": (
            Table,
            Table(
                "prices",
                [Row(i, f"product number {i}", i / 7, ["red", "large", f"shelf {i % 97}"], i % 3 == 0) for i in range(51_000)],
            ),
        )
    },
    "1,000 maps": {
        "a": (typing.List[typing.Dict[str, int]], [{f"key {j}": i * j for j in range(10)} for i in range(1_000)])
    },
}


def types_of(cell) -> typing.Dict[str, LiteralType]:
    return {name: TypeEngine.to_literal_type(python_type) for name, (python_type, _) in cell.items()}


def write(context, cell, types) -> bytes:
    # flytekit keeps literals by value: without this, every round but the first would measure its cache.
    TypeEngine._LITERAL_CACHE.clear()
    literals = {
        name: TypeEngine.to_literal(context, value, python_type, types[name])
        for name, (python_type, value) in cell.items()
    }
    return LiteralMap(literals).to_flyte_idl().SerializeToString(deterministic=True)


def read(context, cell, encoded: bytes):
    literals = LiteralMap.from_flyte_idl(literals_pb2.LiteralMap.FromString(encoded)).literals
    return {name: TypeEngine.to_python_value(context, literals[name], cell[name][0]) for name in cell}


def cpu_ms(action, rounds: int) -> float:
    """The least CPU time of a round; quick actions are repeated within one."""
    started = time.process_time()
    action()
    repeat = max(1, int(0.05 / max(time.process_time() - started, 1e-6)))
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for _ in range(repeat):
            action()
        best = min(best, (time.process_time() - started) * 1000 / repeat)
    return best


def make(context, folder: pathlib.Path) -> None:
    for name, cell in CELLS.items():
        types = types_of(cell)
        variables = VariableMap({key: Variable(literal_type, "") for key, literal_type in types.items()})
        (folder / f"{name}.types.pb").write_bytes(variables.to_flyte_idl().SerializeToString(deterministic=True))
        (folder / f"{name}.literals.pb").write_bytes(write(context, cell, types))


def measure(context, folder: pathlib.Path, rounds: int) -> None:
    figures = {}
    for name, cell in CELLS.items():
        encoded = (folder / f"{name}.literals.pb").read_bytes()
        # A task knows its types, as the other side does: making them is no part of writing.
        types = types_of(cell)
        assert read(context, cell, encoded) == {key: value for key, (_, value) in cell.items()}
        figures[name] = {
            "readMs": cpu_ms(lambda: read(context, cell, encoded), rounds),
            "writeMs": cpu_ms(lambda: write(context, cell, types), rounds),
        }
    print(json.dumps(figures))


if __name__ == "__main__":
    flyte_context = FlyteContextManager.current_context()
    path = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(flyte_context, path)
    else:
        measure(flyte_context, path, int(sys.argv[3]))
