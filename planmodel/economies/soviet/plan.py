"""The plan of accumulation: a document in money, once a year, and starts that correct a stock.

In December the centre sets what the next year may cost: this year's work at the cost of building that it
hopes for, more by the political push, less as the budget is pressed and as towns go hungry. Within the year
shortage raises the plan. Twice a year starts are set: what the plan pays for, corrected by how far the
unfinished work is from what the centre thinks normal; so starts halt where too much was begun. No year is
named here (D-34, D-42, D-43, D-51, D-85; sketch of accumulation).

The form before this one, a push broken by a strain, stands below as what holds without ``money_plan``.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import part_of_the_way, smoothed, within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

plan = Block("plan")


# ---- on the first day --------------------------------------------------------------------------------------


@plan.equation("opening")
def open_with_plan(work_of_1928, construction_cost):
    """The plan of the first year is what was built in it: no other size of 1928 says what was meant."""
    return dict(
        investment_plan=work_of_1928,
        investment_plan_money=work_of_1928 * construction_cost,
    )


# ---- the year's work, and what weighs on the plan of the next ----------------------------------------------


@plan.auxiliary
def work_of_year(month, investment_so_far, moved_construction_branch):
    """Construction work of the year up to this month."""
    before = 0.0 if month == 1 else investment_so_far
    return before + total(moved_construction_branch, "branch")


@plan.equation("money")
def count_investment(work_of_year):
    """The year's construction work is added up."""
    return dict(investment_so_far=work_of_year)


@plan.auxiliary(source="sketch of accumulation, form 2")
def weight_of_budget(budget_weight, budget_pressure):
    """Fall of the plan, in logarithms, for the outlays of the budget beyond what is usual."""
    return budget_weight * budget_pressure


@plan.auxiliary(without="budget_pressure")
def weight_of_budget():
    """The budget does not weigh on the plan."""
    return 0.0


@plan.auxiliary(source="sketch of accumulation, form 1; D-72")
def weight_of_food(food_weight, fed):
    """Fall of the plan, in logarithms, for food wanting in the towns."""
    return food_weight * (1.0 - fed)


@plan.auxiliary(without="food_in_plan")
def weight_of_food():
    """Hunger does not weigh on the plan."""
    return 0.0


@plan.auxiliary
def chance_of_plan(plan_chance, drawn_chance_in_plan, plan_shock):
    """What else moves the plan of a year, in logarithms: chance, and a political state not explained."""
    return plan_chance * drawn_chance_in_plan + plan_shock


@plan.auxiliary(source="D-34, D-42, D-51; sketch of accumulation, form 1")
def planned_work(
    work_of_year, promised_saving, push, accumulation_push, weight_of_budget, weight_of_food, chance_of_plan,
    steepest_rise, plan_ceiling, plan_year, replaced_branch,
):  # fmt: skip
    """Work planned for the next year: this year's at hoped-for costs, by push, budget and food.

    What is replaced of worn capital whatever happens is planned too.
    """
    growth = push * accumulation_push - weight_of_budget - weight_of_food + chance_of_plan
    hoped = work_of_year / plan_year * (1.0 - promised_saving)
    planned = hoped * np.exp(within(growth, -steepest_rise, steepest_rise))
    return within(planned, total(replaced_branch, "branch") + 1e-6, plan_ceiling)


# ---- starts correct the stock of unfinished work -----------------------------------------------------------


@plan.auxiliary(source="sketch of accumulation, form 5; Bauer; Kornai")
def starts_per_plan(overcommitment, unfinished_norm, gestation_years, starts_time):
    """Starts of a year for a unit of planned work, where nothing is under way yet."""
    return overcommitment + unfinished_norm * gestation_years / starts_time


@plan.auxiliary(without="starts_rule")
def starts_per_plan(overcommitment):
    """Starts of a year for a unit of planned work."""
    return overcommitment


@plan.auxiliary(source="sketch of accumulation, form 5; Bauer; Kornai")
def starts_held_back(works_unfinished_branch, starts_time):
    """Starts of a year that are held back for the work that is under way."""
    return total(works_unfinished_branch, "branch") / starts_time


@plan.auxiliary(without="starts_rule")
def starts_held_back():
    """Starts follow the plan, whatever is under way."""
    return 0.0


# ---- in December: control figures --------------------------------------------------------------------------


@plan.equation("money", months=(12,), source="D-34, D-42, D-51, D-52")
def set_control_figures(
    planned_work, investment_plan, construction_cost, starts_per_plan, starts_held_back
):  # fmt: skip
    """Plan and starts of the next year; where too much is under way, nothing is started."""
    return dict(
        investment_cut=planned_work < investment_plan,
        investment_raised=planned_work >= investment_plan,
        investment_plan=planned_work,
        investment_plan_money=planned_work * construction_cost,
        starts=np.maximum(planned_work * starts_per_plan - starts_held_back, 0.0),
    )


