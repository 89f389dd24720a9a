"""The labour market: newcomers, learning, quits, and skilled workers who go where pay is wider."""

from __future__ import annotations

import numpy as np

from planmodel.economies.shopfloor import learnt, moving_on, settling
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

labour_market = Block("labour_market")


@labour_market.auxiliary
def staff(people_grade_plant):
    """Workers of each kind of plants."""
    return total(people_grade_plant, "grade")


@labour_market.auxiliary
def all_staff(staff):
    """Workers of industry."""
    return total(staff, "plant")


@labour_market.auxiliary
def taken_on(workforce, all_staff, hiring_time, inflow, drawn_hiring):
    """Workers taken on beyond those who leave the bench; the month's hiring is subject to chance."""
    missing = workforce - all_staff
    return missing / hiring_time * np.where(missing > 0.0, np.exp(inflow * drawn_hiring), 1.0)


@labour_market.equation("labour", source="line 69")
def hire(taken_on, staff, all_staff, people_skilled_plant, leaving):
    """Each kind of plants takes its share of the newcomers, and replaces the skilled who leave the bench."""
    share = staff / all_staff
    replaced = people_skilled_plant * leaving
    return dict(
        hired_plant=np.maximum(taken_on, 0.0) * share + replaced,
        dismissed_plant=np.maximum(-taken_on, 0.0) * share,
        promoted_plant=replaced,
    )


@labour_market.auxiliary
def gain_level(spread_wide, spread_level):
    """Logarithm of the gain of a skilled worker who leaves a plant that levels."""
    return np.log(spread_wide / spread_level)


@labour_market.auxiliary
def gain_wide(gain_level):
    """Logarithm of the gain of a skilled worker who leaves one of the other plants."""
    return -gain_level


@helper
def who_go_over(skilled: Array, rate: Array, skilled_there: Array, posts_there: Array, most: float) -> Array:
    """Return the skilled who go over at a rate, while there are posts."""
    free = np.maximum(1.0 - skilled_there / posts_there, 0.0)
    return skilled * np.minimum(rate * free, most)


@labour_market.auxiliary(source="E-030; lines 55-57")
def going_over(
    people_skilled_plant, people_skilled_other, people_grade_other, gain_plant, moves, moves_to_others,
    pulled, posts, most_going_over,
):  # fmt: skip
    """Skilled workers who go over to the other plants, most where these pay more."""
    rate = moves * moves_to_others + pulled * np.maximum(gain_plant, 0.0)
    posts_there = posts * total(people_grade_other, "grade")
    return who_go_over(people_skilled_plant, rate, people_skilled_other, posts_there, most_going_over)


@labour_market.auxiliary
def coming_over(
    people_skilled_other, people_skilled_plant, people_grade_plant, gain_other, moves, moves_to_others,
    pulled, posts, most_going_over,
):  # fmt: skip
    """Skilled workers who come over from the other plants."""
    rate = moves * moves_to_others + pulled * np.maximum(gain_other, 0.0)
    posts_here = posts * total(people_grade_plant, "grade")
    return who_go_over(people_skilled_other, rate, people_skilled_plant, posts_here, most_going_over)


@labour_market.equation("labour")
def go_over(going_over):
    """Skilled workers go where pay is wider."""
    return dict(to_other_pay=going_over)


@labour_market.equation("labour")
def learn(
    people_unskilled_plant, spread_plant, learning_spread, least_worth, worth_learning, learning,
    least_learning,
):  # fmt: skip
    """The unskilled learn a trade; where pay is equal it hardly pays."""
    worth = np.log(np.maximum(spread_plant, 1.0)) / np.log(learning_spread)
    months = learning / np.maximum(worth, least_worth) ** worth_learning
    return dict(learned_plant=learnt(people_unskilled_plant, np.maximum(months, least_learning)))


@labour_market.auxiliary
def unrest(unsettled, green_hands):
    """Rise of turnover by newcomers, who are uprooted and badly housed."""
    return unsettled * green_hands


@labour_market.auxiliary(source="B-47; Bettelheim, lines 4429-4434")
def quits(
    people_skilled_plant, people_unskilled_plant, moves, moves_to_others, going_over, unskilled_move, unrest
):  # fmt: skip
    """Workers who change their job: the unskilled more than others, and all more with newcomers.

    The skilled who change to the other kind of plants go over for pay as well.
    """
    skilled = people_skilled_plant * (moving_on(moves, 1.0, unrest, 0.0) - moves * moves_to_others)
    unskilled = people_unskilled_plant * moving_on(moves, 1.0, unskilled_move + unrest, 0.0)
    return skilled + unskilled + going_over


@labour_market.equation("labour", source="B-47; Bettelheim, lines 4424-4434")
def settle(green_hands, settling_time, taken_on, all_staff):
    """Newcomers settle in about a year."""
    fresh = np.maximum(taken_on, 0.0) / all_staff
    return dict(green_hands=np.minimum(settling(green_hands, settling_time, fresh), 1.0))


@labour_market.equation("labour")
def count_moves(quits, taken_on, staff, all_staff, going_over, coming_over):
    """Turnover of all, and who is new in his place."""
    new = np.maximum(taken_on, 0.0) * staff / all_staff + quits - going_over + coming_over
    return dict(
        disturbed_plant=np.minimum(new / staff, 1.0), turnover=total(quits, "plant") / all_staff * 12.0
    )


@labour_market.equation("labour")
def count_workers(all_staff, staff, people_skilled_plant):
    """Workers, and the skilled among them."""
    return dict(workers=all_staff, workers_plant=staff, skilled_share_plant=people_skilled_plant / staff)


@labour_market.equation("labour")
def count_skill(people_skilled_plant, people_unskilled_plant, first_ratio):
    """Scarcity of skill: the unskilled for each skilled worker, over those of the first month."""
    ratio = total(people_unskilled_plant, "plant") / total(people_skilled_plant, "plant")
    first = np.where(first_ratio > 0.0, first_ratio, ratio)
    return dict(first_ratio=first, scarcity=ratio / first)


@labour_market.auxiliary
def skill_wanting(scarcity):
    """Logarithm of the scarcity of skill, where there is any."""
    return np.log(np.maximum(scarcity, 1.0))
