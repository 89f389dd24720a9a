"""A plot of a result: all versions by name, plans hollow, means over years, decrees that bear on it."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from matplotlib.figure import Figure

import planmodel as pm
from planmodel.results.drawing import record_points
from planmodel.results.marks import marked


@pytest.fixture(scope="module")
def base() -> pm.Result:
    return pm.run(pm.load("baseline").until(date(1929, 12, 31)), members=2, seed=1)


def legend(base: pm.Result, name: str, **asked: object) -> list[str]:
    axis = base.plot(name, ax=Figure().subplots(), **asked)  # type: ignore[arg-type]
    shown = axis.get_legend()
    return [] if shown is None else [text.get_text() for text in shown.get_texts()]


def test_every_version_within_the_years_is_named(base: pm.Result) -> None:
    rows = pm.documented.series("grain_harvest", territories=["USSR pre-1939"])
    wanted = set(rows[rows["date"].isin(["1928", "1929"])]["version"].str.replace("_", " "))
    assert len(wanted) > 3
    named = set(legend(base, "grain_harvest"))
    assert wanted <= {label.removesuffix(" (plan)") for label in named}
    assert {"baseline: median of 2", "baseline: 90 % of members"} <= named
    assert legend(base, "grain_harvest", record=False) == [
        "baseline: median of 2",
        "baseline: 90 % of members",
    ]


def test_another_band_is_another_band(base: pm.Result) -> None:
    assert "baseline: 50 % of members" in legend(base, "grain_harvest", band=0.5)


def test_a_mean_of_years_stands_as_it_is_and_a_total_by_the_year(base: pm.Result) -> None:
    whole = np.array([1926.0, 1942.0])
    spans = pm.documented.variables()["span"]
    for name, by_year in (("grain_harvest", False), ("excess_deaths", True)):
        assert (spans[name] == "total") == by_year
        points = record_points(base, base.scenario.declared.quantity(name), whole)
        rows = pm.documented.series(name)
        for point in points:
            for x, y, half in zip(point.x, point.y, point.span, strict=True):
                if not half:
                    continue
                near = rows[(rows["end"] - rows["start"]).dt.days > 550]
                years = round(2 * half)
                said = near["value"] / (years if by_year else 1)
                assert np.isclose(said, y).any() or point.low[point.x.index(x)] < y


def test_plans_are_hollow(base: pm.Result) -> None:
    points = record_points(base, base.scenario.declared.quantity("grain_harvest"), np.array([1927.0, 1941.0]))
    hollow = {point.label for point in points if point.hollow}
    assert "first plan 1929" in hollow
    assert "davies wheatcroft mid" not in hollow


def test_decrees_are_marked_that_bear_on_the_quantity_at_once() -> None:
    scenario = pm.load("baseline")

    def titles(name: str) -> list[str]:
        return [decree.title for decree in marked(scenario, scenario.declared.quantity(name).made_of, True)]

    assert titles("births") == ["Abortion is forbidden"]
    assert scenario.decrees["kolkhoz_trade"].title in titles("kolkhoz_market_price")
    assert scenario.decrees["abortion_ban"].title not in titles("grain_harvest")
    assert len(titles("grain_harvest")) > 2
    (one,) = marked(scenario, ("births",), ["passports"])
    assert one.title == scenario.decrees["passports"].title
    assert marked(scenario, ("births",), False) == []
    without = scenario.with_(abortion_ban=False)
    assert marked(without, without.declared.quantity("births").made_of, True) == []


def test_a_decree_that_is_none_is_refused(base: pm.Result) -> None:
    with pytest.raises(pm.UserError, match="'bread_card' is no decree on a day; did you mean 'bread_cards'"):
        base.plot("births", decrees=["bread_card"])
