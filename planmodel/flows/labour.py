"""Labour: jobs follow plans and sites, not capacity (B-45, B-50); people are hired from the towns' reserve.

What cannot be filled from town dependents is a call on the village, which migration answers.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import (
    Array,
    Component,
    Context,
    Flow,
    Input,
    Lever,
    Parameters,
    Variable,
    every,
    parameter,
    total,
)
from planmodel.engine.clock import Process
from planmodel.sectors.capital import HEAVY, housing_per_head
from planmodel.sectors.population import WORKERS, town_population

BUILDERS = WORKERS.index("construction_workers")


class LabourParameters(Parameters):
    """Demand for hands, and how fast it is met."""

    industry_hands: Array = parameter(
        1.14, unit="1", bounds=(0.4, 1.4), symbol=r"\lambda",
        meaning="elasticity of jobs in industry to capacity and unfinished works together",
        source="sketch, point 3; size assumed",
    )  # fmt: skip
    unfinished_hands: Array = parameter(
        3.75, unit="1", bounds=(0.0, 4.0), symbol=r"\omega_l",
        meaning="hands that unfinished works call for, relative to capacity", source="B-50; size assumed",
    )  # fmt: skip
    labour_saving: Array = parameter(
        0.0678, unit="1/year", bounds=(0.0, 0.08), symbol=r"\gamma_l",
        meaning="yearly fall of the jobs in industry for given capital and works, as machines replace hands",
        source="industrial output rose 16 % and wage earners in industry 8 % in 1937-40; size assumed",
    )  # fmt: skip
    consumer_hands: Array = parameter(
        0.966, unit="1", bounds=(0.2, 1.0), symbol=r"\lambda_B",
        meaning="elasticity of jobs in consumer goods to capacity", source="D-81; size assumed",
    )  # fmt: skip
    turnover_base: Array = parameter(
        0.7, unit="1/year", bounds=(0.2, 1.2), symbol=r"t_0",
        meaning="changes of job per worker and year at the conditions of 1928",
        source="one in eight months in 1930, in nearly fourteen in 1935; lines 4429-4434, 4520-4523",
        evidence="assumption",
    )  # fmt: skip
    turnover_causes: Array = parameter(
        2.2, unit="1", bounds=(0.5, 6.0), symbol=r"t_1",
        meaning="rise of turnover for each point of food, housing and skill wanting together",
        source="B-47; size assumed",
    )  # fmt: skip
    consumer_drift: Array = parameter(
        0.8, unit="1", bounds=(0.0, 0.8), symbol=r"\lambda_{BA}",
        meaning="elasticity of jobs in consumer goods to jobs in heavy industry", source="B-50; size assumed",
    )  # fmt: skip
    other_hands: Array = parameter(
        0.726, unit="1", bounds=(0.3, 1.0), symbol=r"\lambda_o",
        meaning="elasticity of other jobs to jobs in industry and construction",
        source="B-46; size from wage earners of 1928 and 1940", evidence="assumption",
    )  # fmt: skip
    hiring_time: Array = parameter(
        6.36, unit="months", bounds=(1.0, 12.0), symbol=r"\tau_h",
        meaning="time in which jobs are filled when people are to be had", source="assumption",
    )  # fmt: skip
    turnover_1928: Array = parameter(
        0.481, unit="1/year", bounds=(0.2, 1.2), symbol=r"q_0",
        meaning="workers who leave in a year for want of food and housing, at the conditions of 1928",
        source="B-47: eight months' stay in 1930; size assumed",
    )  # fmt: skip
    hunger_quits: Array = parameter(
        1.04, unit="1/year", bounds=(0.0, 5.0), symbol=r"q_f",
        meaning="further builders who leave in a year for each point of food wanting",
        source="sketch, point 4; D-71", evidence="assumption",
    )  # fmt: skip
    town_soldiers: Array = parameter(
        0.701, unit="1", bounds=(0.0, 0.8), symbol=r"\eta_s",
        meaning="share of the men under arms who are counted among townspeople and cannot be hired",
        source="D-77: hands run short; the army grew from 0.6 to over 4 million; share assumed",
    )  # fmt: skip
    idle_share: Array = parameter(
        0.4, unit="1", bounds=(0.4, 0.6), symbol=r"\eta_l",
        meaning="share of the townspeople that cannot be hired: children, the old, those at home",
        source="11.4 of 27.9 million townspeople earned a wage in 1928; assumption",
    )  # fmt: skip


def _said(group: str) -> str:
    return group.replace("_", " ")


class Labour(Component):
    """Jobs, hiring and leaving, by branch."""

    name = "labour"
    parameters = LabourParameters
    flows = (
        *(Flow(f"hired_{g}", "people", "town_dependents", g, f"hired: {_said(g)}", rank=3) for g in WORKERS),
        *(Flow(f"left_{g}", "people", g, "town_dependents", f"left: {_said(g)}", rank=3) for g in WORKERS),
    )
    inputs = (Input("soldiers", "million persons", "men under arms"),)
    levers = (Lever("labour_discipline", 0.0, (0.0, 1.0), "penalties for absence and for leaving a job"),)
    variables = (
        *(Variable(f"jobs_{g}", "million persons", f"jobs offered: {_said(g)}") for g in WORKERS),
        Variable("labour_turnover", "1/year", "changes of job per industrial worker", 0.55),
        Variable("wage_earners", "million persons", "workers and employees, with those of state farms", 11.6),
        Variable("vacancies", "million persons", "jobs that could not be filled from the towns"),
    )

    def __init__(self, context: Context, parameters: Parameters) -> None:
        super().__init__(context, parameters)
        self._start = {group: self.stock("people", group).copy() for group in WORKERS}
        self._start["producing"] = total(
            self._start[group] for group in WORKERS if group != "other_employees"
        )
        self._start["heavy_works"] = self._heavy_works()
        self._start["consumer_capital"] = self.stock("works", "capital_consumer_goods").copy()

    def processes(self) -> Iterable[Process]:
        """Jobs are reckoned, then people hired and lost."""
        yield every(self.clock, "distribution", self.offer)
        yield every(self.clock, "labour", self.hire)

    def offer(self) -> None:
        """Jobs_A = L0 ((K + omega U) / (K0 + omega U0))^lambda, and so on; builders follow work wanted.

        L0, K0 and U0 are workers, capacity and works under way on the day of the opening stocks.
        """
        before, p = self._start, self.p
        # A run begins with the day of its stocks, so these are years since that day and not since 1928.
        years = (self.clock.today - self.clock.start).days / 365.25
        saved = np.exp(-p.labour_saving * years)
        heavy = self._heavy_works() / before["heavy_works"]
        consumer = (self.board["capacity_consumer_goods"] / before["consumer_capital"]) ** p.consumer_hands
        heavy_jobs = before["heavy_industry_workers"] * heavy**p.industry_hands * saved
        drift = (heavy_jobs / before["heavy_industry_workers"]) ** p.consumer_drift
        consumer_jobs = before["consumer_goods_workers"] * consumer * drift * saved
        work = self.board["construction_wanted"] * self.board["let_through"]
        builders = work * self.board["builder_norm"]
        producing = heavy_jobs + consumer_jobs + builders
        other = before["other_employees"] * (producing / before["producing"]) ** p.other_hands
        for group, jobs in zip(WORKERS, (heavy_jobs, consumer_jobs, builders, other), strict=True):
            self.board[f"jobs_{group}"] = np.minimum(jobs, 60.0)

    def _heavy_works(self) -> Array:
        """Return capital and omega x works under way in heavy industry, billion roubles."""
        capital = total(self.stock("works", f"capital_{b}") for b in HEAVY)
        under_way = total(
            self.stock("works", f"{stage}_{b}") for b in HEAVY for stage in ("new", "unfinished")
        )
        return capital + self.p.unfinished_hands * under_way

    def hire(self) -> None:
        """Fill (jobs - workers) / tau from those who can be hired; builders leave when food is short.

        Turnover = t0 (1 + t1 (food + housing + skill wanting)) (1 - 0.9 discipline).
        """
        people = town_population(self)
        away = self.p.town_soldiers * self.exogenous("soldiers")
        free = self.stock("people", "town_dependents") - self.p.idle_share * people - away
        free = np.maximum(free, 0.0)
        wanting = np.maximum(1.0 - self.board["town_nutrition"], 0.0)
        workers = np.array([self.stock("people", group) for group in WORKERS])
        gap = np.array([self.board[f"jobs_{group}"] for group in WORKERS]) - workers
        posts = workers * self.p.turnover_1928 / 12.0  # that leavers would leave empty
        left = posts + np.maximum(-gap, 0.0) / self.p.hiring_time
        if self.on("food_productivity"):
            left[BUILDERS] += workers[BUILDERS] * self.p.hunger_quits * wanting / 12.0
        left = np.minimum(left, 0.3 * workers)
        wanted = np.maximum(gap, 0.0) / self.p.hiring_time + posts * (gap > -0.02 * workers)
        called = total(wanted)
        hired = wanted * np.minimum(free / np.maximum(called, 1e-12), 1.0)
        for group, leaving, coming in zip(WORKERS, left, hired, strict=True):
            self.ledger.propose(f"left_{group}", leaving)
            self.ledger.propose(f"hired_{group}", coming)
        crowded = np.maximum(1.0 - housing_per_head(self, people) / 0.86, 0.0)
        causes = wanting + crowded + np.maximum(1.0 - self.board["skill"], 0.0)
        calm = 1.0 - 0.9 * self.lever("labour_discipline")
        self.board["labour_turnover"] = self.p.turnover_base * (1.0 + self.p.turnover_causes * causes) * calm
        self.board["wage_earners"] = total(workers) + 0.25 * self.stock("people", "state_farm_workers")
        self.board["vacancies"] = np.maximum(called - free, 0.0)
