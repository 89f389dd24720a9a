"""Who works where: newcomers, learning, quits, and skilled workers who go where pay is wider."""

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
    total,
)
from planmodel.engine.clock import Process
from planmodel.systems.labour_process.plants import PLANTS, SKILLS


class MovementParameters(Parameters):
    """Rates of moving and of learning."""

    moves: Array = parameter(
        0.045, unit="1/month", bounds=(0.01, 0.2), symbol=r"q_0",
        meaning="workers who change their job in a month without a reason of pay, skilled",
        source="assumption",
    )  # fmt: skip
    newcomers_move: Array = parameter(
        0.07, unit="1/month", bounds=(0.0, 0.3), symbol=r"q_n",
        meaning="the same added for the unskilled", source="B-47: newcomers quit more; size assumed",
    )  # fmt: skip
    crowding: Array = parameter(
        0.16, unit="1/month", bounds=(0.0, 0.4), symbol=r"q_g",
        meaning="job changes that a doubling of the workforce within a year adds",
        source="Bettelheim, lines 4429-4434: untrained, uprooted, badly housed; size assumed",
    )  # fmt: skip
    pulled: Array = parameter(
        0.14, unit="1/month", bounds=(0.0, 0.6), symbol=r"q_\pi",
        meaning="skilled workers who go over in a month for a unit of difference in the logarithm of spreads",
        source="E-030, lines 55-57: they moved to plants with wider pay; size assumed",
    )  # fmt: skip
    posts: Array = parameter(
        0.6, unit="1", bounds=(0.2, 0.9), symbol=r"\bar s",
        meaning="share of skilled at which a plant has no more posts for them", source="assumption",
    )  # fmt: skip
    learning: Array = parameter(
        90.0, unit="months", bounds=(12.0, 240.0), symbol=r"\tau_l",
        meaning="months in which an unskilled worker learns a trade at the spread of 1928",
        source="assumption",
    )  # fmt: skip
    worth_learning: Array = parameter(
        0.5, unit="1", bounds=(0.0, 3.0), symbol=r"\gamma",
        meaning="elasticity of learning with respect to the spread over that of 1928", source="assumption",
    )  # fmt: skip
    leaving: Array = parameter(
        0.008, unit="1/month", bounds=(0.0, 0.03), symbol=r"\delta",
        meaning="skilled workers who leave the bench in a month: promotion, study, age",
        source="line 69: millions into management and technical posts; size assumed",
    )  # fmt: skip
    inflow: Array = parameter(
        0.1, unit="1", bounds=(0.0, 0.4), symbol=r"\sigma_n",
        meaning="spread of a month's hiring from member to member", source="assumption",
    )  # fmt: skip


