"""The page on the harvest that is made: its tables are of the forms of today, and its words hold."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from programs import program
from thresholds import bound

from planmodel.scenario import load_scenario, registry

NONE = "none: all at their null values"
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


def test_one_form_carries_nearly_all_in_the_baseline() -> None:
    of = registry.economy().parameters()
    least = bound("forms_near_their_end")
    assert min(of["effort"][name].default for name in ("terms_effect", "norm_credit")) > least
    for block, name in (("effort", "despair"), ("cropping", "sowing_draught"), ("cropping", "sowing_food")):
        assert of[block][name].default == of[block][name].null == 0.0, name
    assert of["cropping"]["loss_from_weakness"].default == 0.0


def test_a_row_a_form_and_the_first_is_the_baseline_of_today(
    generate: ModuleType, blocks: dict[str, str]
) -> None:
    rows = cells(blocks["forms"])
    assert list(rows) == [*generate.FORMS, NONE]
    now = generate.outcome({})
    told = [*(now[f"harvest {year}"] for year in (1930, 1931, 1932, 1933))]
    assert rows["as configured"][:4] == pytest.approx(told, abs=0.051)
    assert rows["as configured"][8] == pytest.approx(now["deaths"], abs=0.051)


def test_what_the_page_says_of_its_tables(blocks: dict[str, str]) -> None:
    rows = cells(blocks["forms"])
    usual, none = rows["as configured"], rows[NONE]
    assert none[2] / none[0] == pytest.approx(0.94, abs=0.01)
    assert none[8] == pytest.approx(usual[8] / 10.0, rel=0.15)
    added = ("area by draught power", "losses for want of power", "effort by hunger in spring")
    for said in (*added, "kolkhozes new to their work"):
        assert rows[said][2] < usual[2] - 1.5, said  # two to four million tonnes of 1932
        assert rows[said][8] > usual[8], said
    for said in added:
        assert rows[said][3] < usual[3] - bound("year_after_not_come_back"), said  # 1933 does not come back
    for said, row in rows.items():
        assert not row[10] > usual[10] + 3, said  # slopes are negative: none makes it much less steep


def test_levels_have_no_cliff(blocks: dict[str, str]) -> None:
    step = re.search(r"(\d+) % of the level", " ".join(blocks["levels"].split()))
    assert step is not None
    assert int(step.group(1)) < 20


def test_a_form_stands_at_the_middle_of_its_bounds_or_at_its_null(generate: ModuleType) -> None:
    scenario = load_scenario("baseline")
    assert generate.changes(scenario, ["effort.terms_effect"]) == {"parameters.effort.terms_effect": 0.5}
    assert generate.null(scenario, "effort.terms_effect") == 0.0
    assert generate.between(scenario, "cropping.harvest_1928", 0.0) == pytest.approx(
        scenario.parameters.cropping.harvest_1928
    )
