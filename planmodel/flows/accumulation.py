"""Accumulation: sites are started, share builders and materials, wait, freeze and are completed.

Sites are discrete: a cohort for each branch and quarter. Each wants work at the pace of its gestation;
builders and materials limit all work together; what is short goes by rank, within a branch to the oldest
sites first, so that too many starts stretch the gestation of all (D-43, D-52, D-56, D-74).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from planmodel.kernel import (
    Array,
    Component,
    Context,
    Mask,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.kernel.clock import Process
from planmodel.kernel.rationing import proportional
from planmodel.sectors.capital import BRANCHES

# Shares of starts by branch, from the book's shares of gross investment 1928-41, lines 9979-10020.
STARTS = {
    "heavy_industry": 0.35,
    "consumer_goods": 0.065,
    "agriculture": 0.08,
    "transport": 0.205,
    "housing_and_services": 0.30,
}
# Share of each branch's work that stands in the first rank while there is no shortage.
FIRST_RANK = {
    "heavy_industry": 0.85,
    "consumer_goods": 0.15,
    "agriculture": 0.40,
    "transport": 0.60,
    "housing_and_services": 0.15,
}


class AccumulationParameters(Parameters):
    """Gestation, builders, materials and ranks."""

    gestation_time: Array = parameter(
        1.9, unit="years", bounds=(1.0, 4.0), symbol=r"\tau_g",
        meaning="time to build a site when nothing is short",
        source="sketch: about 2.4 years; D-75", evidence="assumption",
    )  # fmt: skip
    materials: Array = parameter(
        0.58, unit="1", bounds=(0.4, 1.3), symbol=r"m",
        meaning="producer goods per rouble of construction work", source="assumption",
    )  # fmt: skip
    builders: Array = parameter(
        0.23, unit="million persons/billion roubles", bounds=(0.12, 0.3), symbol=r"b",
        meaning="builders per billion roubles of work in a year, in 1928",
        source="about 0.7 million builders and 4 billion roubles in 1928; assumption",
    )  # fmt: skip
    mechanisation: Array = parameter(
        0.076, unit="1/year", bounds=(0.0, 0.08), symbol=r"\gamma_b",
        meaning="yearly rise of a builder's work by mechanisation", source="assumption",
    )  # fmt: skip
    rank_inflation: Array = parameter(
        0.67, unit="1", bounds=(0.0, 1.5), symbol=r"\iota",
        meaning="share of the lower work that moves up to the first rank for each point of shortage",
        source="D-56: the list of 112 shock sites of 1930 and its inflation in 1931; size assumed",
    )  # fmt: skip


@dataclass
class Cohort:
    """Sites of one branch started in one quarter, for all members."""

    branch: str
    started: str
    size: Array
    done: Array
    named: bool = False
    finished: Mask = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is finished at the start."""
        self.finished = np.zeros(self.size.shape, dtype=bool)


