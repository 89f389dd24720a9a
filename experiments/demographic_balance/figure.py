"""Births, deaths, excess deaths and population."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS
from planmodel.experiments.dots import draw_dots
from planmodel.experiments.drawing import CAPTION, draw_panel
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_series, join, model_and_record, model_path
from planmodel.show.plot import new_sheet, style

RATE = "Natural increase"
EXCESS = ["andreev_darskii_kharkova", "davies_wheatcroft", "rudnytskyi_levchuk"]
FLOORS = ["bettelheim_in_words", "urlanis_in_words", "student_essay"]
OVER = "Excess deaths over spans"


def increase(results: Results, dates: str) -> np.ndarray | None:
    born, died = results.observe("births", dates), results.observe("deaths", dates)
    return None if born is None or died is None else born - died


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    version = "andreev_darskii_kharkova"
    spans = {"panel": OVER, "title": "Excess deaths"}
    return join(
        model_and_record(model, record, "births", version),
        model_and_record(model, record, "deaths", version),
        model_path(model, increase, name="natural_increase", title=RATE, unit="million persons", dates=YEARS),
        model_and_record(model, record, "population", [version, "census_tables"]),
        model_path(model, "excess_deaths", title="Excess deaths", panel="Excess deaths by year", dates=YEARS),
        compare_series(model, record, "excess_deaths", EXCESS, **spans),
        compare_series(model, record, "excess_deaths", FLOORS, **spans),
    )


def draw(table: pd.DataFrame) -> Figure:
    with style():
        panels = list(dict.fromkeys(table["panel"]))
        sheet, axes = new_sheet(len(panels), "Demographic balance", caption=CAPTION)
        for axis, panel in zip(axes, panels, strict=True):
            rows = table[table["panel"] == panel]
            if panel == OVER:
                draw_dots(axis, rows, panel, wrap=20)
            else:
                draw_panel(axis, rows, panel, from_zero=panel != "Population")
    return sheet