# ---- within the year: shortage raises the plan, and rising costs eat it ------------------------------------


@plan.auxiliary(source="D-43")
def rise_of_targets(inflation, construction_ratio, let_through):
    """Yearly rise of the plan: work that waits for hands and materials raises it."""
    return inflation * (1.0 - construction_ratio / np.maximum(let_through, 1e-6))


@plan.auxiliary(without="target_inflation")
def rise_of_targets():
    """Shortage does not raise the plan."""
    return 0.0


@plan.auxiliary
def plan_raised(
    investment_plan_money, rise_of_targets, steepest_rise, quarters_in_year, plan_ceiling, construction_cost
):
    """The plan in money after the quarter's rise."""
    money = investment_plan_money * np.exp(np.minimum(rise_of_targets, steepest_rise) / quarters_in_year)
    return np.minimum(money, plan_ceiling * construction_cost)


@plan.equation("money", months=(3, 6, 9), source="D-43, D-52")
def revise(
    month, plan_raised, construction_cost, rise_of_targets, noted_rise, starts, starts_per_plan,
    starts_held_back,
):  # fmt: skip
    """Each quarter shortage raises the plan; what it buys falls with costs. In June starts are set again."""
    work = plan_raised / construction_cost
    begun = np.maximum(work * starts_per_plan - starts_held_back, 0.0)
    return dict(
        targets_raised=rise_of_targets > noted_rise,
        investment_plan_money=plan_raised,
        investment_plan=work,
        starts=begun if month == 6 else starts,
    )


# ---- without money: a push, broken by a strain (the form before) -------------------------------------------


@plan.auxiliary(source="D-70, D-77")
def jobs_unfilled(jobs_workers, people_workers):
    """Jobs without a worker, over all jobs."""
    jobs = total(jobs_workers, "workers")
    filled = total(people_workers, "workers")
    return np.maximum(1.0 - filled / np.maximum(jobs, 1e-6), 0.0)


@plan.equation("labour", without="money_plan", added=True, source="sketch, point 1; D-72, D-77")
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


@plan.auxiliary
def push_recovered(push_now, recovery):
    """Strength of the push as it recovers after a retrenchment."""
    return push_now + (1.0 - push_now) / recovery


@plan.equation("money", months=(1, 2, 4, 5, 7, 8, 10, 11), without="money_plan", added=True, source="D-51")
def recover(push_recovered):
    """Between quarterly plans the push recovers."""
    return dict(push_now=push_recovered)


@plan.equation("money", months=(3, 6, 9), without="money_plan", source="D-43, D-51")
def revise(
    investment_plan, starts, brake, rise_of_targets, noted_rise, steepest_rise, quarters_in_year, resolve,
    plan_cut, push_recovered, investment_pace, overcommitment, starts_cut, within_year, plan_ceiling,
    construction_cost,
):  # fmt: skip
    """Each quarter plan and starts are raised with shortage; of a retrenchment a part comes at once."""
    rise = rise_of_targets * push_recovered * (1.0 - brake)
    factor = np.exp(np.minimum(rise, steepest_rise) / quarters_in_year)
    bearable = np.maximum(investment_pace, 1e-6) * (1.0 - plan_cut)
    bearable_starts = bearable * overcommitment * (1.0 - starts_cut)
    now = within_year * resolve
    planned = np.minimum(part_of_the_way(investment_plan * factor, bearable, now), plan_ceiling)
    started = part_of_the_way(starts * factor, bearable_starts, now)
    return dict(
        targets_raised=rise > noted_rise,
        investment_plan=planned,
        investment_plan_money=planned * construction_cost,
        starts=np.minimum(started, plan_ceiling),
        push_now=push_recovered * (1.0 - now),
        brake=brake + within_year * (resolve - brake),
    )


@plan.equation("money", months=(12,), without="money_plan", source="D-34, D-42, D-51, D-52, D-85")
def set_control_figures(
    investment_plan, investment_pace, brake, push_now, push_recovered, resolve, plan_cut, push,
    accumulation_push, overcommitment, starts_cut, promise_kept, steepest_rise, plan_ceiling,
    construction_cost,
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
        investment_plan_money=planned * construction_cost,
        starts=planned * overcommitment * (1.0 - starts_cut * resolve),
        push_now=push_recovered * (1.0 - resolve),
        brake=resolve,
    )


# ---- what shortage adds to targets in kind (see planning) --------------------------------------------------


@plan.auxiliary(source="D-43")
def inflated_target(inflation, metal_ratio):
    """Rise of heavy industry's target by the metal that sites want."""
    return inflation * (1.0 - metal_ratio)


@plan.auxiliary(without="target_inflation")
def inflated_target():
    """Shortage does not raise targets."""
    return 0.0
