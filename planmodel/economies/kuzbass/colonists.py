"""The people of the colony: settlers, their conviction, and the hired workers beside them."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed
from planmodel.economies.shopfloor import moving_on, share_gone
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

colonists = Block("colonists")


# ---- settlers: who came, what bound them, what drove them away ---------------------------------------------


@colonists.auxiliary
def waged(wage_categories):
    """Whether people are paid by a scale."""
    return (wage_categories > 0.0) * 1.0


@colonists.auxiliary(without="wage_scale")
def waged():
    """Supply stays equal."""
    return 0.0


@colonists.auxiliary
def autonomous(autonomy):
    """How far the colony governs itself."""
    return autonomy


@colonists.auxiliary(without="absorption")
def autonomous():
    """The colony keeps its autonomy."""
    return 1.0


@colonists.equation("labour", source="E-013, E-014, E-015; lines 23 and 33")
def believe(
    conviction, adapting, levelling_lost, waged, autonomy_lost, autonomous, head_resented, outside_head
):  # fmt: skip
    """Conviction is lost with equal supply, with self-government, and under a head from outside."""
    warranted = 1.0 - levelling_lost * waged
    warranted = warranted - autonomy_lost * (1.0 - autonomous)
    warranted = np.maximum(warranted - head_resented * outside_head, 0.0)
    return dict(conviction=smoothed(conviction, warranted, adapting))


@colonists.equation("labour", source="E-012; line 31")
def vote(
    industrial, majority, coal_wanted_and_missing, colonists, least_for_vote, office_hours, raised_hours,
    waged,
):  # fmt: skip
    """Industrial workers raise the hours of the office where they are the majority and work is behind."""
    passes = (industrial > majority) & (coal_wanted_and_missing > 0.0) & (colonists > least_for_vote)
    passes = passes & (office_hours < raised_hours) & (waged < 0.5)
    return dict(office_hours=np.where(passes, raised_hours, office_hours), office_hours_raised=passes)


@colonists.auxiliary(source="E-006, E-008")
def coming(planned, came_so_far, response, conviction, recruiting, autonomous):
    """Settlers who come while recruiting goes on: who believes in it comes."""
    wanted = np.maximum(planned - came_so_far, 0.0)
    return response * wanted * conviction**2 * recruiting * autonomous


@colonists.equation("labour")
def come(coming, came_so_far):
    """Settlers come from abroad."""
    return dict(arrived_colonists=coming, came_so_far=came_so_far + coming)


@colonists.auxiliary(source="line 33")
def disillusioned(disillusion, conviction):
    """Rise of the rate at which settlers leave: all the more where conviction is gone."""
    return disillusion * (1.0 - conviction) ** 2


@colonists.auxiliary(source="E-003")
def leaving_bound(people_colonists_bound, leaving, disillusioned, pledge_holds):
    """Settlers who leave although they are bound by their pledge."""
    return people_colonists_bound * share_gone(moving_on(leaving, 1.0, disillusioned, pledge_holds))


@colonists.auxiliary
def leaving_free(people_colonists_free, leaving, disillusioned):
    """Settlers who leave when their pledge has ended."""
    return people_colonists_free * share_gone(moving_on(leaving, 1.0, disillusioned, 0.0))


@colonists.equation("labour")
def leave(leaving_bound, leaving_free, people_colonists_bound, pledge):
    """Settlers leave, and pledges come to their end."""
    return dict(
        left_bound=leaving_bound,
        left_free=leaving_free,
        left_colonists=leaving_bound + leaving_free,
        pledge_ended=(people_colonists_bound - leaving_bound) / pledge,
    )


# ---- hired workers -----------------------------------------------------------------------------------------


@colonists.auxiliary(source="E-009")
def wanted_miners(crew, mines_worked):
    """Miners for all mines that are worked."""
    return crew * mines_worked


@colonists.auxiliary(source="E-007, E-009, E-010")
def wanted_other_hired(wanted_miners, others):
    """Other hired workers, in proportion to miners."""
    return wanted_miners * others


@colonists.auxiliary
def net_hired(wanted_group, can_pay_for, people_group, hiring, least_people):
    """Hired workers follow what is wanted, as far as they can be paid."""
    can_pay = np.minimum(can_pay_for / np.maximum(total(wanted_group, "group"), least_people), 1.0)
    return (wanted_group * can_pay - people_group) / hiring


@colonists.equation("labour")
def hire(net_hired):
    """Workers are hired and dismissed."""
    return dict(hired_group=np.maximum(net_hired, 0.0), dismissed_group=np.maximum(-net_hired, 0.0))


@colonists.equation("labour")
def count_people(
    people_colonists_bound, people_colonists_free, people_worker, coming, leaving_bound, leaving_free,
    net_hired,
):  # fmt: skip
    """Settlers and all workers after the coming and going of the month."""
    left = leaving_bound + leaving_free
    return dict(
        colonists=people_colonists_bound + people_colonists_free + coming - left,
        employees=total(people_worker, "worker") + coming - left + total(net_hired, "group"),
    )
