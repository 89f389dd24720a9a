"""Physical products, read off the output of their sector by a coefficient and one trend each.

They test the path of a sector; none has a mechanism of its own.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Context, Parameters, Variable, every, parameter, total
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import years_since_base
from planmodel.sectors.capital import BRANCHES

# product: (sector, amount of 1928, unit)
PRODUCTS = {
    "steel": ("metal_and_fuel", 4.251, "million tonnes"),
    "coal": ("metal_and_fuel", 35.51, "million tonnes"),
    "electricity": ("heavy_industry", 5.007, "billion kWh"),
    "cement": ("construction", 1.85, "million tonnes"),
    "cotton_cloth": ("consumer_goods", 2678.0, "million metres"),
    "sugar": ("consumer_goods", 1.283, "million tonnes"),
}


class ProductParameters(Parameters):
    """Trends of products against their sector."""

    construction_1928: Array = parameter(
        4.0, unit="billion roubles of 1928/year", bounds=(3.5, 4.5), symbol=r"I_0",
        meaning="construction work of 1928", source="assumption, as the sites of the start",
    )  # fmt: skip
    group_a_weight: Array = parameter(
        0.43, unit="1", bounds=(0.35, 0.5), symbol=r"\omega_A",
        meaning="weight of heavy industry in industrial output of 1928",
        source="39.5 % of gross output in 1928 (Promyshlennost SSSR)", evidence="assumption",
    )  # fmt: skip
    steel_trend: Array = parameter(
        -0.00046, unit="1/year", bounds=(-0.1, 0.05), symbol=r"\gamma_{st}",
        meaning="steel against output of heavy industry", source="assumption",
    )  # fmt: skip
    coal_trend: Array = parameter(
        -0.00116, unit="1/year", bounds=(-0.1, 0.05), symbol=r"\gamma_{co}",
        meaning="coal against output of heavy industry", source="assumption",
    )  # fmt: skip
    electricity_trend: Array = parameter(
        0.0274, unit="1/year", bounds=(-0.05, 0.1), symbol=r"\gamma_{el}",
        meaning="electricity against output of heavy industry", source="assumption",
    )  # fmt: skip
    cement_trend: Array = parameter(
        -0.0148, unit="1/year", bounds=(-0.1, 0.05), symbol=r"\gamma_{ce}",
        meaning="cement against construction work", source="assumption",
    )  # fmt: skip
    cotton_cloth_trend: Array = parameter(
        -0.0728, unit="1/year", bounds=(-0.1, 0.05), symbol=r"\gamma_{cl}",
        meaning="cotton cloth against output of consumer goods", source="assumption",
    )  # fmt: skip
    sugar_trend: Array = parameter(
        -0.0494, unit="1/year", bounds=(-0.1, 0.05), symbol=r"\gamma_{su}",
        meaning="sugar against output of consumer goods", source="assumption",
    )  # fmt: skip


class Products(Component):
    """Steel, coal, electricity, cotton cloth, sugar, and the index of industrial output."""

    name = "products"
    parameters = ProductParameters
    variables = (
        Variable("construction_index", "1928 = 1", "construction work", 1.0),
        *(
            Variable(name, f"{unit}/month", f"output of {name.replace('_', ' ')}")
            for name, (_, _, unit) in PRODUCTS.items()
        ),
        Variable("industrial_output", "index 1928=1", "industrial output, large-scale industry", 1.0),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._trends = np.array([getattr(self.p, f"{name}_trend") for name in PRODUCTS])

    def processes(self) -> Iterable[Process]:
        """Read products off the sectors every month."""
        yield every(self.clock, "money", self.read_off)

    def read_off(self) -> None:
        """X = x_1928 / 12 x index of the sector x exp(gamma t)."""
        years = years_since_base(self.clock.today)
        work = total(self.ledger.moved(f"construction_{branch}") for branch in BRANCHES)
        construction = 12.0 * work / self.p.construction_1928
        self.board["construction_index"] = construction
        trends = np.exp(self._trends * years)
        for (name, (sector, amount, _)), trend in zip(PRODUCTS.items(), trends, strict=True):
            index = construction if sector == "construction" else self.board[f"{sector}_index"]
            self.board[name] = amount / 12.0 * index * trend
        weight = self.p.group_a_weight
        heavy, light = self.board["heavy_industry_index"], self.board["consumer_goods_index"]
        self.board["industrial_output"] = weight * heavy + (1.0 - weight) * light
