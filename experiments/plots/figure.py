"""What households kept and made: shares of animals, milk, meat and land."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from planmodel.experiments.dots import draw_dot_panels
from planmodel.experiments.results import Quantity, Record, Results, always, ratio
from planmodel.experiments.tables import (
    compare_series,
    join,
)
from planmodel.scenario.indicators import Indicator

NOTHING = "the model has no counterpart"
ANIMALS = "Share of households in animals and their products, 1937"
LAND = "Share of plots in land and output: no counterpart in the model"


def share(names: str) -> Quantity:
    """What is of households over all, of a stock or flow that the model keeps for both."""
    household = Indicator(names, "", "1", "stock", (f"{names}_household",))
    both = Indicator(names, "", "1", "stock", (f"{names}_household", f"{names}_socialised"))
    return ratio(always(household, "1937-07-01"), always(both, "1937-07-01"))


def offtake(results: Results, dates: str) -> np.ndarray | None:
    sides = []
    for owner in ("household", "socialised"):
        seen = [results.observe(f"offtake_{kind}_{owner}", dates) for kind in ("cattle", "pigs")]
        if any(values is None for values in seen):
            return None
        sides.append(sum(values for values in seen if values is not None))
    return np.asarray(sides[0] / (sides[0] + sides[1]))


def tabulate(results: Mapping[str, Results], record: Record) -> pd.DataFrame:
    model = results["model"]
    milk = {"model": share("cattle"), "panel": ANIMALS}
    documented = [
        ("plot_share_of_sown_area", "Sown area"),
        ("plot_share_of_agricultural_output", "Output of agriculture"),
        ("plot_share_of_hides", "Hides"),
        ("plot_share_of_wool", "Wool"),
        ("plot_households_over_norm_share", "Households with plots over the norm"),
        ("kolkhoz_households_without_cow_share", "Kolkhoz households without a cow"),
    ]
    return join(
        compare_series(model, record, "plot_share_of_livestock", title="Livestock (model: cattle)", **milk),
        compare_series(model, record, "plot_share_of_milk", title="Milk (model: cattle)", **milk),
        compare_series(model, record, "plot_share_of_meat", title="Meat (model: cattle and pigs killed)",
                       model=offtake, panel=ANIMALS),
        *(compare_series(None, record, name, title=title, panel=LAND) for name, title in documented),
    )  # fmt: skip


def draw(table: pd.DataFrame) -> Figure:
    return draw_dot_panels(table, "Household plots and animals")
