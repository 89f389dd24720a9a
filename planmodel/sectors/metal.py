"""Metal, fuel and power: the first stage of heavy industry, and who gets the metal (docs/model.md).

Metal is counted as steel, in million tonnes; fuel and power go with it. Its works take longest to build and
to master, so that a surge of engineering and construction ends at the metal (D-52, D-53, D-77).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.capital import INDUSTRY
from planmodel.sectors.production import cobb_douglas, worth_making


class MetalParameters(Parameters):
    """Production of metal and the claims of plants on it."""

    metal_output_1928: Array = parameter(
        4.251, unit="million tonnes/year", bounds=(4.0, 4.5), symbol=r"Y_M",
        meaning="steel made in 1928", source="Promyshlennost SSSR", evidence="recalled",
    )  # fmt: skip
    metal_capital_1928: Array = parameter(
        2.73, unit="billion roubles of 1928", bounds=(1.8, 3.2), symbol=r"K_M",
        meaning="capacity at which the output of 1928 was produced", source="assumption",
    )  # fmt: skip
    metal_capital_share: Array = parameter(
        0.541, unit="1", bounds=(0.3, 0.9), symbol=r"\alpha_M",
        meaning="elasticity of the output of metal to capacity", source="assumption",
    )  # fmt: skip
    upkeep: Array = parameter(
        0.0996, unit="Mt/billion roubles/year", bounds=(0.02, 0.1), symbol=r"u",
        meaning="metal that plants and railways need for repairs, by their capital",
        source="D-52, D-55: plants lack steel and parts; about a quarter of the steel of 1928; assumption",
    )  # fmt: skip
    upkeep_effect: Array = parameter(
        0.05, unit="1", bounds=(0.05, 1.0), symbol=r"\upsilon",
        meaning="elasticity of industrial output to upkeep, smoothed over half a year",
        source="D-53; size assumed",
    )  # fmt: skip


class Metal(Component):
    """Output of metal from capacity, work, transport and upkeep; metal is shared by rank."""

    name = "metal"
    parameters = MetalParameters
    commodities = (Commodity("metal", "million tonnes", "metal, counted as steel"),)
    accounts = (
        Account("metal", "works", "metal made", kind="source"),
        Account("metal", "abroad", "metal imported", kind="source"),
        Account("metal", "supply", "metal to be allocated"),
        Account("metal", "engineering", "metal worked up in engineering", kind="sink"),
        Account("metal", "sites", "metal built into construction sites", kind="sink"),
        Account("metal", "upkeep", "metal for repairs of plants and railways", kind="sink"),
    )
    flows = (
        Flow("metal_output", "metal", "works", "supply", "metal made"),
        Flow("imports_metal", "metal", "abroad", "supply", "metal imported"),
        Flow("metal_to_engineering", "metal", "supply", "engineering", "metal for engineering", rank=2),
        Flow("metal_to_shock_sites", "metal", "supply", "sites", "metal for shock sites", rank=1),
        Flow("metal_to_sites", "metal", "supply", "sites", "metal for ordinary sites", rank=2),
        Flow("metal_to_upkeep", "metal", "supply", "upkeep", "metal for repairs", rank=2),
    )
    variables = (
        Variable("metal_and_fuel_index", "1928 = 1", "output of metal, fuel and power", 1.0),
        Variable("upkeep_ratio", "1", "metal for repairs received over needed, smoothed", 1.0),
        Variable("upkeep_claim", "million tonnes/month", "metal needed for repairs", 0.09),
    )

    def processes(self) -> Iterable[Process]:
        """Produce, claim for repairs, take note of what was received."""
        yield every(self.clock, "production", self.produce)
        yield every(self.clock, "distribution", self.claim)
        yield every(self.clock, "consumption", self.take_note)

    def produce(self) -> None:
        """Y = Y0 (K/K0)^a (L work / L0)^(1-a) competence transport upkeep^v, less what finds no use."""
        board, p = self.board, self.p
        capital = board["capacity_metal_and_fuel"] / p.metal_capital_1928
        made = cobb_douglas(capital, board["heavy_labour"], p.metal_capital_share) * board["competence"]
        made = made * board["transport_ratio"] * board["upkeep_ratio"] ** p.upkeep_effect
        output = worth_making(p.metal_output_1928 / 12.0 * made, self.stock("metal", "supply"))
        self.ledger.propose("metal_output", output)
        board["metal_and_fuel_index"] = 12.0 * output / p.metal_output_1928
        plants = total(self.stock("works", f"capital_{branch}") for branch in INDUSTRY)
        board["upkeep_claim"] = p.upkeep / 12.0 * plants

    def claim(self) -> None:
        """Claim for repairs; engineering and sites claim for themselves."""
        self.ledger.propose("metal_to_upkeep", self.board["upkeep_claim"])

    def take_note(self) -> None:
        """Upkeep = received over needed, smoothed over half a year."""
        got = self.ledger.moved("metal_to_upkeep") / np.maximum(self.board["upkeep_claim"], 1e-9)
        before = self.board["upkeep_ratio"]
        now = before + (got - before) / 6.0
        self.board["upkeep_ratio"] = np.minimum(np.maximum(now, 0.05), 1.0)
