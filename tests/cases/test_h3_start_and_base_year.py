"""A run begins with the day of its stocks, and an index keeps the base year that its name says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cli_calls import planmodel

from planmodel.engine import UserError
from planmodel.report.comparison import compare
from planmodel.runs.history import History, run
from planmodel.runs.load import load_ensemble
from planmodel.runs.observe import observe, observe_quantity
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.load import change_scenario
from planmodel.scenario.outside import outside_the_run
from planmodel.scenario.period import Period

INDICATORS = registry.economy().indicators

BASELINE = load_scenario()
REFUSED = (
    "period.start: 1930-01-01 is not the day of the opening stocks (initial.date); "
    "allowed: 1928-01-01: run from there, and read the years that you want"
)
LATER = {"period.start": date(1930, 1, 1)}


def _ensemble(folder: Path) -> None:
    (folder / "e.toml").write_text(
        'scenario = "baseline"\ndesign = "random"\nmembers = 2\n'
        '[changes]\nperiod.start = 1930-01-01\n[vary]\n"cropping.harvest_1928" = {}\n',
        encoding="utf-8",
    )
    load_ensemble(folder / "e.toml")


def _copied(_: Path) -> None:
    History(BASELINE.model_copy(update={"period": Period(start=date(1930, 1, 1))}))


DOORS: dict[str, Callable[[Path], object]] = {
    "file": lambda folder: load_scenario(folder / "later.toml"),
    "Python": lambda _: load_scenario(changes=LATER),
    "changes of a scenario": lambda _: change_scenario(BASELINE, LATER, "mine"),
    "ensemble": _ensemble,
    "a copy": _copied,
}


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS.keys())
def test_another_start_is_refused_at_every_door(door: Callable[[Path], object], tmp_path: Path) -> None:
    (tmp_path / "later.toml").write_text(
        'extends = "baseline"\n[period]\nstart = 1930-01-01\n', encoding="utf-8"
    )
    with pytest.raises(UserError) as caught:
        door(tmp_path)
    assert REFUSED in str(caught.value)


def test_another_start_is_refused_on_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert planmodel("run", "baseline", "--set", "period.start=1930-01-01").message.endswith(REFUSED)
    assert list(tmp_path.iterdir()) == []
    Path("later.toml").write_text('extends = "baseline"\n[period]\nstart = 1930-01-01\n', encoding="utf-8")
    for words in (
        ("validate", "later.toml"),
        ("diff", "baseline", "later.toml"),
        ("compare", "baseline", "later.toml"),
        ("check", "later.toml"),
        ("balance", "grain", "1931", "--of", "later.toml"),
    ):
        assert planmodel(*words).message == f"later.toml: {REFUSED}", words


@pytest.mark.parametrize("name", ["kuzbass", "magnitogorsk", "labour_process", "cadres_of_25000"])
def test_the_stocks_of_a_smaller_system_have_their_day_too(name: str) -> None:
    scenario = load_scenario(name)
    later = scenario.period.start.replace(year=scenario.period.start.year + 1)
    with pytest.raises(UserError, match=f"period.start: {later} is not the day of the opening stocks"):
        load_scenario(name, {"period.start": later})
    with pytest.raises(UserError, match=f"initial.date: {later} is not the day of the variables"):
        load_scenario(name, {"period.start": later, "initial.date": later})


def test_an_index_whose_base_year_is_not_whole_in_the_run_is_not_observed() -> None:
    based = [name for name, indicator in INDICATORS.items() if indicator.base_year is not None]
    assert {INDICATORS[name].base_year for name in based} == {1928, 1929, 1930, 1936}
    scenario = BASELINE.until(date(1930, 12, 31))
    whole = run(scenario)
    without = whole.isel(time=slice(1, None))  # as if it began in February 1928
    day = pd.Timestamp(1930, 1, 1), pd.Timestamp(1930, 12, 31)
    for name in based:
        base = INDICATORS[name].base_year
        seen = observe(whole, registry.economy().indicators[name], *day)
        assert (seen is None) == (base == 1936), name
        assert base in (1929, 1930) or observe(without, registry.economy().indicators[name], *day) is None, (
            name
        )
    assert observe_quantity(whole, "cost_index", *day) is not None
    assert observe_quantity(without, "cost_index", *day) is None
    assert not set(compare(without, scenario)["unit"]) & {"index 1928=1", "index 1936=1"}


def test_such_an_index_is_named_once_in_a_note() -> None:
    (note,) = [n for n in outside_the_run(BASELINE.until(date(1935, 12, 31))) if "not compared" in n]
    assert note.startswith(
        "not compared with the record, as the year in which the index is one, or of its prices, is "
        "not whole in the run: 9 series (gross_investment_relative_to_1936 (1936), construction_investment "
        "(1936), gnp_share_consumption (1937)"
    )
    assert not list(outside_the_run(BASELINE))


def test_the_base_is_that_of_1928_however_long_the_run() -> None:
    """Prices of the first year are those of a long run: a base formed over the run would move them."""
    short, long = (run(BASELINE.until(end)) for end in (date(1928, 12, 31), date(1929, 6, 30)))
    for name in ("kolkhoz_market_price", "labour_productivity", "village_goods_offer", "town_consumption"):
        np.testing.assert_array_equal(short[name].values, long[name].values[:, :12])
