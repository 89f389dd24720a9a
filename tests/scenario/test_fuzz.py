"""Whatever is done to a scenario, it loads or is refused with a message: no other exception."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.kernel import UserError
from planmodel.scenario import Scenario, load_scenario
from planmodel.scenario.load import configuration_folder, read_toml

FILE = configuration_folder() / "baseline.toml"
TREE = read_toml(FILE)
TEXT = FILE.read_text(encoding="utf-8")

VALUES = st.one_of(
    st.floats(),
    st.integers(),
    st.sampled_from([10**400, -(10**30), True, False, "", "official", "1930-01-01", [], {}, [[]]]),
    st.sampled_from([date(1, 1, 1), date(1928, 2, 29), datetime(1930, 1, 1, tzinfo=UTC), time(1, 2)]),
    st.text(max_size=5),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["value", "series", "values", "date", "x"]), st.floats(), max_size=2),
)
KEYS = st.one_of(st.sampled_from(["x", "value", "date", "extends", "name", "enabled", "a.b", ""]), st.text())
STEPS = st.lists(
    st.tuples(st.sampled_from(["delete", "retype", "rename", "add"]), st.integers(0, 10**6), KEYS, VALUES),
    min_size=1,
    max_size=4,
)


def places(tree: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    for key, value in tree.items():
        yield tree, key
        if isinstance(value, dict):
            yield from places(value)


def mutate(tree: dict[str, Any], steps: list[tuple[str, int, str, Any]]) -> dict[str, Any]:
    for action, number, key, value in steps:
        known = list(places(tree))
        if not known:
            break
        table, old = known[number % len(known)]
        if action in ("delete", "rename"):
            kept = table.pop(old)
            if action == "rename":
                table[key] = kept
        else:
            table[old if action == "retype" else key] = deepcopy(value)
    return tree


def check(file: Path) -> None:
    scenario, message = None, ""
    try:
        scenario = load_scenario(file)
    except UserError as error:
        message = str(error)
    assert len(message.splitlines()) <= 6
    assert all(
        line.startswith(f"{file}: ") and len(line) > len(str(file)) + 5 for line in message.splitlines()
    )
    assert bool(message) != isinstance(scenario, Scenario)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "mutated.toml"


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(steps=STEPS)
def test_a_mutated_tree_loads_or_is_refused(file: Path, steps: list[tuple[str, int, str, Any]]) -> None:
    file.write_text(tomli_w.dumps(mutate(deepcopy(TREE), steps)), encoding="utf-8")
    check(file)


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(place=st.integers(0, len(TEXT)), cut=st.integers(0, 3), put=st.text(max_size=3))
def test_a_mutated_text_loads_or_is_refused(file: Path, place: int, cut: int, put: str) -> None:
    file.write_bytes((TEXT[:place] + put + TEXT[place + cut :]).encode("utf-8", "surrogatepass"))
    check(file)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(content=st.binary(max_size=30))
def test_any_bytes_are_refused(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UserError):
        load_scenario(file)
    check(file)
