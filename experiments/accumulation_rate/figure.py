"""Share invested: three concepts of the record, one of the model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.tables import (
    YEARS,
    compare_series,
    join,
    model_path,
)

SHARE = "Share invested"
OTHER = "another concept of income"


def share(results: Results, dates: str) -> np.ndarray | None:
    """Investment paid by the budget over what was spent in money on consumption, defence and investment."""
    invested = results.observe("investment_finance", dates)
    consumed = [results.observe(name, dates) for name in ("retail_turnover", "market_spending")]
    defence = results.observe("defence_outlays", dates)
    if invested is None or defence is None or any(values is None for values in consumed):
        return None
    months = 12.0  # trade is recorded by month as an average, not as a sum
    spent = months * sum(values for values in consumed if values is not None)
    return np.asarray(invested / (invested + defence + spent))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    more = {"panel": SHARE, "counted": OTHER}
    return join(
        model_path(model, share, name="money_invested", title="investment in money outlays (model)",
                   unit="1", panel=SHARE, dates=YEARS),
        compare_series(None, record, "accumulation_rate", title="accumulation in national income", **more),
        compare_series(None, record, "investment_share_national_income",
                       title="investment in national income", **more),
        compare_series(None, record, "gnp_share_gross_investment", title="gross investment in GNP", **more),
        model_path(model, "investment", title="Construction work", dates=YEARS),
    )  # fmt: skip


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "The rate of accumulation", height=3.8)
