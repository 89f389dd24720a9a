"""The table of what differs between regions of the Soviet village is what its program makes of the record."""

from __future__ import annotations

import csv
import math

import pytest
from programs import program

from planmodel.documented.regions import regions
from planmodel.scenario import load_scenario, registry

MADE = program("generate_regions")
ROWS = list(csv.DictReader(MADE.FILE.read_text(encoding="utf-8").splitlines()))
LABELS = registry.economy().axes["region"]


def test_the_table_is_what_the_program_writes() -> None:
    assert MADE.FILE.read_text(encoding="utf-8") == MADE.table(), "run docs/generate_regions.py"


def test_regions_of_the_table_are_those_of_the_economy_and_of_the_record() -> None:
    assert list(ROWS[0]) == ["kind", "name", *LABELS, "source", "evidence"]
    assert list(LABELS) == list(regions())


@pytest.mark.parametrize("kind", ["share", "more"])
def test_shares_make_one_and_shifts_of_the_plan_make_nothing(kind: str) -> None:
    for row in (r for r in ROWS if r["kind"] == kind and not r["name"].startswith("weather")):
        added = math.fsum(float(row[label]) for label in LABELS)
        assert added == pytest.approx(1.0 if kind == "share" else 0.0, abs=1e-9 if kind == "share" else 5e-6)


def test_bounds_hold_the_values_and_are_narrower_than_those_of_the_declaration() -> None:
    declared = load_scenario("one_country").declared.parameters()
    ends = {end: {r["name"]: r for r in ROWS if r["kind"] == end} for end in ("low", "high")}
    assert ends["low"].keys() == ends["high"].keys() >= {"cropping.land_share", "state_grain.plan_share"}
    for row in (r for r in ROWS if r["name"] in ends["low"] and r["kind"] == "value"):
        block, _, name = row["name"].partition(".")
        low, high = declared[block][name].bounds
        for label in LABELS:
            least, most = (float(ends[end][row["name"]][label]) for end in ("low", "high"))
            assert low <= least < float(row[label]) < most <= high, (row["name"], label)


def test_weather_of_regions_makes_that_of_the_country() -> None:
    """What regions have beyond it is nothing on the mean, by what they reap in an ordinary year."""
    (harvest,) = (r for r in ROWS if r["name"] == "harvest_this_year")
    years = [r for r in ROWS if r["name"].startswith("weather.")]
    assert len(years) >= 4
    for row in years:
        mean = math.fsum(float(harvest[label]) * float(row[label]) for label in LABELS)
        assert mean == pytest.approx(0.0, abs=5e-6), row["name"]
        assert max(abs(float(row[label])) for label in LABELS) > 0.05
