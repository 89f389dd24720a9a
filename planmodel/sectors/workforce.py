"""What a worker can do: skill, food, intensity and competent management (D-40, D-79)."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Lever, Parameters, Switch, Variable, every, parameter
from planmodel.engine.clock import Process


class WorkforceParameters(Parameters):
    """Learning, food, norms and management."""

    newcomer_skill: Array = parameter(
        0.445, unit="1", bounds=(0.2, 0.6), symbol=r"s_0",
        meaning="skill of a newcomer from the village, 1 is that of the worker of 1928",
        source="sketch of the accumulation core: about a third", evidence="assumption",
    )  # fmt: skip
    learning: Array = parameter(
        1.57, unit="years", bounds=(1.5, 7.0), symbol=r"\tau_s",
        meaning="time in which newcomers learn", source="C-36: learning over several years; size assumed",
    )  # fmt: skip
    lost_skill: Array = parameter(
        0.00325, unit="1", bounds=(0.0, 0.5), symbol=r"\kappa_s",
        meaning="share of those who change jobs that must learn anew", source="B-47; size assumed",
    )  # fmt: skip
    skill_ceiling: Array = parameter(
        1.6, unit="1", bounds=(1.0, 1.6), symbol=r"s_1",
        meaning="skill of an experienced worker at the technique of the new plants", source="assumption",
    )  # fmt: skip
    food_effect: Array = parameter(
        1.5, unit="1", bounds=(0.1, 1.5), symbol=r"\varepsilon_f",
        meaning="elasticity of work to food per townsperson", source="D-72; size assumed",
    )  # fmt: skip
    norm_gain: Array = parameter(
        0.124, unit="1", bounds=(0.0, 0.15), symbol=r"\gamma_n",
        meaning="rise of work per hour at a revision of norms",
        source="C-19: norms raised 10-30 %; effect assumed",
    )  # fmt: skip
    norm_fade: Array = parameter(
        86.0, unit="months", bounds=(12.0, 90.0), symbol=r"\tau_n",
        meaning="time in which the gain of a norm revision is lost to fatigue and wear",
        source="C-48, D-80; size assumed",
    )  # fmt: skip
    lost_time: Array = parameter(
        0.0137, unit="years", bounds=(0.0, 0.15), symbol=r"\theta_t",
        meaning="working time lost when a worker changes jobs", source="B-47; size assumed",
    )  # fmt: skip
    incentive: Array = parameter(
        0.0182, unit="1", bounds=(0.0, 0.5), symbol=r"\varepsilon_c",
        meaning="elasticity of work to what townspeople really consume, food and goods",
        source="C-30: piece rates bite once money buys; D-79; size assumed",
    )  # fmt: skip
    purge_loss: Array = parameter(
        0.066, unit="1", bounds=(0.0, 0.2), symbol=r"\chi_m",
        meaning="output lost while managers and engineers are purged", source="D-15, C-53; size assumed",
    )  # fmt: skip


class Workforce(Component):
    """Skill is diluted by newcomers and rebuilt by learning; the other factors act at once."""

    name = "workforce"
    parameters = WorkforceParameters
    variables = (
        Variable("skill", "1", "skill of industrial workers, 1928 = 1", 1.0),
        Variable("intensity", "1", "work per hour from norms, 1928 = 1", 1.0),
        Variable("competence", "1", "competence of management, 1928 = 1", 1.0),
        Variable("hunger_loss", "1", "work lost in towns because food is wanting"),
        Variable("work_per_head", "1", "effective work of an industrial worker, 1928 = 1", 1.0),
    )
    levers = (
        Lever("norm_revision", 0.0, (0.0, 20.0), "number of general revisions of norms so far"),
        Lever("purge", 0.0, (0.0, 1.0), "managers and engineers are purged"),
        Lever("hours", 1.0, (0.8, 1.3), "hours a year, 1928 = 1"),
    )
    switches = (
        Switch("skill_dilution", "newcomers lack skill"),
        Switch("norm_ratchet", "norms are raised by decree"),
    )

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._revisions = 0.0

    def processes(self) -> Iterable[Process]:
        """Skill, norms and management, every month."""
        yield every(self.clock, "money", self.renew)

    def renew(self) -> None:
        """DS = (s1 - S) / tau_s - hires / workers (S - s0); work as below.

        Work = S F^eps C^eps_c intensity (1 - time lost x turnover) hours, F food, C consumption in towns.
        Norms raise intensity by gamma a revision; see `_revise` for norms that are lowered.
        """
        moved = self.ledger.moved
        hired = moved("hired_heavy_industry_workers") + moved("hired_consumer_goods_workers")
        workers = self.stock("people", "heavy_industry_workers") + self.stock(
            "people", "consumer_goods_workers"
        )
        left = moved("left_heavy_industry_workers") + moved("left_consumer_goods_workers")
        # Those who only change jobs bring most of their skill along.
        fresh = np.maximum(hired - left, 0.0) / np.maximum(workers, 1e-6)
        share = np.minimum(fresh + self.p.lost_skill * self.board["labour_turnover"] / 12.0, 0.5)
        skill = self.board["skill"]
        learnt = (self.p.skill_ceiling - skill) / (12.0 * self.p.learning)
        diluted = share * np.maximum(skill - self.p.newcomer_skill, 0.0)
        skill = skill + learnt - (diluted if self.on("skill_dilution") else 0.0)
        intensity = self._revise(self.board["intensity"])
        intensity = intensity - np.maximum(intensity - 1.0, 0.0) / self.p.norm_fade
        competence = self.board["competence"]
        aim = 1.0 - self.p.purge_loss * self.lever("purge")
        competence = competence + (aim - competence) / 6.0
        food = np.minimum(np.maximum(self.board["town_nutrition"], 0.2), 1.05)
        fed = food**self.p.food_effect if self.on("food_productivity") else 1.0
        self.board["hunger_loss"] = np.maximum(1.0 - fed, 0.0) + self.zeros
        self.board["skill"] = skill
        self.board["intensity"] = intensity
        self.board["competence"] = competence
        # What wages buy moves work besides food, within what a year of plenty or of want could do.
        bought = np.minimum(np.maximum(self.board["town_consumption"], 0.2), 1.5) ** self.p.incentive
        kept = 1.0 - np.minimum(self.p.lost_time * self.board["labour_turnover"], 0.5)
        self.board["work_per_head"] = skill * intensity * fed * bought * kept * self.lever("hours")

    def _revise(self, intensity: Array) -> Array:
        """Return work per hour after this month's revisions of norms.

        Raised from R to R' revisions: I + gamma (R' - R). Lowered: what is left of the gain falls in
        proportion, min(I, 1) + max(I - 1, 0) R' / R. To take away gamma for each would take more than they
        still give, for their gain has been fading, and could leave work below that without any norms.
        """
        before = self._revisions
        now = self._revisions = self.lever("norm_revision") if self.on("norm_ratchet") else 0.0
        if now < before:
            return np.minimum(intensity, 1.0) + np.maximum(intensity - 1.0, 0.0) * (now / before)
        return intensity + self.p.norm_gain * (now - before)
