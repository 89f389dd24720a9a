"""Households in kolkhozes, from the first offensive to the second."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import months
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_series, join, model_path

TITLE = "Households in kolkhozes"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    return join(
        model_path(model, "collectivised_share", title=TITLE, dates=months("1928-02-01", "1931-12-01")),
        compare_series(model, record, "collectivised_share", ["book", "davies"], title=TITLE),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Collectivised households, 1928-31", height=4.0)
