"""The page on roads not taken: tables from a program, prose without figures of theirs."""

from __future__ import annotations

import re
from types import ModuleType

import numpy as np
import pytest
from programs import program

from planmodel.experiments.compare import compare
from planmodel.runs.checks import load_checks
from planmodel.scenario import load_scenario
from planmodel.scenario.load import change_scenario

BLOCK = re.compile(r"<!-- (\w+) begins -->\n(.*?)\n?<!-- \1 ends -->", re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_regimes")


@pytest.fixture(scope="module")
def page(generate: ModuleType) -> str:
    return str(generate.PAGE.read_text(encoding="utf-8"))


def test_tables_are_of_the_roads_and_checks_of_today(generate: ModuleType, page: str) -> None:
    blocks = dict(BLOCK.findall(page))
    for name, roads in (("uncompelled", generate.UNCOMPELLED), ("compelled", generate.COMPELLED)):
        assert blocks[name].splitlines()[0] == f"| Quantity | Year | {' | '.join(roads)} |"
    for check in load_checks("regimes").values():
        assert check.statement in blocks["checks"]
    for said in generate.ASSUMPTIONS:
        assert f"| {said} |" in blocks["assumptions"]


def test_prose_quotes_no_figure_of_the_tables(page: str) -> None:
    prose = BLOCK.sub("", page)
    prose = prose.replace("11.6, 11.0 and 10.8 Mt", "")  # of the record
    assert not re.findall(r"\d\.\d|\d %|million", prose)


def test_every_road_is_explained(generate: ModuleType, page: str) -> None:
    for road in (*generate.ROADS, "market_village"):
        assert f"| `{road}` |" in page


def test_blocks_go_between_their_markers(generate: ModuleType, page: str) -> None:
    names = [name for name, _ in BLOCK.findall(page)]
    once = generate.filled(page, {name: f"new {name}" for name in names})
    assert dict(BLOCK.findall(once)) == {name: f"new {name}" for name in names}
    assert BLOCK.sub("", once) == BLOCK.sub("", page)
    with pytest.raises(ValueError, match="blocks"):
        generate.filled(page, {"checks": "alone"})


def test_assumptions_are_changes_that_the_road_knows(generate: ModuleType) -> None:
    nep = load_scenario("nep")
    for said, changes in generate.ASSUMPTIONS.items():
        changed = change_scenario(nep, changes, said)
        assert (changed == nep) == (not changes)


def test_the_table_of_outcomes_tells_medians_and_how_often_more(generate: ModuleType) -> None:
    roads = [load_scenario(name) for name in ("forced", "nep")]
    comparison = compare(roads, {"parameters.cropping.harvest_1928": np.array([72.0, 73.6])})
    table = generate.outcomes(comparison, ("forced", "nep"))
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[2:]]
    (row,) = [r for r in rows if r[0].startswith("Grain procurement") and r[1] == "1932"]
    values = comparison.paths["grain_procurement"].sel(year=1932).median("member").values
    assert row[2:] == [f"{values[0]:.3g}", f"{values[1]:.3g} (0)"]
