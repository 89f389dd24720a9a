"""The plan of accumulation: a push that knows no capacity, targets that shortage raises, and a brake.

Once a year, in December, the centre sets the control figures: more investment than last year's plan by the
political push, unless strain (hunger in towns, stretched gestation, materials and hands wanting) has passed
what it bears; then it retrenches: the plan of investment is cut below what is being built, low-ranked sites
freeze, few sites are started. The plan limits what sites may do; while the centre pushes, hands and materials
give out long before. Within the year targets are only raised, and most where most is wanting (D-42,
D-43). No year is named here: when the centre retrenches follows from the strain (D-51, D-85).
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import part_of_the_way, smoothed, within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

plan = Block("plan")


# ---- the strain, and what the centre makes of it -----------------------------------------------------------


@plan.auxiliary(source="D-70, D-77")
def jobs_unfilled(jobs_workers, people_workers):
    """Jobs without a worker, over all jobs."""
    jobs = total(jobs_workers, "workers")
    filled = total(people_workers, "workers")
    return np.maximum(1.0 - filled / np.maximum(jobs, 1e-6), 0.0)


@plan.equation("labour", source="sketch, point 1; D-72, D-77")
def feel(
    strain, hunger_loss, construction_ratio, equipment_ratio, metal_ratio, upkeep_ratio, jobs_unfilled,
    hunger_weight, stretch_weight, material_weight, labour_weight, materials_part, strain_smoothing,
):  # fmt: skip
    """Strain: work lost to hunger, work that waits, materials wanting and jobs unfilled, smoothed.

    The centre bears hunger, not the loss of work that it brings.
    """
    waiting = 1.0 - construction_ratio
    wanting = 1.0 - materials_part * (np.minimum(equipment_ratio, metal_ratio) + upkeep_ratio)
    now = hunger_weight * hunger_loss + stretch_weight * np.maximum(waiting, 0.0)
    now = now + material_weight * wanting + labour_weight * jobs_unfilled
    return dict(strain=smoothed(strain, now, strain_smoothing))


@plan.auxiliary(source="D-51, D-85")
def resolve(strain, strain_limit, resolve_spread, strain_range):
    """How far the centre retrenches, between push (0) and retrenchment (1), by strain over its limit."""
    away = (strain - strain_limit) / (resolve_spread * strain_limit)
    return 1.0 / (1.0 + np.exp(-within(away, -strain_range, strain_range)))


@plan.auxiliary(source="D-51")
def plan_cut(strain, strain_limit, retrenchment, cut_from, deepest_cut):
    """Cut of the plan of investment in a full retrenchment."""
    return within(retrenchment * (strain - cut_from * strain_limit), 0.0, deepest_cut)


# ---- within the year ---------------------------------------------------------------------------------------


@plan.auxiliary
def push_recovered(push_now, recovery):
    """Strength of the push as it recovers after a retrenchment."""
    return push_now + (1.0 - push_now) / recovery


@plan.equation("money", months=(1, 2, 4, 5, 7, 8, 10, 11), source="D-51")
def recover(push_recovered):
    """Between quarterly plans the push recovers."""
    return dict(push_now=push_recovered)


@plan.auxiliary(source="D-43")
def rise_of_targets(inflation, construction_ratio, let_through, push_recovered, brake):
    """Yearly rise of plan and starts: work that waits raises the target."""
    shortage = 1.0 - construction_ratio / np.maximum(let_through, 1e-6)
    return inflation * shortage * push_recovered * (1.0 - brake)


@plan.auxiliary(without="target_inflation")
def rise_of_targets():
    """Shortage does not raise targets."""
    return 0.0


@plan.equation("money", months=(3, 6, 9), source="D-43, D-51")
def revise(
    investment_plan, starts, brake, rise_of_targets, noted_rise, steepest_rise, quarters_in_year, resolve,
    plan_cut, push_recovered, investment_pace, overcommitment, starts_cut, within_year, plan_ceiling,
):  # fmt: skip
    """Each quarter plan and starts are raised with shortage; of a retrenchment a part comes at once."""
    factor = np.exp(np.minimum(rise_of_targets, steepest_rise) / quarters_in_year)
    bearable = np.maximum(investment_pace, 1e-6) * (1.0 - plan_cut)
    bearable_starts = bearable * overcommitment * (1.0 - starts_cut)
    now = within_year * resolve
    planned = part_of_the_way(investment_plan * factor, bearable, now)
    started = part_of_the_way(starts * factor, bearable_starts, now)
    return dict(
        targets_raised=rise_of_targets > noted_rise,
        investment_plan=np.minimum(planned, plan_ceiling),
        starts=np.minimum(started, plan_ceiling),
        push_now=push_recovered * (1.0 - now),
        brake=brake + within_year * (resolve - brake),
    )


# ---- in December: control figures --------------------------------------------------------------------------


@plan.equation("money", months=(12,), source="D-34, D-42, D-51, D-52, D-85")
def set_control_figures(
    investment_plan, investment_pace, brake, push_now, push_recovered, resolve, plan_cut, push,
    accumulation_push, overcommitment, starts_cut, promise_kept, steepest_rise, plan_ceiling,
):  # fmt: skip
    """The plan of the next year: a push upwards from between plan and outcome, or a cut below the outcome.

    Promises that were not kept are not carried on without end: the base is between plan and outcome.
    """
    growth = push * accumulation_push * push_now * (1.0 - resolve)
    pace = np.maximum(investment_pace, 1e-6)
    base = pace * (investment_plan / pace) ** (promise_kept * (1.0 - resolve))
    planned = base * np.exp(np.minimum(growth, steepest_rise)) * (1.0 - resolve * plan_cut)
    planned = np.minimum(planned, plan_ceiling)
    return dict(
        investment_cut=resolve > 0.5,
        investment_raised=(brake > 0.5) & ~(resolve > 0.5),
        investment_plan=planned,
        starts=planned * overcommitment * (1.0 - starts_cut * resolve),
        push_now=push_recovered * (1.0 - resolve),
        brake=resolve,
    )


@plan.auxiliary(source="D-43")
def inflated_target(inflation, metal_ratio):
    """Rise of heavy industry's target by the metal that sites want."""
    return inflation * (1.0 - metal_ratio)


@plan.auxiliary(without="target_inflation")
def inflated_target():
    """Shortage does not raise targets."""
    return 0.0
