"""Share invested: three concepts of the record, two of the model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from planmodel.engine import Array
from planmodel.experiments.annual import Annual, by_year
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.rural_trade import FarmPrices
from planmodel.experiments.tables import compare_series, join, model_path
from planmodel.experiments.two_sectors import model_accounts
from planmodel.scenario import registry

PRODUCT = "Gross investment in the product"
MONEY = "Investment in money outlays"
OTHER = "another concept of income"
UNCLEAR = "prices are unclear"


def share_of_product(results: Results) -> xr.DataArray:
    """Construction over the product of agriculture and the rest, both at prices of 1928."""
    accounts = model_accounts(results.dataset, FarmPrices.of(results.scenario))
    built = Annual(results.dataset).total(*registry.economy().indicators["investment"].parts)
    share = built / (accounts.farm_output + accounts.other_output)
    return xr.DataArray(share, dims=("year", "member"), coords={"year": list(accounts.years)})


def share_of_money(results: Results, dates: str) -> Array | None:
    """Investment paid by the budget over what was spent in money on consumption, defence and investment."""
    invested, defence = (results.observe(name, dates) for name in ("investment_finance", "defence_outlays"))
    trade, market = (results.observe(name, dates) for name in ("retail_turnover", "market_spending"))
    if invested is None or defence is None or trade is None or market is None:
        return None
    consumed = 12.0 * (trade + market)  # observed as the mean of the months
    return np.asarray(invested / (invested + defence + consumed))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    product = by_year(share_of_product(model))
    shown = {"name": "investment_in_product", "title": "model", "unit": "1", "panel": PRODUCT}
    money = {"name": "investment_in_money", "title": "model", "unit": "1", "panel": MONEY}
    compared = {"model": product, "panel": PRODUCT, "prices": "1928"}
    return join(
        model_path(model, product, dates=YEARS, **shown),
        compare_series(model, record, "gnp_share_gross_investment", title="national product", **compared),
        compare_series(
            model,
            record,
            "investment_share_national_income",
            title="national income",
            counted=UNCLEAR,
            **compared,
        ),
        model_path(model, share_of_money, dates=YEARS, **money),
        compare_series(
            None, record, "accumulation_rate", title="national income", panel=MONEY, counted=OTHER
        ),
        model_path(model, "investment", title="Construction work (model)", dates=YEARS),
    )


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "The rate of accumulation", columns=3, height=3.6)
