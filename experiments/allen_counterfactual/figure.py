"""Two paces of accumulation with and without collectivisation: what was invested, eaten, built and lost."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from planmodel.documented import catalogue
from planmodel.documented.figures import Figures
from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine import Array
from planmodel.experiments.annual import Annual, by_year, figures_of
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.rural_trade import FarmPrices
from planmodel.experiments.stated import state
from planmodel.experiments.tables import compare_figures, compare_series, join, model_path
from planmodel.experiments.two_sectors import documented_accounts, model_accounts
from planmodel.scenario import registry

INDICATORS = registry.economy().indicators

GROSS, NET = "Gross investment over product", "Net investment over product"
PRODUCT, CONSUMPTION = "Product a head", "Consumption a head, without services"
CAPITAL_A, CAPITAL_B, DEATHS = "Capital of A", "Capital of B", "Excess deaths since 1928"
ROUBLES, INDEX = "billion roubles of 1928", "1928 = 1"
FACTUAL = "collectivised, fast"
TOWNS, STATED = "People of the towns", ("1932", "1937", "1940")
PEOPLE, VERSION = "million persons", "accounts of the record"
UNITS = {GROSS: "1", NET: "1", PRODUCT: INDEX, CONSUMPTION: INDEX, CAPITAL_A: ROUBLES, CAPITAL_B: ROUBLES}


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    found = {name: _paths(run) for name, run in results.items()}
    parts = []
    for quantity, unit in {**UNITS, TOWNS: PEOPLE, DEATHS: PEOPLE}.items():
        for name, run in results.items():
            answer = by_year(found[name][quantity])
            parts.append(model_path(run, answer, name=quantity, title=quantity, unit=unit, dates=YEARS))
        if quantity in (GROSS, NET):
            variable = (
                "gnp_share_gross_investment" if quantity == GROSS else "investment_share_national_income"
            )
            parts.append(
                compare_series(
                    results[FACTUAL],
                    record,
                    variable,
                    model=by_year(found[FACTUAL][quantity]),
                    title=quantity,
                    everywhere=True,
                    counted="prices are unclear" if quantity == NET else "",
                    prices="1928",
                )
            )
    parts += _from_accounts(results[FACTUAL], found[FACTUAL])
    table = join(*parts)
    return state(table, set(table["quantity"]) - {NET}, STATED)


def _from_accounts(run: Results, found: xr.Dataset) -> list[pd.DataFrame]:
    """Return product and consumption a head that follow from shares and growth in the record."""
    accounts = documented_accounts(Figures(catalogue()))
    product = accounts.farm_output + accounts.other_output
    consumed = accounts.farm_consumption + accounts.other_consumption
    tables = []
    for quantity, values, counted in ((PRODUCT, product, ""), (CONSUMPTION, consumed, "with services")):
        index = _index(values / accounts.people, list(accounts.years).index(registry.economy().opening.year))
        theirs = xr.DataArray(index, dims=("year", "member"), coords={"year": list(accounts.years)})
        tables.append(
            compare_figures(
                run,
                figures_of(theirs.isel(year=slice(1, None)), VERSION),
                by_year(found[quantity]),
                name=quantity,
                title=quantity,
                unit=INDEX,
                counted=counted,
            )
        )
    return tables


def _paths(run: Results) -> xr.Dataset:
    """Return all quantities by year and member, at prices of 1928."""
    annual = Annual(run.dataset)
    accounts = model_accounts(run.dataset, FarmPrices.of(run.scenario))
    built = annual.total(*(f"construction_{branch}" for branch in BRANCHES))
    worn = annual.total(*(f"wear_{branch}" for branch in BRANCHES))
    product = accounts.farm_output + accounts.other_output
    services = accounts.other_consumption - annual.total("goods_to_towns", "goods_to_village")
    consumed = accounts.farm_consumption + accounts.other_consumption - services

    def capital(*branches: str) -> Array:
        return annual.end(*(f"works_{stage}_{branch}" for branch in branches for stage in ("capital", "new")))

    values = {
        GROSS: built / product,
        NET: (built - worn) / (product - worn),
        PRODUCT: _index(product / accounts.people, annual.base),
        CONSUMPTION: _index(consumed / accounts.people, annual.base),
        CAPITAL_A: capital("metal_and_fuel", "engineering"),
        CAPITAL_B: capital("consumer_goods"),
        TOWNS: annual.mean(*registry.economy().indicators["urban_population"].parts),
        DEATHS: np.cumsum(annual.total(*registry.economy().indicators["excess_deaths"].parts), axis=0),
    }
    return xr.Dataset({name: (("year", "member"), v) for name, v in values.items()}, {"year": annual.years})


def _index(values: Array, base: int) -> Array:
    return values / values[base]


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "Two paces of accumulation, collectivised and not")
