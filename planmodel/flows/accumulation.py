"""Accumulation: sites are started, share builders and materials, wait, freeze and are completed.

Sites are discrete: a cohort for each branch and quarter, and named works (sites.py). Each wants work at the
pace of its gestation; builders and materials limit all work together; what is short goes by rank, within a
branch to the oldest sites first, so that too many starts stretch the gestation of all (D-43, D-52, D-56,
D-74). The plan of investment limits the work as well, which is felt while the centre retrenches (D-51, D-85).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Context,
    Parameters,
    Switch,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.flows.sites import Sites
from planmodel.sectors.calendar import years_since_base
from planmodel.sectors.capital import BRANCHES

# Shares of starts by branch, from the book's shares of gross investment 1928-41, lines 9979-10020; the split
# of heavy industry between its stages is assumed.
STARTS = {
    "metal_and_fuel": 0.20,
    "engineering": 0.15,
    "consumer_goods": 0.065,
    "agriculture": 0.08,
    "transport": 0.205,
    "housing_and_services": 0.30,
}
# Share of each branch's work that stands in the first rank while there is no shortage.
FIRST_RANK = {
    "metal_and_fuel": 0.85,
    "engineering": 0.85,
    "consumer_goods": 0.15,
    "agriculture": 0.40,
    "transport": 0.60,
    "housing_and_services": 0.15,
}

MATERIALS = {  # what sites need, and the flows that bring it: to ordinary and to shock sites
    "equipment": ("goods_to_sites", "goods_to_shock_sites"),
    "metal": ("metal_to_sites", "metal_to_shock_sites"),
}
ALL = range(len(BRANCHES))  # numbers of the branches
METAL = BRANCHES.index("metal_and_fuel")
_STARTS = np.array([[STARTS[branch]] for branch in BRANCHES])
_FIRST_RANK = np.array([[FIRST_RANK[branch]] for branch in BRANCHES])
NAMED_LIMIT = 0.4  # share of a branch's starts in a quarter that named works may take up


class AccumulationParameters(Parameters):
    """Gestation, builders, materials and ranks."""

    metal_gestation: Array = parameter(
        4.81, unit="years", bounds=(2.0, 5.0), symbol=r"\tau_M",
        meaning="time to build works of metal, fuel and power when nothing is short",
        source="Magnitogorsk: first settlers 1929, first iron 1932, steel 1933 (recalled); D-75",
        evidence="assumption",
    )  # fmt: skip
    gestation_time: Array = parameter(
        2.0, unit="years", bounds=(1.0, 4.0), symbol=r"\tau_g",
        meaning="time to build any other site when nothing is short",
        source="sketch: about 2.4 years for all sites; D-75", evidence="assumption",
    )  # fmt: skip
    equipment: Array = parameter(
        0.7, unit="1", bounds=(0.2, 0.7), symbol=r"m_E",
        meaning="producer goods per rouble of construction work", source="assumption",
    )  # fmt: skip
    site_metal: Array = parameter(
        0.201, unit="Mt/billion roubles", bounds=(0.2, 0.6), symbol=r"m_M",
        meaning="metal per billion roubles of construction work",
        source="about a third of the steel of 1928; assumption", evidence="assumption",
    )  # fmt: skip
    site_metal_saving: Array = parameter(
        0.0799, unit="1/year", bounds=(-0.02, 0.08), symbol=r"\gamma_s",
        meaning="yearly fall of the metal in a rouble of construction",
        source="campaigns for saving metal; size assumed",
    )  # fmt: skip
    builders: Array = parameter(
        0.28, unit="million persons/billion roubles", bounds=(0.12, 0.3), symbol=r"b",
        meaning="builders per billion roubles of work in a year, in 1928",
        source="about 0.7 million builders and 4 billion roubles in 1928; assumption",
    )  # fmt: skip
    mechanisation: Array = parameter(
        0.00276, unit="1/year", bounds=(0.0, 0.12), symbol=r"\gamma_b",
        meaning="yearly rise of a builder's work by mechanisation", source="assumption",
    )  # fmt: skip
    rank_inflation: Array = parameter(
        0.0217, unit="1", bounds=(0.0, 1.5), symbol=r"\iota",
        meaning="share of the lower work that moves up to the first rank for each point of shortage",
        source="D-56: the list of 112 shock sites of 1930 and its inflation in 1931; size assumed",
    )  # fmt: skip
    without_gestation: Array = parameter(
        0.5, unit="years", bounds=(0.25, 1.0), symbol=r"\tau_0",
        meaning="time to build any site where gestation is switched off",
        source="sketch, point 5: at half a year the fall of 1933 disappears", evidence="assumption",
    )  # fmt: skip


class Accumulation(Component):
    """The stock of sites and the sharing of builders and materials among them."""

    name = "accumulation"
    parameters = AccumulationParameters
    variables = (
        Variable("construction_wanted", "billion roubles of 1928/year", "work that the sites want", 4.0),
        Variable("construction_ratio", "1", "work done over work that the sites want", 1.0),
        Variable("equipment_ratio", "1", "producer goods received over wanted by sites", 1.0),
        Variable("metal_ratio", "1", "metal received over wanted by sites", 1.0),
        Variable("builders_ratio", "1", "work that builders can do over work let through", 1.0),
        Variable("let_through", "1", "work that the plan lets sites do over what they want", 1.0),
        Variable("builder_norm", "million persons/billion roubles/year", "builders per unit of work", 0.17),
        Variable("first_rank_share", "1", "share of construction in the first rank", 0.5, (0.0, 1.0)),
        Variable("frozen_share", "1", "unfinished work in heavy industry on sites where nothing is done"),
        Variable("site_equipment_claim", "billion roubles of 1928/month", "producer goods sites want"),
        Variable("site_metal_claim", "million tonnes/month", "metal that sites want"),
        Variable("investment_pace", "billion roubles of 1928/year", "construction work, smoothed", 4.0),
    )
    switches = (Switch("priority_rationing", "what is short is shared by rank"),)

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self.sites = Sites(len(BRANCHES), self.ledger.members)
        # Named works that wait for the next production phase.
        self._begun: list[tuple[str, str, float | Array]] = []
        self._owed = np.zeros((len(BRANCHES), self.ledger.members))
        self._completed: dict[int, Array] = {}
        self._months = np.array([self.months(branch) for branch in BRANCHES])
        # Unfinished work of the start: equal sites of the last eight quarters, at even progress.
        unfinished = np.array([self.stock("works", f"unfinished_{branch}") for branch in BRANCHES])
        for age in range(8, 0, -1):
            done = unfinished * (age / 36.0)
            self.sites.begin(ALL, "before the start", done * 9.0 / age, self._months, done)

    def processes(self) -> Iterable[Process]:
        """Claim materials, build with what came, start new sites each quarter."""
        yield every(self.clock, "production", self.start_sites)
        yield every(self.clock, "distribution", self.claim)
        yield every(self.clock, "consumption", self.build)
        yield every(self.clock, "labour", self.complete)

    def begin(self, title: str, start: date, branch: str, size: float | Array) -> Process:
        """Begin a named work on its day; it stands first in its branch until it is finished."""
        yield self.clock.until(start)
        self._begun.append((title, branch, size))
        self.context.events.add(start, "site", f"{title}: building begins")

    def start_sites(self) -> None:
        """Start a cohort in each branch at the beginning of a quarter, less what named works take up."""
        for title, name, size in sorted(self._begun, key=lambda work: work[:2]):
            branch = [BRANCHES.index(name)]
            self.sites.begin(branch, title, (self.zeros + size)[None], self._months[branch], named=True)
            self._owed[branch] += size
        self._begun.clear()
        if self.month not in (1, 4, 7, 10):
            return
        today = self.clock.today
        started = self.board["starts"] / 4.0 * _STARTS
        taken = np.minimum(self._owed, NAMED_LIMIT * started)
        self._owed -= taken
        label = f"{today.year} Q{(today.month + 2) // 3}"
        self.sites.begin(ALL, label, started - taken, self._months)

    def months(self, branch: str) -> Array:
        """Return the gestation of a branch when nothing is short, months."""
        slow = branch == "metal_and_fuel"
        years: Array = self.p.metal_gestation if slow else self.p.gestation_time
        return 12.0 * (years if self.on("gestation") else self.p.without_gestation)

    def claim(self) -> None:
        """Claim equipment and metal for as much work as the plan lets through and the builders can do.

        able = builders / b exp(g t) fed skill hours. Shock sites are served before existing plants; the other
        sites stand in one rank with upkeep, so that a longer list of shock sites starves plants (D-52, D-56).
        """
        board, p = self.board, self.p
        self._wants = self.sites.wants()
        everything = self._everything = total(self._wants.wanted)
        let_through = np.minimum(board["investment_plan"] / 12.0 / np.maximum(everything, 1e-9), 1.0)
        years = years_since_base(self.clock.today)
        fed = (
            np.minimum(np.maximum(board["town_nutrition"], 0.2), 1.05)
            if self.on("food_productivity")
            else 1.0
        )
        work = np.exp(p.mechanisation * years) * fed * board["skill"] * self.lever("hours")
        hands = self.stock("people", "construction_workers") + board["camp_builders"]
        able = hands / p.builders / 12.0 * work
        allowed = everything * let_through
        ratio = np.minimum(np.maximum(able / np.maximum(allowed, 1e-9), 0.0), 1.0)
        board["let_through"] = let_through
        board["builders_ratio"] = ratio
        board["builder_norm"] = p.builders / np.maximum(work, 0.1)
        board["construction_wanted"] = everything * 12.0
        shock = board["first_rank_share"] if self.on("priority_rationing") else self.zeros
        saved = np.exp(-p.site_metal_saving * years)
        for material, need in (("equipment", p.equipment), ("metal", p.site_metal * saved)):
            claim = allowed * ratio * need
            board[f"site_{material}_claim"] = claim
            ordinary, first = MATERIALS[material]
            self.ledger.propose(first, claim * shock)
            self.ledger.propose(ordinary, claim * (1.0 - shock))

    def received(self, material: str) -> Array:
        """Return what sites received of a material this month over what they claimed."""
        ordinary, first = MATERIALS[material]
        got = self.ledger.moved(ordinary) + self.ledger.moved(first)
        return np.minimum(got / np.maximum(self.board[f"site_{material}_claim"], 1e-12), 1.0)

    def build(self) -> None:
        """Do the work that plan, builders and the scarcer material allow, by rank and age of site."""
        board = self.board
        equipment, metal = self.received("equipment"), self.received("metal")
        goods = np.minimum(equipment, metal)
        wants, everything = self._wants, self._everything  # as claimed for in this month
        possible = everything * (board["let_through"] * board["builders_ratio"] * goods)
        granted, first = self._share_out(wants.wanted, possible)
        board["frozen_share"] = self.sites.frozen(wants, METAL, granted[METAL])
        done, self._completed, finished = self.sites.build(wants, granted)
        for branch, work in zip(BRANCHES, done, strict=True):
            self.ledger.propose(f"construction_{branch}", work)
        for title, members in finished:
            self.context.events.add(self.clock.today, "site", f"{title}: finished", members)
        work = total(done)
        board["first_rank_share"] = first
        board["equipment_ratio"] = equipment
        board["metal_ratio"] = metal
        board["construction_ratio"] = work / np.maximum(everything, 1e-12)
        board["investment_pace"] = board["investment_pace"] + (12.0 * work - board["investment_pace"]) / 6.0

    def complete(self) -> None:
        """Hand over the sites finished this month, once their last work is in the books."""
        for branch, value in self._completed.items():
            self.ledger.propose(f"completed_{BRANCHES[branch]}", value)

    def _share_out(self, wanted: Array, possible: Array) -> tuple[list[Array], Array]:
        """Share possible work among branches: the first rank, then the rest, in proportion within each.

        Ranks inflate with shortage: first = share + min(iota shortage, 1) (1 - share).
        """
        everything = np.maximum(self._everything, 1e-12)
        if not self.on("priority_rationing"):
            return list(wanted * (possible / everything)), self.zeros
        shortage = 1.0 - self.board["construction_ratio"]
        up = np.minimum(np.maximum(self.p.rank_inflation * shortage, 0.0), 1.0)
        first = wanted * (_FIRST_RANK + (1.0 - _FIRST_RANK) * up)
        in_first, rest = total(first), wanted - first
        high = first * np.minimum(possible / np.maximum(in_first, 1e-12), 1.0)
        left = np.maximum(possible - in_first, 0.0)
        low = rest * np.minimum(left / np.maximum(total(rest), 1e-12), 1.0)
        return list(high + low), in_first / everything
