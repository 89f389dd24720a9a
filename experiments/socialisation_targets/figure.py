"""Targets of sown area and of households, and what came of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dates import YEARS, months
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import PLAN, compare_series, join, model_path

SHARE = "Share of households in kolkhozes"
KOLKHOZES = "Sown area of kolkhozes"
STATE_FARMS = "Sown area of state farms"
BOTH = "Sown area of kolkhozes and state farms"
GRAIN_ONLY = "grain alone in the model"


def kolkhoz_area(results: Results, dates: str) -> np.ndarray | None:
    """Grain area times the share of households that were in kolkhozes at the spring sowing."""
    year = dates[:4]
    share = results.observe("collectivised_share", f"{year}-05-01")
    area = results.observe("growing_area", year)
    return None if share is None or area is None else share * area


def both_areas(results: Results, dates: str) -> np.ndarray | None:
    kolkhozes, state = kolkhoz_area(results, dates), results.observe("state_farm_area", dates)
    return None if kolkhozes is None or state is None else kolkhozes + state


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    areas = (
        ("kolkhoz_sown_area", kolkhoz_area, KOLKHOZES),
        ("sovkhoz_sown_area", "state_farm_area", STATE_FARMS),
        ("socialised_sown_area", both_areas, BOTH),
    )
    tables = []
    for name, quantity, title in areas:
        more = {"title": title, "counted": GRAIN_ONLY}
        path = model_path(model, quantity, name=name, title=title, unit="million hectares", dates=YEARS[:6])
        tables += [path, compare_series(model, record, name, kinds=PLAN, model=quantity, **more)]
    tables.append(
        compare_series(model, record, "sovkhoz_sown_area", "book", model="state_farm_area",
                       title=STATE_FARMS, counted=GRAIN_ONLY)
    )  # fmt: skip
    share = model_path(model, "collectivised_share", title=SHARE, dates=months("1928-02-01", "1934-01-01"))
    figures = {"title": SHARE, "years": (1928, 1933)}
    resolution = {"version": "january_1930_resolution", "kinds": PLAN, "everywhere": True}
    plans = compare_series(model, record, "collectivised_share", **resolution, **figures)
    outcome = compare_series(model, record, "collectivised_share", "official", **figures)
    return join(share, outcome, plans, *tables)


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Socialisation: targets against outcome")
