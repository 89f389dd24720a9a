"""Industry: level, growth, productivity."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results, mean_growth
from planmodel.experiments.tables import compare_figures, compare_series, join, model_and_record, model_path

GROWTH = "Growth of industry in a year"
SPANS = "Growth a year over spans"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    growth = mean_growth("industrial_output")
    figures = record.series("industrial_output_growth")
    yearly = figures["date"].str.len() == 4
    more = {"name": "industrial_output_growth", "unit": "1/year"}
    consumer = {"name": "industrial_output_group_b_growth", "unit": "1/year"}
    group_b = mean_growth("consumer_goods_index")
    return join(
        model_and_record(model, record, "industrial_output", ["hodgman", "official"]),
        model_path(model, growth, title=GROWTH, dates=YEARS[1:], **more),
        compare_figures(model, figures[yearly], growth, title=GROWTH, prices="1928", **more),
        model_and_record(model, record, "labour_productivity", "hodgman"),
        model_path(model, group_b, title="Growth of Group B", dates=YEARS[1:], **consumer),
        compare_series(
            model,
            record,
            "industrial_output_group_b_growth",
            model=group_b,
            title="Growth of Group B",
            prices="1928",
        ),
        compare_figures(model, figures[~yearly], growth, title=SPANS, prices="1928", **more),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Growth of industry and productivity of labour", columns=3, height=3.2)
