"""Household plots: potatoes (which stand for all plot crops), for food and for sale (A-48, B-1)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Lever,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import POTATO_HARVEST
from planmodel.sectors.population import village_population


class PlotParameters(Parameters):
    """Output and use of plots."""

    potato_yield: Array = parameter(
        0.38, unit="tonnes/person", bounds=(0.3, 0.45), symbol=r"\rho",
        meaning="potatoes harvested per village person with full use of the plot",
        source="46.4 Mt in 1928 on 122 million persons (Sots. stroitelstvo SSSR)", evidence="assumption",
    )  # fmt: skip
    plot_curtailment: Array = parameter(
        0.048, unit="1", bounds=(0.0, 0.5), symbol=r"\theta_p",
        meaning="plot output lost in a fully collectivised village without plot rights",
        source="A-50, A-51; size assumed",
    )  # fmt: skip
    weather_share: Array = parameter(
        0.27, unit="1", bounds=(0.0, 1.0), symbol=r"\omega_p",
        meaning="share of the year's weather that also strikes plot crops", source="assumption",
    )  # fmt: skip
    potato_seed_and_feed: Array = parameter(
        0.52, unit="1", bounds=(0.3, 0.65), symbol=r"\zeta",
        meaning="share of potatoes kept for seed, feed and lost in store", source="assumption",
    )  # fmt: skip
    potato_sales: Array = parameter(
        0.093, unit="1", bounds=(0.05, 0.25), symbol=r"\chi_p",
        meaning="share of potatoes that goes to towns, by procurement or market", source="assumption",
    )  # fmt: skip


class Plots(Component):
    """The plot carries a part of subsistence."""

    name = "plots"
    parameters = PlotParameters
    commodities = (Commodity("potatoes", "million tonnes", "potatoes"),)
    accounts = (
        Account("potatoes", "village", "potatoes in village cellars"),
        Account("potatoes", "plots", "potatoes harvested", kind="source"),
        Account("potatoes", "seed_feed_and_losses", "potatoes for seed, feed, and lost", kind="sink"),
        Account("potatoes", "village_food", "potatoes eaten in the village", kind="sink"),
        Account("potatoes", "town_food", "potatoes eaten in towns", kind="sink"),
    )
    flows = (
        Flow("potato_harvest", "potatoes", "plots", "village", "harvest of potatoes"),
        Flow("potatoes_kept", "potatoes", "village", "seed_feed_and_losses", "potatoes for seed and feed"),
        Flow(
            "potatoes_eaten_village", "potatoes", "village", "village_food", "potatoes eaten in the village"
        ),
        Flow("potatoes_to_towns", "potatoes", "village", "town_food", "potatoes eaten in towns"),
    )
    variables = (Variable("plot_use", "1", "use of the plot, 1 is that of an individual peasant", 1.0),)
    levers = (
        Lever(
            "plot_rights", 1.0, (0.0, 1.0), "right of kolkhoz households to a plot and animals of their own"
        ),
    )
    switches = (Switch("plot_subsistence", "plots and their animals feed the household"),)

    def processes(self) -> Iterable[Process]:
        """Dig in autumn, eat all year."""
        yield every(self.clock, "potato_harvest", self.dig)
        yield every(self.clock, "distribution", self.use)

    def dig(self) -> None:
        """Harvest = rho people use (1 + omega weather), use = 1 - theta s (1 - rights)."""
        lost = self.board["collectivised_share"] * (1.0 - self.lever("plot_rights"))
        use = 1.0 - self.p.plot_curtailment * lost
        if not self.on("plot_subsistence"):
            use = 1.0 - self.board["collectivised_share"]
        weather = np.maximum(1.0 + self.p.weather_share * self.board["weather"], 0.2)
        crop = self.p.potato_yield * village_population(self) * use * weather
        self.ledger.propose("potato_harvest", crop * POTATO_HARVEST[self.month])
        self.board["plot_use"] = use

    def use(self) -> None:
        """Share the cellar evenly over the months until the next September."""
        months = (8 - self.month) % 12 + 1
        spend = self.stock("potatoes", "village") / months
        self.ledger.propose("potatoes_kept", spend * self.p.potato_seed_and_feed)
        self.ledger.propose("potatoes_to_towns", spend * self.p.potato_sales)
        eaten = spend * (1.0 - self.p.potato_seed_and_feed - self.p.potato_sales)
        self.ledger.propose("potatoes_eaten_village", np.maximum(eaten, 0.0))
