"""Heavy industry (Group A): engineering works up the metal; its goods are shared by rank (docs/model.md)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
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
from planmodel.engine.clock import Process
from planmodel.sectors.calendar import years_since_base
from planmodel.sectors.production import cobb_douglas, worth_making


class HeavyIndustryParameters(Parameters):
    """Production of producer goods and the claims on them."""

    output_1928: Array = parameter(
        2.58, unit="billion roubles/year", bounds=(2.0, 3.5), symbol=r"Y_E",
        meaning="producer goods (machines, equipment, weapons) of 1928",
        source="Group A about 40 % of gross output in 1928, less metal and fuel; assumption",
    )  # fmt: skip
    machine_capital_1928: Array = parameter(
        1.84, unit="billion roubles of 1928", bounds=(1.8, 3.2), symbol=r"K_E",
        meaning="capacity at which the output of 1928 was produced", source="assumption",
    )  # fmt: skip
    engineering_capital_share: Array = parameter(
        0.401, unit="1", bounds=(0.2, 0.7), symbol=r"\alpha_E",
        meaning="elasticity of the output of engineering to capacity", source="assumption",
    )  # fmt: skip
    workers_1928: Array = parameter(
        1.7, unit="million persons", bounds=(1.5, 1.9), symbol=r"L_A",
        meaning="workers of both stages with whom the output of 1928 was produced",
        source="as the initial stock",
    )  # fmt: skip
    metal_use: Array = parameter(
        1.07, unit="Mt/billion roubles", bounds=(0.4, 1.1), symbol=r"a_M",
        meaning="metal worked up per rouble of producer goods in 1928",
        source="about two fifths of the steel of 1928; assumption",
    )  # fmt: skip
    metal_saving: Array = parameter(
        0.0576, unit="1/year", bounds=(0.0, 0.1), symbol=r"\gamma_M",
        meaning="yearly fall of the metal in a rouble of producer goods, as finer goods are made",
        source="engineering grew faster than steel; size assumed",
    )  # fmt: skip
    metal_weight: Array = parameter(
        0.215, unit="1", bounds=(0.2, 0.6), symbol=r"\theta_M",
        meaning="weight of metal, fuel and power in the output of heavy industry of 1928",
        source="assumption",
    )  # fmt: skip
    defence_share: Array = parameter(
        0.145, unit="1", bounds=(0.04, 0.16), symbol=r"d_0",
        meaning="share of producer goods that defence takes in 1928",
        source="defence outlays over net output; assumption",
    )  # fmt: skip


class HeavyIndustry(Component):
    """Producer goods from capacity, work and metal; the goods are shared by rank."""

    name = "heavy_industry"
    parameters = HeavyIndustryParameters
    commodities = (Commodity("producer_goods", "billion roubles of 1928", "machines, equipment and weapons"),)
    accounts = (
        Account("producer_goods", "engineering", "output of engineering", kind="source"),
        Account("producer_goods", "abroad", "imported machines", kind="source"),
        Account("producer_goods", "supply", "producer goods to be allocated"),
        Account("producer_goods", "consumer_goods", "used up in consumer-goods factories", kind="sink"),
        Account("producer_goods", "defence", "used by defence", kind="sink"),
        Account("producer_goods", "sites", "installed on construction sites", kind="sink"),
    )
    flows = (
        Flow("output_engineering", "producer_goods", "engineering", "supply", "output of engineering"),
        Flow("imports_producer_goods", "producer_goods", "abroad", "supply", "machines imported"),
        Flow("goods_to_defence", "producer_goods", "supply", "defence", "producer goods for defence", rank=0),
        Flow("goods_to_shock_sites", "producer_goods", "supply", "sites", "goods for shock sites", rank=1),
        Flow("goods_to_sites", "producer_goods", "supply", "sites", "goods for ordinary sites", rank=2),
        Flow(
            "goods_to_consumer_goods",
            "producer_goods",
            "supply",
            "consumer_goods",
            "producer goods for consumer-goods factories",
            rank=2,
        ),
    )
    variables = (
        Variable("heavy_labour", "1928 = 1", "effective labour of heavy industry", 1.0),
        Variable("heavy_industry_index", "1928 = 1", "output of heavy industry", 1.0),
        Variable("engineering_index", "1928 = 1", "output of engineering", 1.0),
        Variable("metal_ratio_engineering", "1", "metal received over needed by engineering, smoothed", 1.0),
        Variable("metal_claim_engineering", "million tonnes/month", "metal needed by engineering", 0.15),
        Variable("defence_claim", "billion roubles of 1928/month", "producer goods defence takes", 0.02),
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
        yield every(self.clock, "money", self.count)

    def produce(self) -> None:
        """Y = Y0 (K/K0)^a (L work / L0)^(1-a) competence x metal received over needed, less the unsold.

        Metal is needed for what capacity and labour could make: a_M exp(-g t) a rouble.
        """
        board, p = self.board, self.p
        capital = board["capacity_engineering"] / p.machine_capital_1928
        able = cobb_douglas(capital, board["heavy_labour"], p.engineering_capital_share)
        able = able * board["competence"] * p.output_1928 / 12.0
        unsold = self.stock("producer_goods", "supply")
        output = worth_making(able * board["metal_ratio_engineering"], unsold)
        self.ledger.propose("output_engineering", output)
        board["engineering_index"] = 12.0 * output / p.output_1928
        years = years_since_base(self.clock.today)
        need = worth_making(able, unsold) * p.metal_use * np.exp(-p.metal_saving * years)
        board["metal_claim_engineering"] = need
        board["defence_claim"] = self.exogenous("defence_index") * p.defence_share * p.output_1928 / 12.0

    def claim(self) -> None:
        """Claim metal, and goods for defence and consumer goods; sites claim in accumulation."""
        self.ledger.propose("metal_to_engineering", self.board["metal_claim_engineering"])
        self.ledger.propose("goods_to_defence", self.board["defence_claim"])
        self.ledger.propose("goods_to_consumer_goods", self.board["consumer_goods_claim"])

    def take_note(self) -> None:
        """Note what was received against what was needed, smoothed over a quarter."""
        for flow, claim, ratio in (
            ("metal_to_engineering", "metal_claim_engineering", "metal_ratio_engineering"),
            ("goods_to_consumer_goods", "consumer_goods_claim", "input_ratio_consumer_goods"),
        ):
            got = np.minimum(self.ledger.moved(flow) / np.maximum(self.board[claim], 1e-9), 1.0)
            self.board[ratio] = self.board[ratio] + (got - self.board[ratio]) / 3.0

    def count(self) -> None:
        """Output of heavy industry = w metal + (1 - w) engineering; labour = workers x work / 1928's."""
        board, p = self.board, self.p
        board["heavy_industry_index"] = (
            p.metal_weight * board["metal_and_fuel_index"]
            + (1.0 - p.metal_weight) * board["engineering_index"]
        )
        workers = self.stock("people", "heavy_industry_workers") * board["work_per_head"]
        board["heavy_labour"] = workers / p.workers_1928