class Movement(Component):
    """Million persons by plant and skill."""

    name = "labour_market"
    parameters = MovementParameters
    commodities = (Commodity("people", "million persons", "workers of industry"),)
    accounts = (
        *(Account("people", f"{s}_{p}", f"{s} workers, plants that pay {p}") for s in SKILLS for p in PLANTS),
        Account("people", "hired", "newcomers from village and town", kind="source"),
        Account("people", "left", "who left the bench", kind="sink"),
    )
    flows = (
        *(Flow(f"hired_{p}", "people", "hired", f"unskilled_{p}", f"newcomers, {p}") for p in PLANTS),
        *(Flow(f"dismissed_{p}", "people", f"unskilled_{p}", "left", f"dismissed, {p}") for p in PLANTS),
        *(Flow(f"learned_{p}", "people", f"unskilled_{p}", f"skilled_{p}", f"trained, {p}") for p in PLANTS),
        *(Flow(f"promoted_{p}", "people", f"skilled_{p}", "left", f"left the bench, {p}") for p in PLANTS),
        Flow("to_wide_pay", "people", "skilled_level", "skilled_wide", "skilled workers gone to wider pay"),
        Flow("to_level_pay", "people", "skilled_wide", "skilled_level", "skilled workers gone the other way"),
    )
    variables = (
        Variable("workers", "million persons", "workers of industry", 1.0),
        *(Variable(f"workers_{p}", "million persons", f"workers, plants that pay {p}", 0.5) for p in PLANTS),
        *(Variable(f"skilled_share_{p}", "1", f"skilled workers, plants that pay {p}") for p in PLANTS),
        Variable("scarcity", "1", "unskilled for each skilled worker over that at the start", 1.0),
        Variable("first_ratio", "1", "unskilled for each skilled worker in the first month"),
        Variable("turnover", "1/year", "job changes over workers, at a yearly rate"),
        *(Variable(f"disturbed_{p}", "1", f"new in their place, plants that pay {p}", 0.08) for p in PLANTS),
    )
    inputs = (Input("workforce", "million persons", "workers that industry takes on"),)

    def processes(self) -> Iterable[Process]:
        """Move once a month."""
        yield every(self.clock, "labour", self.move)

    def move(self) -> None:
        """Hire and dismiss after the exogenous workforce, learn, change jobs, and note who is where."""
        held = {(s, p): self.stock("people", f"{s}_{p}") for s in SKILLS for p in PLANTS}
        size = {p: held["skilled", p] + held["unskilled", p] for p in PLANTS}
        workers = total(size.values())
        net = self._hire(held, size, workers)
        over = self._go_over(held, size)
        self._learn(held)
        growth = np.maximum(net, 0.0) / workers * 12.0
        self._note(held, size, workers, growth, net, over)

    def _hire(self, held: dict[tuple[str, str], Array], size: dict[str, Array], workers: Array) -> Array:
        """Follow the workforce within two months; each kind of plant takes its share of the newcomers."""
        chance = np.exp(self.p.inflow * self.context.draws.normal("hiring", self.clock.today))  # of the month
        missing = self.exogenous("workforce") - workers
        net = missing / 2.0 * np.where(missing > 0.0, chance, 1.0)
        for plant in PLANTS:
            share = size[plant] / workers
            replaced = held["skilled", plant] * self.p.leaving
            self.ledger.propose(f"hired_{plant}", np.maximum(net, 0.0) * share + replaced)
            self.ledger.propose(f"dismissed_{plant}", np.maximum(-net, 0.0) * share)
            self.ledger.propose(f"promoted_{plant}", replaced)
        return net

    def _go_over(self, held: dict[tuple[str, str], Array], size: dict[str, Array]) -> dict[str, Array]:
        """Skilled who go over: q_0 / 4 each way and q_pi max(ln pi' - ln pi, 0), while there are posts."""
        gain = np.log(self.board["spread_wide"] / self.board["spread_level"])
        over = {}
        for plant, other, name, better in (
            ("level", "wide", "to_wide_pay", gain),
            ("wide", "level", "to_level_pay", -gain),
        ):
            posts = np.maximum(1.0 - held["skilled", other] / (self.p.posts * size[other]), 0.0)
            rate = self.p.moves / 4.0 + self.p.pulled * np.maximum(better, 0.0)
            over[plant] = held["skilled", plant] * np.minimum(rate * posts, 0.5)
            self.ledger.propose(name, over[plant])
        return over

    def _learn(self, held: dict[tuple[str, str], Array]) -> None:
        """Learn a trade: U / tau (ln pi / ln pi_1928)^gamma; where pay is equal it hardly pays."""
        for plant in PLANTS:
            worth = np.log(np.maximum(self.board[f"spread_{plant}"], 1.0)) / np.log(1.8)
            rate = np.maximum(worth, 0.02) ** self.p.worth_learning / self.p.learning
            self.ledger.propose(f"learned_{plant}", held["unskilled", plant] * np.minimum(rate, 0.2))

    def _note(
        self,
        held: dict[tuple[str, str], Array],
        size: dict[str, Array],
        workers: Array,
        growth: Array,
        net: Array,
        over: dict[str, Array],
    ) -> None:
        """Turnover: q_0 and going over for pay, skilled; q_0 + q_n, unskilled; q_g x yearly growth, all."""
        changes = self.zeros
        for plant, other in (("level", "wide"), ("wide", "level")):
            quits = held["skilled", plant] * self.p.moves * 0.75 + over[plant]
            quits = quits + held["unskilled", plant] * (self.p.moves + self.p.newcomers_move)
            quits = quits + size[plant] * self.p.crowding * growth
            new = np.maximum(net, 0.0) * size[plant] / workers + quits - over[plant] + over[other]
            self.board[f"disturbed_{plant}"] = np.minimum(new / size[plant], 1.0)
            self.board[f"workers_{plant}"] = size[plant]
            self.board[f"skilled_share_{plant}"] = held["skilled", plant] / size[plant]
            changes = changes + quits
        ratio = total(held["unskilled", p] for p in PLANTS) / total(held["skilled", p] for p in PLANTS)
        first = np.where(self.board["first_ratio"] > 0.0, self.board["first_ratio"], ratio)
        self.board["first_ratio"] = first
        self.board["scarcity"] = ratio / first
        self.board["workers"] = workers
        self.board["turnover"] = changes / workers * 12.0
