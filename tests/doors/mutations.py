"""Files of all eight kinds, damaged at random: by structure and by bytes, always the same for a number."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from planmodel.calibration.load import load_calibration
from planmodel.experiments.load import CONFIGURATION, DRAWING, experiments_folder, load_experiment
from planmodel.experiments.running import Runs
from planmodel.runs import load_ensemble
from planmodel.runs.checks import load_checks
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.finding import configuration_folder
from planmodel.scenario.toml import read_toml
from planmodel.sensitivity.load import load_analysis, prepare

CONFIGS = configuration_folder()
ECONOMIES = registry.economy().folder.parent
FIGURE = "def tabulate(results, record):\n    return None\n\n\ndef draw(table):\n    return None\n"


def _checks_of(economy: str, file: Path) -> None:
    load_checks(file, registry.economy(economy))


def _sensitivity(file: Path) -> None:
    prepare(load_analysis(file), file)


def _experiment(file: Path) -> None:
    (file.parent / DRAWING).write_text(FIGURE, encoding="utf-8")
    Runs().prepare(load_experiment(file.parent))


def _scenario(file: Path) -> None:
    load_scenario(file)


# Kind -> ready files, and what reads one (and all that it names).
KINDS: dict[str, tuple[list[Path], Callable[[Path], Any]]] = {
    "scenario": ([CONFIGS / "baseline.toml", *sorted((CONFIGS / "scenarios").glob("*.toml"))], _scenario),
    "system": (sorted(ECONOMIES.glob("*/baseline.toml")), _scenario),
    "ensemble": (sorted((CONFIGS / "ensembles").glob("*.toml")), load_ensemble),
    "calibration": (sorted((CONFIGS / "calibrations").glob("*.toml")), load_calibration),
    "checks": (sorted((CONFIGS / "checks").glob("*.toml")), load_checks),
    **{
        f"checks_of_{name}": ([ECONOMIES / name / "checks.toml"], partial(_checks_of, name))
        for name in registry.smaller()
    },
    "sensitivity": (sorted((CONFIGS / "sensitivity").glob("*.toml")), _sensitivity),
    "experiment": (sorted(experiments_folder().glob(f"*/{CONFIGURATION}")), _experiment),
}

NAMES = (
    "x",
    "é\x07",
    "value",
    "values",
    "date",
    "extends",
    "name",
    "enabled",
    "a.b",
    "",
    "system",
    "set",
    "low",
)


def file_name(kind: str) -> str:
    """What a damaged file is to be called."""
    return CONFIGURATION if kind == "experiment" else "damaged.toml"


def damaged(kind: str, number: int) -> bytes:
    """Return the content of a damaged file: one of five by bytes, the others by structure."""
    chance = random.Random(f"{kind}/{number}")
    source = chance.choice(KINDS[kind][0])
    if chance.random() < 0.2:
        return _bytes(source.read_bytes(), chance)
    tree = deepcopy(read_toml(source))
    for _ in range(chance.randint(1, 3)):
        _step(tree, chance)
    try:
        return tomli_w.dumps(tree).encode("utf-8", "surrogatepass")
    except RecursionError:
        return b"x = " + b"[" * 3000 + b"]" * 3000


def _bytes(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    cut = chance.choice([0, 1, 3, 50, len(content)])
    put = chance.choice([b"", b"\x00", b"\xff\xfe", b"[", b"]]", b"=", b'"""', b"\n", chance.randbytes(4)])
    return content[:place] + put + content[place + cut :]


def _tables(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for value in tree.values():
        yield from _within(value)


def _within(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield from _tables(value)
    elif isinstance(value, list):
        for item in value:
            yield from _within(item)


def _step(tree: dict[str, Any], chance: random.Random) -> None:
    """Change one key: another value, no value, another name, or one more."""
    tables = [table for table in _tables(tree) if table]
    if not tables:
        return
    # Outer tables are few, so that each key of theirs is met as often as one of a parameter.
    table = tree if chance.random() < 0.3 else chance.choice(tables)
    key = chance.choice(list(table))
    action = chance.choice(["retype", "retype", "retype", "delete", "rename", "add", "copy", "nest"])
    if action == "retype":
        table[key] = _value(chance)
    elif action == "delete":
        del table[key]
    elif action == "rename":
        table[chance.choice(NAMES)] = table.pop(key)
    elif action == "add":
        table[chance.choice(NAMES)] = _value(chance)
    elif action == "copy":
        table[key] = deepcopy(chance.choice(tables))
    else:
        table[key] = chance.choice([{key: table[key]}, [table[key]], {"a": {"b": [table[key]]}}])


def _value(chance: random.Random) -> Any:
    number = chance.choice([0, -1, 1, 3, 10**6, 10**18, 10**400, -(10**30)])
    deep: Any = 1
    for level in range(chance.choice([3, 60])):
        deep = [deep] if level % 2 else {"x": deep}
    return chance.choice(
        [
            number, float(chance.choice([0.0, -1.5, 1e300, 5e-324])), float("nan"), float("inf"),
            True, False, "", "x", "baseline", "é\u202e\x07", "y" * 100_000, "1930-01-01", "1931..1934", "*",
            date(1, 1, 1), date(1928, 2, 29), date(9999, 12, 31), datetime(1930, 1, 1, tzinfo=UTC),
            time(1, 2), [], {}, [[]], [1], ["a", 1], [True], ["z" * 50_000] * 3, [date(1930, 1, 1)], deep,
            {"x": 1}, {"low": 0.0, "high": "x"}, {"values": [1, "a"]}, [{"x": 1}], {"": {}},
        ]
    )  # fmt: skip
