"""The planning calendar: control figures in December, quarterly plans, and the outcome that judges them.

The plan is a document in kind and in roubles. In December the centre sets next year's figures for a list of
products, for wage earners and their productivity, for retail trade and for the budget: what was planned, as
far as the outcome bears it, grows by a promise. In March, June and September the figures of what building
sites want are raised with the shortage of it (D-43), and in a retrenchment all are lowered towards what is
being made. The figure that stands at the end of January is the control figure; what each quarter made of it
stands at the end of its months. Nothing in the economy obeys these figures: the plan of investment, which it
does obey, is in :mod:`planmodel.economies.soviet.plan`.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import part_of_the_way
from planmodel.engine.equations import Block

planning = Block("planning")


# ---- what control figures promise --------------------------------------------------------------------------


@planning.auxiliary(source="D-42, D-45")
def promised_heavy_industry(heavy_promise, unpushed_promise, push_now, inflated_target):
    """Growth that control figures ask of heavy industry: by the push, and more where metal is wanting."""
    return heavy_promise * (unpushed_promise + (1.0 - unpushed_promise) * push_now) + inflated_target


@planning.auxiliary(source="D-49")
def promised_consumer_goods(consumer_promise):
    """Growth of consumer goods that control figures promise, without resources."""
    return consumer_promise


@planning.auxiliary(source="D-42")
def promised_productivity(productivity_promise):
    """Growth of output per worker that balances the plan on paper."""
    return productivity_promise


@planning.auxiliary(source="D-70")
def promised_hands(hands_promise, unpushed_promise, push_now):
    """Growth of wage earners, by the push as that of heavy industry."""
    return hands_promise * (unpushed_promise + (1.0 - unpushed_promise) * push_now)


# ---- the year so far ---------------------------------------------------------------------------------------


@planning.auxiliary
def budget_revenue(moved_turnover_tax, moved_profit_tax, moved_farm_tax, moved_loans_and_direct_taxes):
    """Taxes and loans that the budget received in the month."""
    return moved_turnover_tax + moved_profit_tax + moved_farm_tax + moved_loans_and_direct_taxes


@planning.auxiliary
def made_so_far(month, made_planned, planned, months_averaged_planned):
    """What the year has made of each figure of the plan up to the end of the month."""
    before = 0.0 if month == 1 else made_planned
    return before + planned / months_averaged_planned


@planning.equation("record")
def count_the_year(made_so_far):
    """The year is added up, or averaged."""
    return dict(made_planned=made_so_far)


# ---- quarterly plans, and control figures ------------------------------------------------------------------


@planning.equation("record", months=(3, 6, 9), source="D-43, D-51")
def set_quarterly_plan(
    plan_planned, made_so_far, month, months_of_plan, wanted_planned, rise_of_targets, steepest_rise,
    quarters_in_year, pressing, sobering, brake,
):  # fmt: skip
    """Work that waits raises figures of what sites want; a retrenchment lowers all towards what is made."""
    rise = np.minimum(rise_of_targets, steepest_rise) / quarters_in_year
    raised = plan_planned * np.exp(wanted_planned * pressing * rise)
    pace = made_so_far * months_of_plan / month
    return dict(plan_planned=part_of_the_way(raised, pace, sobering * brake))


@planning.equation("record", months=(12,), source="D-42, D-45, D-49")
def judge_and_plan_anew(
    plan_planned, made_so_far, promised_by_whom, plan_carried, brake, steepest_rise
):  # fmt: skip
    """The year judges its plan; what was planned, as far as the outcome bears it, grows by the promise."""
    made = np.maximum(made_so_far, 1e-6)
    base = made * (plan_planned / made) ** (plan_carried * (1.0 - brake))
    return dict(
        fulfilment_planned=made_so_far / np.maximum(plan_planned, 1e-6),
        plan_planned=base * np.exp(np.minimum(promised_by_whom, steepest_rise)),
    )


# ---- targets of the two groups of industry, as indices -----------------------------------------------------


@planning.auxiliary
def output_so_far(month, output_sector_year, sector_index, months_of_plan):
    """Output of the year up to the end of the month."""
    before = 0.0 if month == 1 else output_sector_year
    return before + sector_index / months_of_plan


@planning.equation("money")
def count_output(output_so_far):
    """The year's output is added up."""
    return dict(output_sector_year=output_so_far)


@planning.equation("money", months=(12,), source="D-42, D-45, D-49")
def set_output_targets(output_so_far, target_sector, promised_sector, steepest_rise, target_ceiling):
    """The old targets are judged by the year's output, and new ones are set."""
    target = output_so_far * np.exp(np.minimum(promised_sector, steepest_rise))
    return dict(
        fulfilment_sector=output_so_far / np.maximum(target_sector, 1e-6),
        target_sector=np.minimum(target, target_ceiling),
    )
