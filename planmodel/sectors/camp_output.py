"""What the unfree give: building, timber and gold for export, mining; always less than free labour (D-24).

The board says what they give; other components take it up. Camps cost next to no money (D-23) and go where
nobody else goes (D-21).
"""

from __future__ import annotations

from collections.abc import Iterable

from planmodel.engine import Array, Component, Lever, Parameters, Switch, Variable, every, parameter
from planmodel.engine.clock import Process

GOLD_ROUBLE = 0.774234  # grams of gold in a rouble of 1897, the unit of account of foreign trade


class CampOutputParameters(Parameters):
    """Who does what, and how much of it."""

    camp_work: Array = parameter(
        0.45, unit="1", bounds=(0.2, 0.9), symbol=r"\phi_c",
        meaning="work of a healthy inmate or settler relative to a free worker",
        source="D-24: below free labour; size assumed",
    )  # fmt: skip
    settlers_working: Array = parameter(
        0.5, unit="1", bounds=(0.3, 0.7), symbol=r"\eta_s",
        meaning="share of settlers who are of working age and are put to work",
        source="D-3: children and old people among the deported; size assumed",
    )  # fmt: skip
    camp_builders: Array = parameter(
        0.20, unit="1", bounds=(0.05, 0.6), symbol=r"\beta_c",
        meaning="share of camp inmates, and of working settlers, who build",
        source="D-29: the NKVD led 18 % of planned investment in 1941; size assumed",
    )  # fmt: skip
    camp_timber: Array = parameter(
        0.20, unit="1", bounds=(0.0, 0.5), symbol=r"\beta_t",
        meaning="share of camp inmates, and of working settlers, who cut timber",
        source="D-21, D-27; size assumed",
    )  # fmt: skip
    timber_value: Array = parameter(
        140.0, unit="gold roubles/person/year", bounds=(20.0, 400.0), symbol=r"v_t",
        meaning="export value of the timber that a free feller cuts in a year",
        source="timber exports of about 0.1 billion gold roubles a year, recalled; size assumed",
    )  # fmt: skip
    camp_miners: Array = parameter(
        0.12, unit="1", bounds=(0.0, 0.4), symbol=r"\beta_m",
        meaning="share of camp inmates, and of working settlers, who mine coal and ores",
        source="D-3, D-21; size assumed",
    )  # fmt: skip
    gold_share: Array = parameter(
        0.13, unit="1", bounds=(0.0, 0.3), symbol=r"\beta_g",
        meaning="share of camp inmates in the gold fields once these are opened up",
        source="some 0.19 million of 1.5 million inmates in Dalstroi at the end of 1940", evidence="recalled",
    )  # fmt: skip
    gold_opening: Array = parameter(
        4.5, unit="years", bounds=(1.0, 8.0), symbol=r"\tau_g",
        meaning="time in which the gold fields are opened up",
        source="0.5 t in 1932, 33 t in 1936, 80 t in 1940 (Dalstroi)", evidence="recalled",
    )  # fmt: skip
    gold_yield: Array = parameter(
        0.50, unit="kg/person/year", bounds=(0.2, 1.2), symbol=r"v_g",
        meaning="gold that an inmate wins in a year",
        source="80 t by 0.19 million in 1940 (recalled); 1 kg in the book, contested; lines 9151-9158",
        evidence="recalled",
    )  # fmt: skip


class CampOutput(Component):
    """Work, timber and gold of the unfree."""

    name = "camp_output"
    parameters = CampOutputParameters
    variables = (
        Variable("camp_builders", "million persons", "free builders whose work the unfree do"),
        Variable("camp_miners", "million persons", "free miners whose work the unfree do"),
        Variable("camp_timber", "billion gold roubles/month", "export value of timber cut by the unfree"),
        Variable("camp_gold", "billion gold roubles/month", "value of gold won by camp inmates"),
        Variable("gold_fields", "1", "how far the gold fields of the camps are opened up"),
    )
    levers = (Lever("gold_mining", 0.0, (0.0, 1.0), "camps are to win gold"),)
    switches = (Switch("camp_labour", "the unfree work for the plan"),)

    def processes(self) -> Iterable[Process]:
        """Work every month."""
        yield every(self.clock, "production", self.work)

    def work(self) -> None:
        """Output = share x people x phi z: health lowers the norm fulfilled, and the work done."""
        planned = self.lever("camp_economy") if self.on("camp_labour") else 0.0
        inmates = self.stock("people", "camp_inmates") * self.board["camp_health"]
        settlers = self.stock("people", "special_settlers") * self.board["settlement_health"]
        hands = (inmates + self.p.settlers_working * settlers) * self.p.camp_work * planned
        self.board["camp_builders"] = hands * self.p.camp_builders
        self.board["camp_miners"] = hands * self.p.camp_miners
        self.board["camp_timber"] = hands * self.p.camp_timber * self.p.timber_value / 12.0e3
        opened = self.board["gold_fields"]
        opened = opened + (self.lever("gold_mining") - opened) / (12.0 * self.p.gold_opening)
        self.board["gold_fields"] = opened
        tonnes = inmates * planned * self.p.gold_share * opened * self.p.gold_yield * 1000.0
        self.board["camp_gold"] = tonnes / GOLD_ROUBLE / 1000.0 / 12.0
