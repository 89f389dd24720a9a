"""Consumer goods (Group B): factories limited by farm products, and artisans who disappear beside them."""

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
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process
from planmodel.sectors.production import cobb_douglas

CROPS = {9: 0.2, 10: 0.3, 11: 0.25, 12: 0.15, 1: 0.1}  # share of the industrial crops procured in a month


class ConsumerGoodsParameters(Parameters):
    """Factories, farm inputs and artisans."""

    factory_output_1928: Array = parameter(
        6.0, unit="billion roubles/year", bounds=(4.5, 8.0), symbol=r"Y_B",
        meaning="consumer goods of factories in 1928", source="assumption from Group B in gross output, 1928",
    )  # fmt: skip
    factory_capital_1928: Array = parameter(
        4.61, unit="billion roubles of 1928", bounds=(3.0, 6.0), symbol=r"K_B",
        meaning="capacity at which the output of 1928 was produced", source="assumption",
    )  # fmt: skip
    factory_workers_1928: Array = parameter(
        2.07, unit="million persons", bounds=(1.9, 2.3), symbol=r"L_B",
        meaning="workers with whom the output of 1928 was produced", source="as the initial stock",
    )  # fmt: skip
    factory_capital_share: Array = parameter(
        0.306, unit="1", bounds=(0.2, 0.6), symbol=r"\alpha_B",
        meaning="elasticity of factory output to capacity", source="assumption",
    )  # fmt: skip
    crop_effect: Array = parameter(
        0.393, unit="1", bounds=(0.2, 1.0), symbol=r"\upsilon_c",
        meaning="elasticity of factory output to industrial crops per unit of potential",
        source="sketch, point 7: crops limit consumer goods; size assumed",
    )  # fmt: skip
    input_effect: Array = parameter(
        0.0315, unit="1", bounds=(0.0, 0.7), symbol=r"\upsilon_b",
        meaning="elasticity of factory output to producer goods received", source="D-53; size assumed",
    )  # fmt: skip
    consumer_inputs: Array = parameter(
        0.15, unit="1", bounds=(0.03, 0.15), symbol=r"a_{AB}",
        meaning="producer goods used up per unit of factory consumer goods", source="assumption",
    )  # fmt: skip
    crops_1928: Array = parameter(
        1.5, unit="billion roubles/year", bounds=(1.0, 2.0), symbol=r"C_0",
        meaning="industrial crops bought in 1928, imports included", source="assumption",
    )  # fmt: skip
    crop_push: Array = parameter(
        1.83, unit="1", bounds=(0.0, 2.0), symbol=r"\pi_c",
        meaning="rise of industrial crops that plan area, irrigation and better prices bring in the end",
        source="raw cotton 0.79 Mt in 1928, 2.6 in 1937; sugar beet 10.1 and 21.9; flax and wool flat",
        evidence="assumption",
    )  # fmt: skip
    crop_disorder: Array = parameter(
        0.25, unit="1", bounds=(0.0, 0.8), symbol=r"\delta_c",
        meaning="loss of industrial crops for each point of effort withheld and food wanting",
        source="sugar beet 14.0 Mt in 1930, 6.6 in 1932; size assumed", evidence="assumption",
    )  # fmt: skip
    artisan_output_1928: Array = parameter(
        2.2, unit="billion roubles/year", bounds=(1.5, 3.5), symbol=r"Y_H",
        meaning="consumer goods of artisans in 1928", source="D-41; size assumed",
    )  # fmt: skip
    artisan_capital_1928: Array = parameter(
        0.8, unit="billion roubles of 1928", bounds=(0.5, 1.2), symbol=r"K_H",
        meaning="artisans' capital with which the output of 1928 was made", source="as the initial stock",
    )  # fmt: skip


