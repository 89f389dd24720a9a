"""How many documented points the model comes near: what counts, what does not, and what stands beside it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from planmodel.report.comparison import compare, other_versions, recorded_values
from planmodel.report.score import Score, score
from planmodel.runs.history import run
from planmodel.runs.observe import observe
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.indicators import Indicator

ECONOMY = registry.economy()
INDICATORS = ECONOMY.indicators
GIVEN = {name: i.given for name, i in INDICATORS.items() if i.given}
CORE = {theme: [n for n, i in INDICATORS.items() if i.theme == theme] for theme in ECONOMY.themes}

BASELINE = load_scenario("baseline")
YEARS = {"1928": ("1928-01-01", "1928-12-31"), "1929": ("1929-01-01", "1929-12-31")}


@pytest.fixture(scope="module")
def history() -> xr.Dataset:
    return run(BASELINE)


@pytest.fixture(scope="module")
def found(history: xr.Dataset) -> Score:
    return score(history, compare(history, BASELINE), ECONOMY)


def two_years(**series: list[float]) -> xr.Dataset:
    """Two whole years in which each series has one value a month of a year."""
    time = pd.date_range("1928-01-31", periods=24, freq="ME")
    values = {name: (("member", "time"), np.repeat([v], 12, axis=1)) for name, v in series.items()}
    return xr.Dataset(values, coords={"member": [0], "time": time})


def seen(dataset: xr.Dataset, indicator: Indicator, first: str, last: str) -> float | None:
    value = observe(dataset, indicator, pd.Timestamp(first), pd.Timestamp(last))
    return None if value is None else float(value[0])


def test_growth_index_and_change_by_hand() -> None:
    data = two_years(work=[2.0, 3.0], wear=[1.0, 1.5])
    growth = Indicator("g", "", "1/year", "growth", ("work",))
    assert seen(data, growth, *YEARS["1929"]) == pytest.approx(0.5)
    assert seen(data, growth, *YEARS["1928"]) is None  # nothing before
    net = Indicator("n", "", "index 1928=1", "index", ("work",), less=("wear",))
    assert seen(data, net, *YEARS["1929"]) == pytest.approx(1.5)
    back = Indicator("b", "", "index 1929=1", "index", ("work",))
    assert seen(data, back, *YEARS["1928"]) == pytest.approx(2.0 / 3.0)
    change = Indicator("c", "", "1", "change", ("wear",))
    assert seen(data, change, "1928-01-01", "1929-12-31") == pytest.approx(0.5)
    frozen = Indicator("f", "", "1", "ratio", ("work",), over=("work",), less=("wear",))
    assert seen(data, frozen, *YEARS["1928"]) == pytest.approx(0.5)


def test_an_index_of_half_a_year_is_not_observed() -> None:
    index = Indicator("i", "", "index 1928=1", "index", ("work",))
    assert seen(two_years(work=[2.0, 3.0]), index, "1929-01-01", "1929-06-30") is None


def test_shares_are_those_of_the_points(found: Score) -> None:
    rows = found.points
    near = (rows["model"] / rows["recorded"] - 1.0).abs() <= 0.3
    counted = rows["counted"] == ""
    assert found.share(core=False) == (int((near & counted).sum()), int(counted.sum()))
    by_series = found.by_series()
    assert found.share(core=False) == (by_series["near"].sum(), by_series["points"].sum())
    core = by_series[by_series["theme"] != ""]
    assert found.share() == (core["near"].sum(), core["points"].sum())


def test_what_is_given_or_one_by_definition_is_not_counted(found: Score) -> None:
    rows = found.points
    assert (rows.loc[rows["variable"].isin(GIVEN), "counted"] != "").all()
    given = {e.series for e in dict(BASELINE.exogenous).values() if e is not None and e.series}
    assert given & set(rows["variable"]) <= set(GIVEN)  # no series that is an input is scored
    bases = rows[
        [INDICATORS[v].base_year == s.year for v, s in zip(rows["variable"], rows["start"], strict=True)]
    ]
    assert len(bases) >= 3
    assert (bases["recorded"] == 1.0).all()
    assert (bases["counted"] != "").all()


def test_misses_are_the_rest_of_the_core_and_the_worst_comes_first(found: Score) -> None:
    misses = found.misses()
    near, of = found.share()
    assert len(misses) == of - near
    assert not misses["near"].any()
    assert (np.diff(misses["distance"].replace(np.inf, 1e9)) <= 0.0).all()


def test_a_wider_tolerance_finds_no_fewer(history: xr.Dataset) -> None:
    narrow, wide = (score(history, compare(history, BASELINE), ECONOMY, t).share()[0] for t in (0.1, 0.5))
    assert narrow < wide


def test_a_still_economy_scores_as_one_in_which_nothing_moves(history: xr.Dataset) -> None:
    """Freeze every recorded quantity at its average of the first year: model and still economy agree."""
    first = history.sel(time="1928").mean("time")
    still = xr.ones_like(history) * first
    still = still.assign_coords(time=history["time"])
    frozen = score(still, compare(still, BASELINE), ECONOMY)
    rows = frozen.points[frozen.points["counted"] == ""]
    same = np.isclose(rows["model"], rows["still"], rtol=1e-9)
    months = rows["variable"].map(lambda name: INDICATORS[name].measure).isin(["growth", "change", "index"])
    assert same[months].all()
    assert same.mean() > 0.8  # agricultural years and days of a count differ from a calendar year


def test_more_than_a_still_economy_and_sixty_points_in_a_hundred(found: Score) -> None:
    near, of = found.share()
    still, _ = found.share(still=True)
    assert of > 200
    assert near / of >= 0.60
    assert near > 1.5 * still


def test_each_theme_of_the_core_has_points(found: Score) -> None:
    assert set(found.by_series()["theme"]) - {""} == set(CORE)
    names = {name for names in CORE.values() for name in names}
    assert names <= set(BASELINE.record)
    assert names <= set(INDICATORS)


def test_a_band_of_one_version_counts_by_its_middle() -> None:
    wage = recorded_values(BASELINE).query("variable == 'real_wage'").set_index("date")["value"]
    assert wage["1937"] == pytest.approx((0.56 + 0.60) / 2.0)
    assert "1933" not in wage  # a ceiling alone is no figure


def test_a_hit_by_another_version_is_told(history: xr.Dataset) -> None:
    """Where the model misses a version, the other versions of that date that it meets are named."""
    record = {"industrial_output": ["official"], "grain_harvest": ["lewin"]}
    tree = BASELINE.model_copy(update={"record": record})
    misses = score(history, compare(history, tree), ECONOMY, 0.05).misses()
    assert len(misses)
    for row in misses.to_dict("records"):
        near = [
            version
            for version, value in other_versions(row["variable"], row["version"], row["date"], ECONOMY)
            if abs(row["model"] / value - 1.0) <= 0.05
        ]
        assert row["others"] == ", ".join(near)
    assert misses["others"].any()
