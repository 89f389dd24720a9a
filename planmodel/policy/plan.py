"""The plan of accumulation: a push upwards, shortage that raises targets, and the brake (D-42, D-43, D-51).

Targets answer to needs and shortage, not to capacity. The brake is pulled when strain - hunger in the towns,
work that waits, materials that are short - passes a threshold, and is released when strain has fallen well
below it; the push then recovers. No date of a crisis stands here.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.kernel import Array, Component, Lever, Parameters, Switch, Variable, every, parameter
from planmodel.kernel.clock import Process


class PlanParameters(Parameters):
    """Push, inflation of targets, and the brake."""

    push: Array = parameter(
        0.47, unit="1/year", bounds=(0.02, 0.5), symbol=r"g_I",
        meaning="yearly rise of starts by political push", source="D-34, D-42; size assumed",
    )  # fmt: skip
    inflation: Array = parameter(
        0.65, unit="1/year", bounds=(0.0, 2.0), symbol=r"a_I",
        meaning="further yearly rise of starts for each point of work that waits",
        source="D-43: shortage raises the target; size assumed",
    )  # fmt: skip
    hunger_weight: Array = parameter(
        0.33, unit="1", bounds=(0.0, 4.0), symbol=r"w_f",
        meaning="weight of food wanting in towns in the strain", source="sketch, point 1; size assumed",
    )  # fmt: skip
    stretch_weight: Array = parameter(
        2.1, unit="1", bounds=(0.0, 3.0), symbol=r"w_s",
        meaning="weight of work that waits in the strain", source="sketch, point 1; size assumed",
    )  # fmt: skip
    material_weight: Array = parameter(
        0.51, unit="1", bounds=(0.0, 3.0), symbol=r"w_m",
        meaning="weight of upkeep wanting in existing plants in the strain", source="assumption",
    )  # fmt: skip
    strain_limit: Array = parameter(
        0.67, unit="1", bounds=(0.2, 1.5), symbol=r"\Sigma_1",
        meaning="strain at which the brake is pulled", source="D-51; size assumed",
    )  # fmt: skip
    strain_release: Array = parameter(
        0.7, unit="1", bounds=(0.2, 0.95), symbol=r"\Sigma_0",
        meaning="strain at which the brake is released, over the limit", source="assumption",
    )  # fmt: skip
    cut: Array = parameter(
        0.87, unit="1", bounds=(0.1, 0.9), symbol=r"\kappa_I",
        meaning="share of starts cut while the brake is on", source="assumption",
    )  # fmt: skip
    recovery: Array = parameter(
        18.0, unit="months", bounds=(4.0, 30.0), symbol=r"\tau_I",
        meaning="time in which the push recovers after a brake",
        source="D-51: two to three years; sketch: one",
    )  # fmt: skip


class Plan(Component):
    """Starts of the coming quarter, revised each quarter."""

    name = "plan"
    parameters = PlanParameters
    variables = (
        Variable("strain", "1", "strain of accumulation, smoothed"),
        Variable("brake", "1", "1 while starts are cut"),
        Variable("push_now", "1", "strength of the push, 1 is full", 1.0),
        Variable("starts_target", "billion roubles of 1928/year", "starts that the plan wants", 4.0),
    )
    levers = (Lever("accumulation_push", 1.0, (0.0, 3.0), "political push behind accumulation"),)
    switches = (Switch("target_inflation", "shortage raises targets"),)

    def processes(self) -> Iterable[Process]:
        """Feel the strain every month; revise the plan before each quarter."""
        yield every(self.clock, "labour", self.feel)
        yield every(self.clock, "money", self.revise)

    def feel(self) -> None:
        """Strain = wf (1 - F) + ws (1 - work done / wanted) + wm (1 - upkeep), smoothed over a quarter."""
        hunger = np.maximum(1.0 - self.board["town_nutrition"], 0.0)
        waiting = 1.0 - self.board["construction_ratio"]
        wear = 1.0 - self.board["upkeep_ratio"]
        now = self.p.hunger_weight * hunger + self.p.stretch_weight * waiting + self.p.material_weight * wear
        self.board["strain"] = self.board["strain"] + (now - self.board["strain"]) / 3.0

    def revise(self) -> None:
        """dS/S = (g push + a shortage)/4 a quarter; the brake cuts starts and resets the push."""
        braked = self.board["brake"] > 0.5
        strain = self.board["strain"]
        on = np.where(
            braked, strain > self.p.strain_limit * self.p.strain_release, strain > self.p.strain_limit
        )
        today, events = self.clock.today, self.context.events
        events.add(today, "plan", "starts are cut: the brake on accumulation", on & ~braked)
        events.add(today, "plan", "the brake on accumulation is released", braked & ~on)
        recovering = self.board["push_now"] + (1.0 - self.board["push_now"]) / self.p.recovery
        self.board["push_now"] = np.where(on, 0.0, recovering)
        self.board["brake"] = on.astype(float)
        if self.month not in (3, 6, 9, 12):
            return
        shortage = 1.0 - self.board["construction_ratio"]
        if not self.on("target_inflation"):
            shortage = self.zeros
        growth = self.p.push * self.lever("accumulation_push") * self.board["push_now"]
        growth = growth + self.p.inflation * shortage * self.board["push_now"]
        target = self.board["starts_target"]
        target = np.where(on, target * (1.0 - 0.04), target * np.exp(growth / 4.0))
        self.board["starts_target"] = np.minimum(target, 200.0)
        self.board["starts"] = np.minimum(target, 200.0) * np.where(on, 1.0 - self.p.cut, 1.0)
