"""Heavy industry (Group A): producer goods, and to whom they go (docs/model.md)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import (
    Account,
    Array,
    Commodity,
    Component,
    Flow,
    Input,
    Parameters,
    Variable,
    every,
    parameter,
)
from planmodel.kernel.clock import Process


class HeavyIndustryParameters(Parameters):
    """Production of producer goods and the claims on them."""

    output_1928: Array = parameter(
        3.3, unit="billion roubles/year", bounds=(2.5, 4.5), symbol=r"Y_A",
        meaning="producer goods of 1928 net of what heavy industry uses up itself",
        source="Group A about 40 % of gross output in 1928; net share assumed",
    )  # fmt: skip
    capital_1928: Array = parameter(
        3.8, unit="billion roubles of 1928", bounds=(3.5, 7.0), symbol=r"K_A",
        meaning="capacity at which the output of 1928 was produced", source="assumption",
    )  # fmt: skip
    workers_1928: Array = parameter(
        1.7, unit="million persons", bounds=(1.5, 1.9), symbol=r"L_A",
        meaning="workers with whom the output of 1928 was produced", source="as the initial stock",
    )  # fmt: skip
    capital_share: Array = parameter(
        0.56, unit="1", bounds=(0.25, 0.65), symbol=r"\alpha_A",
        meaning="elasticity of output to capacity", source="assumption",
    )  # fmt: skip
    upkeep: Array = parameter(
        0.23, unit="1", bounds=(0.05, 0.3), symbol=r"u_A",
        meaning="producer goods that existing plants need for spare parts and repairs, over output",
        source="D-52, D-55: plants lack steel and parts; size assumed",
    )  # fmt: skip
    upkeep_effect: Array = parameter(
        0.4, unit="1", bounds=(0.1, 1.0), symbol=r"\upsilon",
        meaning="elasticity of output to upkeep, smoothed over half a year", source="D-53; size assumed",
    )  # fmt: skip
    defence_share: Array = parameter(
        0.091, unit="1", bounds=(0.02, 0.12), symbol=r"d_0",
        meaning="share of producer goods that defence takes in 1928",
        source="defence outlays over net output; assumption",
    )  # fmt: skip


class HeavyIndustry(Component):
    """Output from capacity, work and upkeep; the goods are shared by rank (see accumulation)."""

    name = "heavy_industry"
    parameters = HeavyIndustryParameters
    commodities = (Commodity("producer_goods", "billion roubles of 1928", "producer goods"),)
    accounts = (
        Account("producer_goods", "heavy_industry", "output of heavy industry", kind="source"),
        Account("producer_goods", "abroad", "imported machines and materials", kind="source"),
        Account("producer_goods", "supply", "producer goods to be allocated"),
        Account("producer_goods", "upkeep", "used up in heavy industry", kind="sink"),
        Account("producer_goods", "consumer_goods", "used up in consumer-goods factories", kind="sink"),
        Account("producer_goods", "defence", "used by defence", kind="sink"),
        Account("producer_goods", "sites", "built into construction sites", kind="sink"),
    )
    flows = (
        Flow(
            "output_heavy_industry", "producer_goods", "heavy_industry", "supply", "heavy industry's output"
        ),
        Flow(
            "imports_producer_goods", "producer_goods", "abroad", "supply", "machines and materials imported"
        ),
        Flow("goods_to_defence", "producer_goods", "supply", "defence", "producer goods for defence", rank=0),
        Flow("goods_to_sites", "producer_goods", "supply", "sites", "producer goods for sites", rank=1),
        Flow("goods_to_upkeep", "producer_goods", "supply", "upkeep", "producer goods for upkeep", rank=1),
        Flow(
            "goods_to_consumer_goods",
            "producer_goods",
            "supply",
            "consumer_goods",
            "producer goods for consumer-goods factories",
            rank=3,
        ),
    )
    variables = (
        Variable("heavy_industry_index", "1928 = 1", "output of heavy industry", 1.0),
        Variable(
            "heavy_industry_potential", "billion roubles of 1928/month", "output with full upkeep", 0.275
        ),
        Variable("upkeep_ratio", "1", "upkeep received over needed, smoothed", 1.0),
        Variable("upkeep_claim", "billion roubles of 1928/month", "upkeep needed", 0.04),
        Variable(
            "input_ratio_consumer_goods", "1", "producer goods received over needed, consumer goods", 1.0
        ),
    )
    inputs = (Input("defence_index", "index 1928=1", "defence outlays at constant prices"),)

    def processes(self) -> Iterable[Process]:
        """Produce, claim, take note of what was received."""
        yield every(self.clock, "production", self.produce)
        yield every(self.clock, "distribution", self.claim)
        yield every(self.clock, "consumption", self.take_note)

    def produce(self) -> None:
        """Y = Y0 (K/K0)^a (L work / L0)^(1-a) upkeep^v competence / (1 + idle).

        Idle is what lies unsold beyond a quarter's output, over a quarter's output: nothing is made for long
        that finds no use.
        """
        capital = self.board["capacity_heavy_industry"] / self.p.capital_1928
        workers = self.stock("people", "heavy_industry_workers") * self.board["work_per_head"]
        labour = workers / self.p.workers_1928
        share = self.p.capital_share
        potential = self.p.output_1928 / 12.0 * capital**share * labour ** (1.0 - share)
        potential = potential * self.board["competence"]
        unsold = self.stock("producer_goods", "supply") / np.maximum(3.0 * potential, 1e-9)
        idle = np.maximum(unsold - 1.0, 0.0)
        output = potential * self.board["upkeep_ratio"] ** self.p.upkeep_effect / (1.0 + idle)
        self.ledger.propose("output_heavy_industry", output)
        self.board["heavy_industry_potential"] = potential
        self.board["upkeep_claim"] = potential * self.p.upkeep
        self.board["heavy_industry_index"] = output * 12.0 / self.p.output_1928

    def claim(self) -> None:
        """Claim for defence, upkeep and consumer goods; construction claims in accumulation."""
        defence = self.exogenous("defence_index") * self.p.defence_share * self.p.output_1928 / 12.0
        self.ledger.propose("goods_to_defence", defence)
        self.ledger.propose("goods_to_upkeep", self.board["upkeep_claim"])
        self.ledger.propose("goods_to_consumer_goods", self.board["consumer_goods_claim"])

    def take_note(self) -> None:
        """Note what was received against what was needed."""
        got = self.ledger.moved("goods_to_upkeep") / np.maximum(self.board["upkeep_claim"], 1e-9)
        before = self.board["upkeep_ratio"]
        self.board["upkeep_ratio"] = np.clip(before + (got - before) / 6.0, 0.05, 1.0)
        wanted = np.maximum(self.board["consumer_goods_claim"], 1e-9)
        ratio = np.clip(self.ledger.moved("goods_to_consumer_goods") / wanted, 0.0, 1.0)
        before = self.board["input_ratio_consumer_goods"]
        self.board["input_ratio_consumer_goods"] = before + (ratio - before) / 3.0
