"""Capital of producer goods (A) and of consumer goods (B), beside two Feldman-Domar paths."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from planmodel.engine import Array
from planmodel.experiments.annual import Annual, by_year
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.feldman_domar import path
from planmodel.experiments.results import Record, Results
from planmodel.experiments.stated import state
from planmodel.experiments.tables import compare_series, join, model_path

A, B = ("metal_and_fuel", "engineering"), ("consumer_goods",)
ROUBLES = "billion roubles of 1928"
FIRST, MEAN = "Feldman-Domar, yield of 1928", "Feldman-Domar, mean yield"
CAPITAL_A, CAPITAL_B = "Capital of A", "Capital of B"
LEVER = "Capital of B by the share g kept in A"
SHARE, YIELD, INDEX = (
    "Built for A, of all built for A and B",
    "Built for A and B over capital of A",
    "Capital of industry",
)
REAL = "industrial_capital_at_1928_prices"
AT_COST = "official capital is at original cost"
LEVERS = (0.3, 0.5, 0.7, 0.9)


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    annual = Annual(model.dataset)
    capital = {
        name: annual.end(*_names(("works_capital", "works_new"), branches)) for name, branches in _GROUPS
    }
    built = {name: annual.total(*_names(("construction",), branches)) for name, branches in _GROUPS}
    worn = annual.total(*_names(("wear",), A))
    share, made = (
        built[CAPITAL_A] / (built[CAPITAL_A] + built[CAPITAL_B]),
        sum(built.values()) / capital[CAPITAL_A],
    )
    kept, wear = share[1:].mean(axis=0), (worn / capital[CAPITAL_A])[1:].mean(axis=0)
    start = (capital[CAPITAL_A][0], capital[CAPITAL_B][0])
    time = np.arange(len(annual.years), dtype=float)

    def closed(g: Array | float, yield_of_capital: Array) -> dict[str, Array]:
        return dict(zip((CAPITAL_A, CAPITAL_B), path(time, *start, g, yield_of_capital, wear), strict=True))

    first, mean = closed(kept, made[annual.base]), closed(kept, made[1:].mean(axis=0))
    parts = []
    for name in (CAPITAL_A, CAPITAL_B):
        for title, stocks in (("model", capital), (FIRST, first), (MEAN, mean)):
            parts.append(_at_year_end(model, annual, stocks[name], name, title))
    for name, values in ((SHARE, share), (YIELD, made)):
        answer = by_year(_labelled(annual.years, values))
        parts.append(model_path(model, answer, name=name, title=name, unit="1", dates=YEARS))
    for g in LEVERS:
        stock = closed(g, made[1:].mean(axis=0))[CAPITAL_B]
        parts.append(_at_year_end(model, annual, stock, LEVER, f"g = {g}"))
    parts.append(model_path(model, REAL, title=INDEX, panel=INDEX))
    parts.append(
        compare_series(
            model,
            record,
            "industrial_fixed_capital",
            title=INDEX,
            panel=INDEX,
            everywhere=True,
            model=REAL,
            counted=AT_COST,
        )
    )
    table = join(*parts)
    return state(
        table, [q for q in table["quantity"] if q.startswith("Capital")], ["1933-01-01", "1941-01-01"]
    )


_GROUPS = ((CAPITAL_A, A), (CAPITAL_B, B))


def _names(kinds: tuple[str, ...], branches: tuple[str, ...]) -> list[str]:
    return [f"{kind}_{branch}" for kind in kinds for branch in branches]


def _labelled(years: list[int] | list[str], values: Array) -> xr.DataArray:
    return xr.DataArray(values, dims=("year", "member"), coords={"year": years})


def _at_year_end(model: Results, annual: Annual, values: Array, name: str, run: str) -> pd.DataFrame:
    """Return stocks of 31 December under the day after."""
    days = [f"{year + 1}-01-01" for year in annual.years]
    answer = by_year(_labelled(days, values))
    return model_path(replace(model, name=run), answer, name=name, title=name, unit=ROUBLES, dates=days)


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Two capitals: the model, and Feldman's machine that nothing stops")
