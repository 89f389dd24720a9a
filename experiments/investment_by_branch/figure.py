"""Shares of branches in investment."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dots import draw_dot_panels
from planmodel.experiments.results import Quantity, Record, Results, always, ratio
from planmodel.experiments.tables import (
    compare_figures,
    compare_series,
    join,
)
from planmodel.scenario.indicators import Indicator

BRANCHES = (
    "metal_and_fuel", "engineering", "consumer_goods", "agriculture", "transport", "housing_and_services",
)  # fmt: skip
INDUSTRY = BRANCHES[:3]
RUN = "1928..1940"
LINES = {
    "investment_share_industry": ("Industry", INDUSTRY),
    "investment_share_agriculture": ("Agriculture", ("agriculture",)),
    "investment_share_transport": ("Transport", ("transport",)),
}
HOUSING, SERVICES = "investment_share_housing", "investment_share_services"
GIVEN = "the model is given these shares: those of starts are the book's"


def share(branches: tuple[str, ...], of: tuple[str, ...] = BRANCHES) -> Quantity:
    """Share of branches in the construction of the whole run."""
    above, below = (
        Indicator("", "", "1", "flow", tuple(f"construction_{branch}" for branch in some))
        for some in (branches, of)
    )
    return ratio(always(above, RUN), always(below, RUN))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    panel = "Shares in investment (record 1928-41, model 1928-40)"
    tables = [
        compare_series(model, record, name, title=title, panel=panel, model=share(branches), counted=GIVEN)
        for name, (title, branches) in LINES.items()
    ]
    figures = record.series(HOUSING)
    services = record.series(SERVICES)
    together = {end: figures[end].to_numpy() + services[end].to_numpy() for end in ("value", "low", "high")}
    both = figures.assign(**together, kind="derived")
    more = {"name": "investment_share_housing_and_services", "title": "Housing and services", "unit": "1"}
    more["counted"] = GIVEN
    tables.append(compare_figures(model, both, share(("housing_and_services",)), panel=panel, **more))
    tables += [
        compare_series(None, record, HOUSING, title="Housing alone", panel=panel),
        compare_series(None, record, SERVICES, title="Services alone", panel=panel),
    ]
    group_b = share(("consumer_goods",), INDUSTRY)
    title = "Group B in the investment of industry"
    tables.append(
        compare_series(model, record, "investment_share_group_b", title=title, model=group_b, prices="1928")
    )
    return join(*tables)


def draw(table: pd.DataFrame) -> Figure:
    return draw_dot_panels(table, "Investment by branch")
