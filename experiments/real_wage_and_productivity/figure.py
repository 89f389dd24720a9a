"""Real wage, productivity, and one over the other."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results, ratio
from planmodel.experiments.tables import compare_figures, join, model_and_record, model_path

GAP = "Productivity over real wage"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    gap = ratio("labour_productivity", "real_wage")
    figures = record.over(("labour_productivity", "hodgman"), ("real_wage", "book"))
    figures = figures[figures["date"] != "1928"]
    more = {"name": "productivity_over_real_wage", "title": GAP, "unit": "index 1928=1"}
    return join(
        model_and_record(model, record, "real_wage", ["book", "implied_low", "implied_high"]),
        model_and_record(model, record, "labour_productivity", "hodgman"),
        model_path(model, gap, dates=YEARS, **more),
        compare_figures(model, figures, gap, prices="1928", **more),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Real wage, productivity of labour, and their gap", columns=3, height=3.4)
