"""The page on the harvest that is made: its tables are of the forms of today, and its words hold."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from programs import program

from planmodel.scenario import load_scenario, registry

BLOCK = re.compile(r"<!-- (\w+) begins -->\n(.*?)\n?<!-- \1 ends -->", re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_harvest")


@pytest.fixture(scope="module")
def blocks(generate: ModuleType) -> dict[str, str]:
    return dict(BLOCK.findall(generate.PAGE.read_text(encoding="utf-8")))


def cells(table: str) -> dict[str, list[float]]:
    """Return the numbers of the rows of a table, by the first cell; nan where there is none."""
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in table.splitlines()[2:] if "|" in line]
    return {row[0]: [float("nan") if c == "-" else float(c) for c in row[1:]] for row in rows}


def test_the_forms_are_off_in_the_baseline(generate: ModuleType) -> None:
    for name in set(generate.ALL) - {"cropping.loss_from_slack"}:  # which was there before
        component, _, own = name.partition(".")
        declared = registry.economy().parameters()[component][own]
        assert declared.default == declared.null == 0.0, name


def test_a_row_a_form_and_the_first_is_the_baseline_of_today(
    generate: ModuleType, blocks: dict[str, str]
) -> None:
    rows = cells(blocks["forms"])
    assert list(rows) == [*generate.FORMS, "all, half of the way each"]
    now = generate.outcome({})
    told = [*(now[f"harvest {year}"] for year in (1930, 1931, 1932, 1933))]
    assert rows["as configured"][:4] == pytest.approx(told, abs=0.051)
    assert rows["as configured"][8] == pytest.approx(now["deaths"], abs=0.051)


def test_what_the_page_says_of_its_tables(blocks: dict[str, str]) -> None:
    rows = cells(blocks["forms"])
    usual, half = rows["as configured"], rows["all, half of the way each"]
    assert half[4] == pytest.approx(usual[2], rel=0.05)  # as low without bad weather as now with it
    assert half[0] < usual[0]
    assert half[3] < usual[3]
    assert half[8] > usual[8]
    for said, row in rows.items():
        assert said.startswith(("grain hidden", "the same, with law", "as ")) or row[8] > usual[8], said
        alike = row[10]
        assert not alike > usual[10] + 3, said  # slopes are negative: none makes it much less steep


def test_levels_have_no_cliff(blocks: dict[str, str]) -> None:
    step = re.search(r"(\d+) % of the level", " ".join(blocks["levels"].split()))
    assert step is not None
    assert int(step.group(1)) < 20


def test_half_of_the_way_is_between_default_and_middle(generate: ModuleType) -> None:
    scenario = load_scenario("baseline")
    assert generate.between(scenario, "effort.terms_effect", 1.0) == 0.5
    assert generate.between(scenario, "effort.terms_effect", 0.5) == 0.25
    assert generate.between(scenario, "cropping.harvest_1928", 0.0) == pytest.approx(74.6)
