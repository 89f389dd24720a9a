"""h9: scenarios that end before the years compared are compared in those that they have, by name."""

import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import tomli_w
import xarray as xr

sys.path.append(str(Path(__file__).parents[1] / "cli"))
from cli_calls import planmodel

from planmodel.engine import UserError
from planmodel.experiments.compare import compare
from planmodel.scenario import load_scenario


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planmodel.experiments.paths.draw_paths", lambda *_: None)
    for name, off in (("first", []), ("second", ["grain_exports"])):
        scenario = load_scenario("one_country", switch_off=off).until(date(1933, 12, 31))
        tree = scenario.model_dump(mode="python", exclude_none=True) | {"name": name}
        (tmp_path / f"{name}.toml").write_text(tomli_w.dumps(tree), encoding="utf-8")
    return tmp_path


def test_the_years_that_both_have_are_compared_and_named(two: Path) -> None:
    answer = planmodel("compare", "first.toml", "second.toml", "--members", "2", "--out", "out", columns=120)
    assert (answer.status, answer.err) == (0, "")
    said = " ".join(answer.out.split())
    assert "Years compared: 1932, 1933 (the runs do not cover 1937, 1940)." in said
    assert set(pd.read_csv(two / "out" / "table.csv")["year"]) == {1932, 1933}
    with xr.open_dataset(two / "out" / "paths.nc") as paths:
        assert paths.attrs["years_compared"] == "1932, 1933"
    assert planmodel("report", "out").status == 0


def test_a_period_without_a_whole_year_is_refused_before_anything_is_run() -> None:
    short = [
        load_scenario("one_country", switch_off=off)
        .until(date(1928, 11, 30))
        .model_copy(update={"name": f"with_{len(off)}_off"})
        for off in ([], ["grain_exports"])
    ]
    with pytest.raises(UserError) as refused:
        compare(short)
    assert str(refused.value) == (
        "compare: 'with_0_off' runs from 1928-01-01 to 1928-11-30, which has no whole year; "
        "allowed: a period with a year from January to December"
    )
