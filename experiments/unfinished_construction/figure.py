"""Work frozen in sites."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Quantity, Record, Results, ratio
from planmodel.experiments.tables import PLAN, compare_series, join, model_and_record, model_path

SITES = "Construction sites (no counterpart in the model)"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    years_of_work = ratio(always_last("unfinished_construction"), "investment")
    backlog = {"name": "unfinished_over_investment", "unit": "years of investment"}
    return join(
        model_and_record(model, record, "unfinished_investment_share"),
        model_path(model, "unfinished_construction", title="Unfinished works"),
        model_path(model, years_of_work, title="Unfinished works over investment", dates=YEARS, **backlog),
        compare_series(None, record, "construction_sites", title=SITES),
        compare_series(None, record, "construction_sites", title=SITES, kinds=PLAN),
    )


def always_last(quantity: str) -> Quantity:
    """The stock at the end of a year, whatever is asked of it."""
    return lambda results, dates: results.observe(quantity, f"{dates}-12-31")


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Unfinished construction")
