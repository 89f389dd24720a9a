"""Harvest, procurement and the balance left in the village."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import compare_series, join, model_path

AGRICULTURAL = [f"{year}/{(year + 1) % 100:02d}" for year in range(1928, 1940)]
HARVEST, TAKEN = "Grain harvest", "Procurement by the State"
LEFT, NET = "Left in the village", "Left, with what the State gave back"
SHARE = "Share of the harvest procured"


def left(results: Results, dates: str) -> np.ndarray | None:
    harvest, taken = (results.observe(name, dates) for name in ("grain_harvest", "grain_procurement"))
    return None if harvest is None or taken is None else harvest - taken


def left_net(results: Results, dates: str) -> np.ndarray | None:
    gross, back = left(results, dates), results.observe("grain_resale", dates)
    return None if gross is None or back is None else gross + back


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    lines = (
        ("grain_harvest", "lewin", "grain_harvest", HARVEST, "million tonnes"),
        ("grain_procurement", "lewin", "grain_procurement", TAKEN, "million tonnes"),
        ("grain_procurement_share", "lewin", "grain_procurement_share", SHARE, "1"),
        ("village_grain_balance", "lewin", left, LEFT, "million tonnes"),
        ("village_grain_balance_net", "karcz_lewin", left_net, NET, "million tonnes"),
    )
    tables = []
    for name, version, quantity, title, unit in lines:
        panel = LEFT if title == NET else title
        years = YEARS if title == HARVEST else AGRICULTURAL
        about = {"name": name, "title": title, "unit": unit, "panel": panel}
        tables.append(model_path(model, quantity, dates=years, **about))
        dates = [day for day in record.series(name, version)["date"] if day != "1938..1940"]
        tables.append(
            compare_series(
                model, record, name, version, model=quantity, title=title, panel=panel, dates=dates
            )
        )
    return join(*tables)


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Lewin's grain table: harvest, procurement, and what was left")
