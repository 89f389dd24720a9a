"""Wedges of labour, capital and saving, and the productivity of both sectors, by one accounting."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from planmodel.documented import catalogue
from planmodel.documented.figures import Figures
from planmodel.experiments.annual import by_year, figures_of
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.rural_trade import FarmPrices
from planmodel.experiments.stated import state
from planmodel.experiments.tables import compare_figures, join, model_path
from planmodel.experiments.two_sectors import (
    SUBSISTENCE,
    documented_accounts,
    model_accounts,
    with_subsistence,
)
from planmodel.experiments.wedges import account

LOGS = "log points"
LABOUR = "Labour wedge"
PARTS = {"consumption": "tastes against prices", "production": "products against wages", "mobility": "wages"}
SENSITIVE = "Change of the labour wedge, by subsistence"
VERSION = "accounts of the record"


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    ours = model_accounts(model.dataset, FarmPrices.of(model.scenario))
    theirs = documented_accounts(Figures(catalogue()))
    found, documented = (account(accounts, with_subsistence(accounts)) for accounts in (ours, theirs))
    parts = [
        _path(model, found["labour"], "labour_wedge", LABOUR, LABOUR),
        _points(model, found["labour"], documented["labour"], "labour_wedge", LABOUR, LABOUR),
        *(
            _path(model, found[name], f"labour_wedge_{name}", title, "Parts of the labour wedge (model)")
            for name, title in PARTS.items()
        ),
    ]
    for share in (0.0, SUBSISTENCE, 0.6):
        one, other = (account(a, with_subsistence(a, share))["labour"] for a in (ours, theirs))
        title = f"{100 * share:.0f} % of 1928"
        name = f"labour_wedge_change_subsistence_{100 * share:.0f}"
        one, other = one - one.sel(year=1928), other - other.sel(year=1928)
        parts += [
            _path(model, one, name, title, SENSITIVE),
            _points(model, one, other, name, title, SENSITIVE, "said by the labour wedge"),
        ]
    for name, title in (
        ("capital", "Capital wedge (model)"),
        ("saving", "Saving wedge (model)"),
    ):
        parts.append(_path(model, found[name], f"{name}_wedge", title, title))
    for name, title in (("farm_productivity", "agriculture"), ("other_productivity", "the rest")):
        relative = found[name] / found[name].sel(year=1928)
        parts.append(_path(model, relative, name, title, "Total factor productivity (model)", "1928 = 1"))
    table = join(*parts)
    stated = [name for name in dict.fromkeys(table["quantity"]) if "subsistence" not in name]
    return state(table, stated, ["1928", "1930", "1933", "1937", "1939"])


def _path(
    model: Results, values: xr.DataArray, name: str, title: str, panel: str, unit: str = LOGS
) -> pd.DataFrame:
    return model_path(model, by_year(values), name=name, title=title, unit=unit, panel=panel, dates=YEARS)


def _points(
    model: Results,
    ours: xr.DataArray,
    theirs: xr.DataArray,
    name: str,
    title: str,
    panel: str,
    counted: str = "",
) -> pd.DataFrame:
    """Return the wedge of the record's accounts as documented points, beside that of the run."""
    figures = figures_of(theirs, VERSION)
    return compare_figures(
        model, figures, by_year(ours), name=name, unit=LOGS, title=title, panel=panel, counted=counted
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Wedges between agriculture and the rest")
