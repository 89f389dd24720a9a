"""Procurement prices, village prices of goods, the scissors and the market."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import (
    compare_series,
    join,
    model_and_record,
)

NAMES = {
    "procurement_price": "Procurement prices",
    "industrial_goods_price": "Industrial goods in the village",
    "procurement_to_industrial_price": "Procurement over industrial prices",
    "kolkhoz_market_price": "Kolkhoz market (logarithmic)",
}


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    tables = [model_and_record(model, record, name, "karcz", title=title) for name, title in NAMES.items()]
    ceiling = compare_series(
        model, record, "kolkhoz_market_price", "karcz_ceiling",
        title=NAMES["kolkhoz_market_price"], counted="upper bound",
    )  # fmt: skip
    return join(*tables, ceiling)


def draw(table: pd.DataFrame) -> Figure:
    market = NAMES["kolkhoz_market_price"]
    return draw_panels(table, "Procurement and industrial prices, and the market", logarithmic=[market])
