"""Currency: levels and growth."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import (
    compare_series,
    join,
    model_and_record,
)

CHANGE = "Growth over a span"


def change(results: Results, dates: str) -> np.ndarray | None:
    first, last = dates.split("..")
    before, after = (results.observe("currency_in_circulation", day) for day in (first, last))
    return None if before is None or after is None else after / before - 1.0


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    return join(
        model_and_record(model, record, "currency_in_circulation", ["archival", "book"]),
        compare_series(
            model, record, "currency_change_over_period", model=change, title=CHANGE, prices="current"
        ),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Currency in circulation")
