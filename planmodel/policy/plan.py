"""The plan of accumulation: a push that knows no capacity, targets that shortage raises, and a brake.

Once a year, in December, the centre sets the control figures: more investment than last year's plan by the
political push, unless strain (hunger in towns, stretched gestation, materials and hands wanting) has passed
what it bears; then it retrenches: the plan of investment is cut below what is being built, low-ranked sites
freeze, few sites are started. The plan limits what sites may do; while the centre pushes, hands and materials
give out long before. Within the year targets are only raised, and most where most is wanting (D-42,
D-43). No year is named here: when the centre retrenches follows from the strain (D-51, D-85).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from planmodel.engine import Array, Component, Lever, Parameters, Switch, Variable, every, parameter, total
from planmodel.engine.clock import Process
from planmodel.sectors.population import WORKERS

PLAN_CEILING = 1e3  # billion roubles a year: beyond any history; keeps extreme members finite


class PlanParameters(Parameters):
    """Push, inflation of targets, strain, retrenchment."""

    push: Array = parameter(
        0.481, unit="1/year", bounds=(0.05, 0.5), symbol=r"g_I",
        meaning="yearly rise of the plan of investment by political push",
        source="D-34, D-42; size assumed",
    )  # fmt: skip
    inflation: Array = parameter(
        1.32, unit="1/year", bounds=(0.2, 1.5), symbol=r"a_I",
        meaning="further yearly rise within the year for each point of work that waits",
        source="D-43: shortage raises the target; size assumed",
    )  # fmt: skip
    overcommitment: Array = parameter(
        1.09, unit="1", bounds=(0.8, 2.0), symbol=r"o_I",
        meaning="size of the sites started in a year over the plan of investment",
        source="D-43, D-52: too many sites are begun; size assumed",
    )  # fmt: skip
    hunger_weight: Array = parameter(
        2.32, unit="1", bounds=(0.0, 4.0), symbol=r"w_f",
        meaning="weight of work lost to hunger in towns in the strain",
        source="sketch, point 1; D-72; size assumed",
    )  # fmt: skip
    stretch_weight: Array = parameter(
        0.178, unit="1", bounds=(0.0, 3.0), symbol=r"w_s",
        meaning="weight of work that waits in the strain", source="sketch, point 1; size assumed",
    )  # fmt: skip
    material_weight: Array = parameter(
        1.72, unit="1", bounds=(0.0, 3.0), symbol=r"w_m",
        meaning="weight of materials wanting on sites and in plants in the strain", source="assumption",
    )  # fmt: skip
    labour_weight: Array = parameter(
        3.0, unit="1", bounds=(0.0, 3.0), symbol=r"w_l",
        meaning="weight of jobs unfilled, over all jobs, in the strain",
        source="D-70, D-77: employment cannot be raised; size assumed",
    )  # fmt: skip
    strain_limit: Array = parameter(
        1.5, unit="1", bounds=(0.1, 1.5), symbol=r"\Sigma_1",
        meaning="strain at which the centre retrenches", source="D-51; size assumed",
    )  # fmt: skip
    resolve_spread: Array = parameter(
        0.115, unit="1", bounds=(0.03, 0.3), symbol=r"\sigma_\Sigma",
        meaning="range of strain, over its limit, in which the centre goes from push to retrenchment",
        source="assumption",
    )  # fmt: skip
    retrenchment: Array = parameter(
        0.0, unit="1", bounds=(0.0, 2.0), symbol=r"\kappa_I",
        meaning="cut of the plan of investment for each point of strain above half the limit",
        source="assumption",
    )  # fmt: skip
    starts_cut: Array = parameter(
        0.813, unit="1", bounds=(0.1, 0.95), symbol=r"\kappa_S",
        meaning="share of new starts given up while the centre retrenches", source="assumption",
    )  # fmt: skip
    recovery: Array = parameter(
        4.0, unit="months", bounds=(4.0, 48.0), symbol=r"\tau_I",
        meaning="time in which the push recovers after a retrenchment",
        source="D-51: two to three years; sketch: one", evidence="assumption",
    )  # fmt: skip
    within_year: Array = parameter(
        0.519, unit="1", bounds=(0.0, 1.0), symbol=r"\epsilon_I",
        meaning="part of a retrenchment that a quarterly plan carries out before the year is over",
        source="cuts of capital investment in the summer and autumn of 1932 (recalled: Davies); size assumed",
    )  # fmt: skip
    heavy_promise: Array = parameter(
        0.3, unit="1/year", bounds=(0.1, 0.6), symbol=r"\pi_A",
        meaning="growth of heavy industry that control figures ask at full push",
        source="D-42, D-45; size assumed",
    )  # fmt: skip
    consumer_promise: Array = parameter(
        0.25, unit="1/year", bounds=(0.05, 0.5), symbol=r"\pi_B",
        meaning="growth of consumer goods that control figures promise, without resources",
        source="D-49: decorative targets; a quarter or more in the control figures of 1930-31 (recalled)",
    )  # fmt: skip


class Plan(Component):
    """Control figures once a year, raised each quarter; the strain that makes the centre retrench."""

    name = "plan"
    parameters = PlanParameters
    variables = (
        Variable("strain", "1", "strain of accumulation, smoothed over half a year"),
        Variable("brake", "1", "how far the centre retrenches this year, 0 to 1"),
        Variable("push_now", "1", "strength of the push, 1 is full", 1.0),
        Variable("investment_plan", "billion roubles of 1928/year", "plan of investment", 4.3),
        Variable("starts", "billion roubles of 1928/year", "size of the sites started in a year", 5.0),
        Variable("target_heavy_industry", "1928 = 1", "heavy industry's target for the year", 1.2),
        Variable("target_consumer_goods", "1928 = 1", "consumer goods' target for the year", 1.15),
        Variable("output_heavy_industry_year", "1928 = 1", "heavy industry's output of the year so far"),
        Variable("output_consumer_goods_year", "1928 = 1", "consumer goods' output of the year so far"),
        Variable("fulfilment_heavy_industry", "1", "output of the last year over its target", 1.0),
        Variable("fulfilment_consumer_goods", "1", "output of the last year over its target", 1.0),
    )
    levers = (Lever("accumulation_push", 1.0, (0.0, 3.0), "political push behind accumulation"),)
    switches = (Switch("target_inflation", "shortage raises targets"),)

    def processes(self) -> Iterable[Process]:
        """Feel the strain every month; raise targets each quarter, set control figures at year's end."""
        yield every(self.clock, "labour", self.feel)
        yield every(self.clock, "money", self.revise)

    def feel(self) -> None:
        """Strain = wf work lost to hunger + ws waiting + wm materials wanting + wl unfilled / jobs.

        Smoothed over half a year. The centre bears hunger, not the loss of work that it brings (D-72).
        """
        board, p = self.board, self.p
        waiting = 1.0 - board["construction_ratio"]
        materials = np.minimum(board["equipment_ratio"], board["metal_ratio"])
        wanting = 1.0 - 0.5 * (materials + board["upkeep_ratio"])
        jobs = total(board[f"jobs_{group}"] for group in WORKERS)
        filled = total(self.stock("people", group) for group in WORKERS)
        unfilled = np.maximum(1.0 - filled / np.maximum(jobs, 1e-6), 0.0)
        now = p.hunger_weight * board["hunger_loss"] + p.stretch_weight * np.maximum(waiting, 0.0)
        now = now + p.material_weight * wanting + p.labour_weight * unfilled
        board["strain"] = board["strain"] + (now - board["strain"]) / 6.0

    def revise(self) -> None:
        """Keep the year's output; raise targets each quarter; in December decide on the next year."""
        board = self.board
        for sector in ("heavy_industry", "consumer_goods"):
            so_far = 0.0 if self.month == 1 else board[f"output_{sector}_year"]
            board[f"output_{sector}_year"] = so_far + board[f"{sector}_index"] / 12.0
        push = board["push_now"]
        if self.month == 12:
            self._set_control_figures()
        else:
            push = push + (1.0 - push) / self.p.recovery
            if self.month in (3, 6, 9):
                self._revise_within_year(push)
            else:
                board["push_now"] = push

    def _revise_within_year(self, push: Array) -> None:
        """Raise plan of investment and starts by exp(a shortage push (1 - brake) / 4), or cut them.

        Of a retrenchment the part e w comes within the year, with the next quarterly plan: the plan goes e w
        of the way, in logarithms, to pace (1 - cut).
        """
        board, p = self.board, self.p
        shortage = 1.0 - board["construction_ratio"] / np.maximum(board["let_through"], 1e-6)
        rise = p.inflation * shortage * push * (1.0 - board["brake"])
        if not self.on("target_inflation"):
            rise = self.zeros
        raised = rise > 0.01
        self.context.events.add(self.clock.today, "plan", "targets are raised within the year", raised)
        factor = np.exp(np.minimum(rise, 2.0) / 4.0)
        retrench, cut = self._retrenchment()
        now = p.within_year * retrench
        plan = board["investment_plan"] * factor
        bearable = np.maximum(board["investment_pace"], 1e-6) * (1.0 - cut)
        starts = board["starts"] * factor
        bearable_starts = bearable * p.overcommitment * (1.0 - p.starts_cut)
        plan, starts = (
            np.minimum(high * np.minimum(low / np.maximum(high, 1e-6), 1.0) ** now, PLAN_CEILING)
            for high, low in ((plan, bearable), (starts, bearable_starts))
        )
        board["investment_plan"], board["starts"] = plan, starts
        board["push_now"] = push * (1.0 - now)
        board["brake"] = board["brake"] + p.within_year * (retrench - board["brake"])

    def _retrenchment(self) -> tuple[Array, Array]:
        """How far the centre retrenches, and the cut: w and k (strain - limit/2), at most 0.8.

        w = 1 / (1 + exp(-(strain - limit) / (spread limit))).
        """
        p, strain = self.p, self.board["strain"]
        away = (strain - p.strain_limit) / (p.resolve_spread * p.strain_limit)
        retrench = 1.0 / (1.0 + np.exp(-np.clip(away, -50.0, 50.0)))
        return retrench, np.clip(p.retrenchment * (strain - 0.5 * p.strain_limit), 0.0, 0.8)

    def _set_control_figures(self) -> None:
        """Plan = base exp(g push (1 - w)) (1 - w cut), with w how far the centre retrenches.

        The base goes from between plan and outcome (w = 0) to the outcome (w = 1). Starts = overcommitment x
        plan (1 - cut of starts w).
        """
        board, p, today = self.board, self.p, self.clock.today
        retrench, cut = self._retrenchment()
        before, now = board["brake"] > 0.5, retrench > 0.5
        events = self.context.events
        events.add(today, "plan", "control figures: investment is cut, sites are frozen", now)
        events.add(today, "plan", "control figures: investment is raised again", before & ~now)
        growth = p.push * self.lever("accumulation_push") * board["push_now"] * (1.0 - retrench)
        pace = np.maximum(board["investment_pace"], 1e-6)
        # Promises that were not kept are not carried on without end: the base is between plan and outcome.
        base = pace * (board["investment_plan"] / pace) ** (0.5 * (1.0 - retrench))
        plan = base * np.exp(np.minimum(growth, 2.0)) * (1.0 - retrench * cut)
        plan = np.minimum(plan, PLAN_CEILING)
        board["investment_plan"] = plan
        board["starts"] = plan * p.overcommitment * (1.0 - p.starts_cut * retrench)
        board["push_now"] = (board["push_now"] + (1.0 - board["push_now"]) / p.recovery) * (1.0 - retrench)
        board["brake"] = retrench
        self._set_output_targets()

    def _set_output_targets(self) -> None:
        """Judge the old targets, set the new: output x exp(promise push + a shortage) for A, fixed for B."""
        board, p = self.board, self.p
        inflation = p.inflation * (1.0 - board["metal_ratio"]) if self.on("target_inflation") else 0.0
        growth = {
            "heavy_industry": p.heavy_promise * (0.5 + 0.5 * board["push_now"]) + inflation,
            "consumer_goods": self.zeros + p.consumer_promise,
        }
        for sector, rise in growth.items():
            output = board[f"output_{sector}_year"] + board[f"{sector}_index"] / 12.0
            board[f"fulfilment_{sector}"] = output / np.maximum(board[f"target_{sector}"], 1e-6)
            board[f"target_{sector}"] = np.minimum(output * np.exp(np.minimum(rise, 2.0)), 1e4)
