"""What happens on the shop floor: shock work, communes, meetings, norms, and how wide pay is spread."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Lever,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
)
from planmodel.engine.clock import Process


class ShopfloorParameters(Parameters):
    """How movements spread and what they change."""

    contagion: Array = parameter(
        0.42, unit="1/month", bounds=(0.05, 0.8), symbol=r"g_s",
        meaning="growth of shock work where few take part",
        source="Bettelheim, lines 6648-6699; size assumed",
    )  # fmt: skip
    at_most: Array = parameter(
        0.65, unit="1", bounds=(0.1, 1.0), symbol=r"\bar S",
        meaning="share of the workers that shock work can reach", source="assumption",
    )  # fmt: skip
    hostility: Array = parameter(
        1.5, unit="1", bounds=(0.0, 6.0), symbol=r"\eta",
        meaning="shock workers lost for each part by which norms are raised",
        source="Bettelheim, lines 6718-6722: hostility where records lift norms; size assumed",
    )  # fmt: skip
    walled_off: Array = parameter(
        0.3, unit="1", bounds=(0.0, 1.0), symbol=r"\nu",
        meaning="contagion that one-man management takes away",
        source="line 65: workers walled off from management; size assumed",
    )  # fmt: skip
    sharing: Array = parameter(
        0.12, unit="1/month", bounds=(0.02, 1.0), symbol=r"g_c",
        meaning="growth of communes with equal shares while levelling is favoured, at full shock work",
        source="line 55: brigades that pool and split pay; size assumed",
    )  # fmt: skip
    parting: Array = parameter(
        0.30, unit="1/month", bounds=(0.05, 1.0), symbol=r"d_c",
        meaning="communes that end in a month once levelling is fought", source="line 57; size assumed",
    )  # fmt: skip
    spread: Array = parameter(
        1.8, unit="1", bounds=(1.1, 3.0), symbol=r"\pi_0",
        meaning="pay of skilled over unskilled in 1928", source="assumption",
    )  # fmt: skip
    levelled: Array = parameter(
        0.35, unit="1", bounds=(0.0, 1.0), symbol=r"\lambda_0",
        meaning="share of the spread that favour for levelling takes away in all such plants",
        source="E-030, line 55: reduced everywhere for a while; size assumed",
    )  # fmt: skip
    elsewhere: Array = parameter(
        0.3, unit="1", bounds=(0.0, 1.0), symbol=r"\lambda_1",
        meaning="the same in the other plants, over that share", source="line 57: weaker there; size assumed",
    )  # fmt: skip
    scarcity: Array = parameter(
        0.3, unit="1", bounds=(0.0, 1.5), symbol=r"\sigma",
        meaning="elasticity of the spread with respect to scarcity of skill, in the other plants",
        source="line 55: dramatic shortage of skilled labour; size assumed",
    )  # fmt: skip
    meeting_time: Array = parameter(
        0.75, unit="hours/day", bounds=(0.0, 1.5), symbol=r"m",
        meaning="working time that meetings take where all take part and nobody stops them",
        source="E-028, line 53: half an hour on average, by the complaints of managers; size assumed",
    )  # fmt: skip
    stopped: Array = parameter(
        0.4, unit="1", bounds=(0.0, 1.0), symbol=r"o_m",
        meaning="meetings in working time that one-man management stops", source="line 65; size assumed",
    )  # fmt: skip
    ratchet: Array = parameter(
        0.18, unit="1/year", bounds=(0.0, 0.6), symbol=r"r",
        meaning="yearly rise of norms that records of shock workers at full share justify",
        source="C-022 and C-023: 10 to 20 % in 1929-30; Bettelheim, lines 6073-6085; size assumed",
    )  # fmt: skip
    campaign: Array = parameter(
        0.08, unit="1/year", bounds=(0.0, 0.4), symbol=r"r_0",
        meaning="yearly rise of norms that a campaign for norms brings by itself",
        source="Bettelheim, lines 5555-5564; size assumed",
    )  # fmt: skip


class Shopfloor(Component):
    """The variables of the shop floor, once a month."""

    name = "shopfloor"
    parameters = ShopfloorParameters
    variables = (
        Variable("shock_workers", "1", "share of shock workers", 0.02),
        Variable("communes", "1", "share of workers in communes, in plants that level"),
        Variable("spread_level", "1", "pay of skilled over unskilled in plants that level", 1.8),
        Variable("spread_wide", "1", "pay of skilled over unskilled in the other plants", 1.8),
        Variable("mean_spread", "1", "pay of skilled over unskilled in all plants", 1.8),
        Variable("meetings", "hours/day", "working time spent in meetings"),
        Variable("norm", "index, first month=1", "output norms", 1.0),
        Variable("norm_rise", "1", "rise of norms in the month, as a share"),
    )
    levers = (
        Lever("shock_work", 0.0, (0.0, 1.0), "shock work and competition are called for"),
        Lever("levelling", 0.0, (0.0, 1.0), "equal pay and communes are favoured"),
        Lever("one_man_management", 0.0, (0.0, 1.0), "the director alone decides in the plant"),
        Lever("norm_campaign", 0.0, (0.0, 1.0), "norms are to be raised"),
    )
    switches = (
        Switch("levelling", "levelling, where it is favoured, narrows pay and spreads communes"),
        Switch("shock_work", "shock work spreads where it is called for"),
        Switch("one_man_management", "one-man management has effect"),
        Switch("meetings", "meetings take working time"),
        Switch("norm_ratchet", "records raise norms"),
    )

    def processes(self) -> Iterable[Process]:
        """Move the shop floor at the head of each month."""
        yield every(self.clock, "shopfloor", self.move)

    def in_force(self, lever: str) -> float:
        """Return a lever whose mechanism may be switched off."""
        return self.lever(lever) if self.on(lever) else 0.0

    def move(self) -> None:
        """Let shock work, communes, norms and meetings take their course, and set how wide pay is spread."""
        shock, rise = self.board["shock_workers"], self._norm_rise()
        alone = self.in_force("one_man_management")
        grown = self.p.contagion * shock * (1.0 - shock / self.p.at_most) * self.in_force("shock_work")
        grown = grown * (1.0 - self.p.walled_off * alone)
        shock = np.clip(shock + grown - self.p.hostility * rise * shock, 0.0, 1.0)
        self.board["shock_workers"] = shock
        self.board["norm"] = self.board["norm"] * (1.0 + rise)
        self.board["norm_rise"] = rise
        taking_part = np.sqrt(np.minimum(shock / self.p.at_most, 1.0)) if self.on("meetings") else self.zeros
        self.board["meetings"] = self.p.meeting_time * taking_part * (1.0 - self.p.stopped * alone)
        self._share()
        self._spread()

    def _norm_rise(self) -> Array:
        records = self.p.ratchet * self.board["shock_workers"] / self.p.at_most
        yearly = records * float(self.on("norm_ratchet")) + self.p.campaign * self.lever("norm_campaign")
        return yearly / 12.0

    def _share(self) -> None:
        """Communes: dc = g_c S favour (1 - c) - d_c (1 - favour) c, S over what shock work can reach."""
        favour, communes = self.in_force("levelling"), self.board["communes"]
        grown = self.p.sharing * favour * self.board["shock_workers"] / self.p.at_most * (1.0 - communes)
        self.board["communes"] = np.clip(
            communes + grown - self.p.parting * (1.0 - favour) * communes, 0.0, 1.0
        )

    def _spread(self) -> None:
        """Where levelled ln pi = (1 - lambda_0 favour)(1 - communes) ln pi_0; scarcity adds elsewhere."""
        favour = self.in_force("levelling")
        log = np.log(self.p.spread)
        level = np.exp((1.0 - self.p.levelled * favour) * (1.0 - self.board["communes"]) * log)
        bid = self.p.scarcity * np.log(np.maximum(self.board["scarcity"], 1.0))
        wide = np.exp((1.0 - self.p.elsewhere * self.p.levelled * favour) * log + bid)
        # Where levelling is not favoured these plants bid for skill as the others do.
        level = np.where(favour > 0.0, level, np.exp((1.0 - self.board["communes"]) * log + bid))
        share = self.board["workers_level"] / np.maximum(self.board["workers"], 1e-9)
        self.board["spread_level"] = level
        self.board["spread_wide"] = wide
        self.board["mean_spread"] = share * level + (1.0 - share) * wide