class Accumulation(Component):
    """The stock of sites and the sharing of builders and materials among them."""

    name = "accumulation"
    parameters = AccumulationParameters
    variables = (
        Variable("starts", "billion roubles of 1928/year", "size of the sites started", 4.0),
        Variable("construction_wanted", "billion roubles of 1928/year", "work that the sites want", 4.0),
        Variable("construction_ratio", "1", "work done over work wanted", 1.0),
        Variable("materials_ratio", "1", "producer goods received over wanted by sites", 1.0),
        Variable("builders_ratio", "1", "work that builders can do over work wanted", 1.0),
        Variable("builder_norm", "million persons/billion roubles/year", "builders per unit of work", 0.17),
        Variable("first_rank_share", "1", "share of construction in the first rank", 0.5),
        Variable("site_materials_claim", "billion roubles of 1928/month", "producer goods wanted by sites"),
    )
    switches = (Switch("priority_rationing", "what is short is shared by rank"),)

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self.cohorts: list[Cohort] = []
        self._begun: list[Cohort] = []  # named works that wait for the next production phase
        self._owed = dict.fromkeys(BRANCHES, self.zeros)
        self._completed = dict.fromkeys(BRANCHES, self.zeros)
        for branch in BRANCHES:
            # Unfinished work of the start: equal sites of the last eight quarters, at even progress.
            unfinished = self.stock("works", f"unfinished_{branch}")
            for age in range(1, 9):
                done = unfinished * (age / 36.0)
                self.cohorts.append(Cohort(branch, "before the start", done * 9.0 / age, done.copy()))

    def processes(self) -> Iterable[Process]:
        """Claim materials, build with what came, start new sites each quarter."""
        yield every(self.clock, "production", self.start_sites)
        yield every(self.clock, "distribution", self.claim)
        yield every(self.clock, "consumption", self.build)
        yield every(self.clock, "labour", self.complete)

    def begin(self, title: str, start: date, branch: str, size: float) -> Process:
        """Begin a named work on its day; it stands first in its branch until it is finished."""
        yield self.clock.until(start)
        self._begun.append(Cohort(branch, title, self.zeros + size, self.zeros, named=True))
        self.context.events.add(start, "site", f"{title}: building begins")

    def start_sites(self) -> None:
        """Start a cohort in each branch at the beginning of a quarter, less what named works take up."""
        named = sum(cohort.named for cohort in self.cohorts)  # older named works stay in front
        for place, work in enumerate(sorted(self._begun, key=lambda w: w.started), start=named):
            self.cohorts.insert(place, work)
            self._owed[work.branch] = self._owed[work.branch] + work.size
        self._begun.clear()
        if self.month not in (1, 4, 7, 10):
            return
        today = self.clock.today
        volume = self.board["starts"] / 4.0
        label = f"{today.year} Q{(today.month + 2) // 3}"
        for branch in BRANCHES:
            size = volume * STARTS[branch]
            taken = np.minimum(self._owed[branch], 0.4 * size)
            self._owed[branch] = self._owed[branch] - taken
            size = size - taken
            self.cohorts.append(Cohort(branch, label, size, np.zeros_like(size)))

    def wanted(self) -> dict[str, Array]:
        """Return the work that the sites of each branch want this month, billion roubles."""
        months = 12.0 * self.p.gestation_time if self.on("gestation") else self.zeros + 6.0
        wanted = dict.fromkeys(BRANCHES, self.zeros)
        for cohort in self.cohorts:
            pace = np.minimum(cohort.size / months, cohort.size - cohort.done)
            wanted[cohort.branch] = wanted[cohort.branch] + np.where(cohort.finished, 0.0, pace)
        return wanted

    def claim(self) -> None:
        """Claim producer goods for as much work as the builders can do.

        Sites claim in one rank with the upkeep of existing plants, before consumer goods.
        """
        wanted = self.wanted()
        everything = total(wanted.values())
        years = (self.clock.today - self.clock.start).days / 365.25
        fed = np.clip(self.board["town_nutrition"], 0.2, 1.05) if self.on("food_productivity") else 1.0
        hands = self.stock("people", "construction_workers") + self.board["camp_builders"]
        able = hands / self.p.builders / 12.0
        able = able * np.exp(self.p.mechanisation * years) * fed * self.board["skill"] * self.lever("hours")
        ratio = np.clip(able / np.maximum(everything, 1e-9), 0.0, 1.0)
        self.board["builders_ratio"] = ratio
        work = np.exp(self.p.mechanisation * years) * fed * self.board["skill"]
        self.board["builder_norm"] = self.p.builders / np.maximum(work, 0.1)
        self.board["construction_wanted"] = everything * 12.0
        claim = everything * ratio * self.p.materials
        self.board["site_materials_claim"] = claim
        self.ledger.propose("goods_to_sites", claim)

    def build(self) -> None:
        """Do the work that builders and materials allow, by rank of branch and age of site."""
        claim = np.maximum(self.board["site_materials_claim"], 1e-12)
        goods = np.clip(self.ledger.moved("goods_to_sites") / claim, 0.0, 1.0)
        wanted = self.wanted()
        granted, first = self._share_out(wanted, goods * self.board["builders_ratio"])
        self.board["first_rank_share"] = first
        self.board["materials_ratio"] = goods
        done = total(granted.values())
        self.board["construction_ratio"] = done / np.maximum(total(wanted.values()), 1e-12)
        months = 12.0 * self.p.gestation_time if self.on("gestation") else self.zeros + 6.0
        left = dict(granted)
        completed = dict.fromkeys(BRANCHES, self.zeros)
        for cohort in self.cohorts:
            pace = np.minimum(cohort.size / months, cohort.size - cohort.done)
            work = np.minimum(np.where(cohort.finished, 0.0, pace), left[cohort.branch])
            left[cohort.branch] = left[cohort.branch] - work
            cohort.done = cohort.done + work
            ready = ~cohort.finished & (cohort.size - cohort.done <= 1e-9 * cohort.size)
            completed[cohort.branch] = completed[cohort.branch] + np.where(ready, cohort.done, 0.0)
            cohort.finished = cohort.finished | ready
            if cohort.named:
                self.context.events.add(self.clock.today, "site", f"{cohort.started}: finished", ready)
        for branch in BRANCHES:
            self.ledger.propose(f"construction_{branch}", granted[branch] - left[branch])
        self._completed = completed
        self.cohorts = [cohort for cohort in self.cohorts if not cohort.finished.all()]

    def complete(self) -> None:
        """Hand over the sites finished this month, once their last work is in the books."""
        for branch in BRANCHES:
            self.ledger.propose(f"completed_{branch}", self._completed[branch])

    def _share_out(self, wanted: dict[str, Array], ratio: Array) -> tuple[dict[str, Array], Array]:
        """Share possible work among branches: the first rank, then the rest.

        Ranks inflate with shortage: first = share + min(iota shortage, 1) (1 - share).
        """
        everything = total(wanted.values())
        possible = everything * ratio
        if not self.on("priority_rationing"):
            return {branch: work * ratio for branch, work in wanted.items()}, self.zeros
        shortage = 1.0 - self.board["construction_ratio"]
        up = np.clip(self.p.rank_inflation * shortage, 0.0, 1.0)
        first = {b: wanted[b] * (FIRST_RANK[b] + (1.0 - FIRST_RANK[b]) * up) for b in BRANCHES}
        high, left = proportional(possible, [first[b] for b in BRANCHES])
        low, _ = proportional(left, [wanted[b] - first[b] for b in BRANCHES])
        granted = {b: high[i] + low[i] for i, b in enumerate(BRANCHES)}
        return granted, total(first.values()) / np.maximum(everything, 1e-12)