class ConsumerGoods(Component):
    """Factory and artisan output, shared between towns and village."""

    name = "consumer_goods"
    parameters = ConsumerGoodsParameters
    commodities = (
        Commodity("consumer_goods", "billion roubles of 1928", "industrial consumer goods"),
        Commodity("industrial_crops", "billion roubles of 1928", "cotton, flax, sugar beet, wool, hides"),
    )
    accounts = (
        Account("consumer_goods", "factories", "output of factories", kind="source"),
        Account("consumer_goods", "artisans", "output of artisans", kind="source"),
        Account("consumer_goods", "trade", "consumer goods in trade"),
        Account("consumer_goods", "towns", "consumer goods sold in towns", kind="sink"),
        Account("consumer_goods", "village", "consumer goods sold in the village", kind="sink"),
        Account("industrial_crops", "fields", "industrial crops harvested", kind="source"),
        Account("industrial_crops", "mills", "industrial crops in the mills' stores"),
        Account("industrial_crops", "used", "industrial crops used up", kind="sink"),
    )
    flows = (
        Flow("output_consumer_goods", "consumer_goods", "factories", "trade", "consumer goods of factories"),
        Flow("output_artisans", "consumer_goods", "artisans", "trade", "consumer goods of artisans"),
        Flow("goods_to_towns", "consumer_goods", "trade", "towns", "consumer goods sold in towns"),
        Flow("goods_to_village", "consumer_goods", "trade", "village", "consumer goods sold in the village"),
        Flow("crop_harvest", "industrial_crops", "fields", "mills", "industrial crops procured"),
        Flow("crops_used", "industrial_crops", "mills", "used", "industrial crops used by factories"),
    )
    variables = (
        Variable("consumer_goods_index", "1928 = 1", "output of consumer-goods factories", 1.0),
        Variable("consumer_goods_claim", "billion roubles of 1928/month", "producer goods needed", 0.035),
        Variable("artisan_capacity", "1928 = 1", "capital of artisans over that of 1928", 1.0),
        Variable("crop_expansion", "1", "rise of industrial crops by plan area and irrigation"),
        Variable("crop_ratio", "1", "industrial crops at hand over need", 1.0),
    )
    levers = (Lever("village_goods_share", 0.45, (0.1, 0.7), "share of consumer goods sent to the village"),)

    def processes(self) -> Iterable[Process]:
        """Crops in autumn, goods every month."""
        yield every(self.clock, "production", self.procure_crops)
        yield every(self.clock, "distribution", self.produce)
        yield every(self.clock, "consumption", self.sell)
        yield every(self.clock, "money", self.count_artisans)

    def procure_crops(self) -> None:
        """Crops = C0 (1 + pi expansion) (1 - 2 delta s (1 - effort + 1 - N)) (1 + w/2), in autumn."""
        if self.month == 4:
            step = 0.12 * (1.0 - self.board["crop_expansion"])
            self.board["crop_expansion"] = self.board["crop_expansion"] + step
        part = CROPS.get(self.month)
        if part is None:
            return
        share = self.board["collectivised_share"]
        wanting = (1.0 - self.board["effort"]) + np.maximum(1.0 - self.board["village_nutrition"], 0.0)
        order = 1.0 - self.p.crop_disorder * share * wanting * 2.0
        order = np.minimum(np.maximum(order, 0.2), 1.0)
        crop = self.p.crops_1928 * (1.0 + self.p.crop_push * self.board["crop_expansion"]) * order
        crop = crop * np.maximum(1.0 + 0.5 * self.board["weather"], 0.3)
        self.ledger.propose("crop_harvest", crop * part)

    def produce(self) -> None:
        """Y = Y0 (K/K0)^a (L work / L0)^(1-a) crops^c inputs^b; crops must last to the next harvest."""
        capital = self.board["capacity_consumer_goods"] / self.p.factory_capital_1928
        workers = self.stock("people", "consumer_goods_workers") * self.board["work_per_head"]
        labour = workers / self.p.factory_workers_1928
        potential = cobb_douglas(capital, labour, self.p.factory_capital_share) * self.board["competence"]
        month = self.p.factory_output_1928 / 12.0
        months = (9 - self.month) % 12 + 1
        need = self.p.crops_1928 / 12.0 * potential
        at_hand = self.stock("industrial_crops", "mills") / np.maximum(months, 3.0)
        ratio = np.minimum(np.maximum(at_hand / np.maximum(need, 1e-9), 0.05), 1.2)
        enough = np.minimum(ratio, 1.0)
        inputs = np.maximum(self.board["input_ratio_consumer_goods"], 0.05) ** self.p.input_effect
        index = potential * enough**self.p.crop_effect * inputs
        self.ledger.propose("crops_used", np.minimum(need * index / np.maximum(potential, 1e-9), at_hand))
        self.ledger.propose("output_consumer_goods", index * month)
        artisans = self.board["artisan_capacity"] * np.sqrt(enough)
        self.ledger.propose("output_artisans", artisans * self.p.artisan_output_1928 / 12.0)
        self.board["consumer_goods_index"] = index
        self.board["crop_ratio"] = ratio
        self.board["consumer_goods_claim"] = potential * month * self.p.consumer_inputs

    def sell(self) -> None:
        """Sell what is in trade: a decreed share to the village, the rest to towns."""
        goods = self.stock("consumer_goods", "trade")
        village = self.lever("village_goods_share")
        self.ledger.propose("goods_to_village", goods * village)
        self.ledger.propose("goods_to_towns", goods * (1.0 - village))

    def count_artisans(self) -> None:
        """Artisans make as much as their capital (`capital`) allows, over that of 1928."""
        capital = self.stock("works", "capital_artisans")
        self.board["artisan_capacity"] = capital / self.p.artisan_capital_1928
