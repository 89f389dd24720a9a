"""What leaves agriculture less what comes into it: one pair of bundles, five price vectors."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.figure import Figure

from planmodel.engine import Array
from planmodel.experiments.annual import by_year
from planmodel.experiments.dates import YEARS
from planmodel.experiments.drawing import draw_panels
from planmodel.experiments.results import Record, Results
from planmodel.experiments.rural_trade import VECTORS, FarmPrices, surplus
from planmodel.experiments.stated import state
from planmodel.experiments.tables import compare_series, join, model_path
from planmodel.scenario.indicators import Indicator

ROUBLES = "billion roubles of 1928"
BUNDLES = {
    "sales": "left agriculture",
    "goods": "industrial goods into it",
    "state_works": "state building in it",
}
SHARES, AMOUNTS = "Surplus over what left agriculture", "Surplus, in its own unit"
TERMS, VOLUME = "Farm over industrial prices", "Industrial goods to the village"
GOODS = Indicator("industrial_goods_to_village", VOLUME, ROUBLES, "flow", ("goods_to_village",))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    found = surplus(model.dataset, FarmPrices.of(model.scenario))

    def path(name: str, title: str, unit: str, panel: str) -> pd.DataFrame:
        return model_path(
            model, by_year(found[name]), name=name, title=title, unit=unit, panel=panel, dates=YEARS
        )

    table = join(
        *(path(name, title, ROUBLES, "Both bundles at prices of 1928") for name, title in BUNDLES.items()),
        *(path(f"share_{vector}", title, "1", SHARES) for vector, title in VECTORS.items()),
        path("surplus_prices_of_1928", "at prices of 1928, billion roubles", "billion roubles", AMOUNTS),
        path("surplus_prices_paid", "at prices paid, billion roubles", "billion roubles", AMOUNTS),
        path("surplus_labour_of_1928", "million years of work", "million years", "Surplus in labour of 1928"),
        path("break_even", "at which the surplus is nil", "1928 = 1", TERMS),
        model_path(
            model, "procurement_to_industrial_price", title="state prices", unit="1928 = 1", panel=TERMS
        ),
        compare_series(
            model,
            record,
            "procurement_to_industrial_price",
            title="state prices",
            unit="1928 = 1",
            panel=TERMS,
        ),
        model_path(model, GOODS, title=VOLUME, unit="1929 = 1", panel=VOLUME, base="1929"),
        compare_series(
            model,
            record,
            "industrial_goods_to_village",
            model=_goods_on_1929,
            prices="1928",
            title=VOLUME,
            unit="1929 = 1",
            panel=VOLUME,
        ),
    )
    shares = [f"share_{vector}" for vector in VECTORS]
    return state(table, [*shares, "sales", "goods", "break_even"], ["1928", "1930", "1932", "1937", "1940"])


def _goods_on_1929(model: Results, year: str) -> Array | None:
    goods = model.observe(GOODS, year)
    return None if goods is None else goods / model.need(GOODS, "1929")


def draw(table: pd.DataFrame) -> Figure:
    return draw_panels(table, "The surplus of agriculture", spans={VOLUME: (1928, 1941), TERMS: (1928, 1941)})
