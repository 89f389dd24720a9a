"""A file that changes the weather of one year changes that year, and says so."""

from pathlib import Path

from planmodel.scenario import difference, load_scenario
from planmodel.scenario.difference import series_changes

POOR = """extends = "baseline"
title = "Only the weather of 1932 is another"

[exogenous.weather]
unit = "1"
source = "hypothetical"
evidence = "assumption"
values = { 1932 = -0.10 }
"""


def test_one_year_is_changed_and_the_rest_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "poor_1932.toml"
    file.write_text(POOR, encoding="utf-8")
    base, poor = load_scenario("baseline"), load_scenario(file)
    keys = [key for key in difference(base, poor)["key"] if key.startswith("exogenous.")]
    changed = ("evidence", "source", "values.1932")  # a reading with an assumed year is an assumption
    assert keys == [f"exogenous.weather.{key}" for key in changed]
    before, after = base.exogenous.weather, poor.exogenous.weather
    assert (before.evidence, after.evidence) == ("reading", "assumption")
    assert after.values == {**before.values, "1932": -0.10}
    assert after.reading == before.reading == "year"
    assert after.source == f"{before.source.rstrip('. ')}; 1932: hypothetical"
    was = before.values["1932"]
    assert was != -0.10
    assert series_changes(base, poor) == [f"exogenous.weather.values.1932: {was:g} -> -0.1"]
