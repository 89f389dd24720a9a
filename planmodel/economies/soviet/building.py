"""Building: hands on sites, and works built with what came, by rank and the oldest first."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.economies.soviet.sites import BRANCHES
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

building = Block("building")

INDUSTRY = slice(BRANCHES.index("metal_and_fuel"), BRANCHES.index("consumer_goods") + 1)


# ---- hands on sites ----------------------------------------------------------------------------------------


@building.equation("opening")
def open_with_builders(people_construction_workers, seasonal_hands, builder_work, work_of_1928):
    """Hands for a unit of work in 1928: those that there are on the first day do the work of that year.

    So nothing of 1928 waits for builders, and nobody is hired but for the work that comes on top. Of the
    unfree hardly anybody builds yet.
    """
    return dict(
        builders_1928=(people_construction_workers + seasonal_hands) * builder_work / work_of_1928,
        builder_norm=(people_construction_workers + seasonal_hands) / work_of_1928,
        construction_wanted=work_of_1928,
        investment_pace=work_of_1928,
    )


@building.auxiliary
def manned(
    people_construction_workers, seasonal_hands, camp_builders, builders_1928, builder_work, wanted_by_sites,
    allowed_by_plan,
):  # fmt: skip
    """Share of the work let through that builders can do: hired ones, those of the season, and unfree."""
    hands = people_construction_workers + seasonal_hands + camp_builders
    able = hands / np.maximum(builders_1928, 1e-9) / 12.0 * builder_work
    return within(able / np.maximum(wanted_by_sites * allowed_by_plan, 1e-9), 0.0, 1.0)


@building.equation("distribution", source="D-52, D-74")
def reckon_builders(
    wanted_by_sites, allowed_by_plan, manned, builders_1928, builder_work, least_builder_work
):
    """What the sites want, what the plan lets through, and what the builders can do of it."""
    return dict(
        construction_wanted=wanted_by_sites * 12.0,
        let_through=allowed_by_plan,
        builders_ratio=manned,
        builder_norm=builders_1928 / np.maximum(builder_work, least_builder_work),
    )


# ---- what came, shared by rank -----------------------------------------------------------------------------


@building.auxiliary
def equipment_received(moved_goods_to_sites, moved_goods_to_shock_sites, site_equipment_claim):
    """Producer goods that sites received over what they claimed."""
    got = moved_goods_to_sites + moved_goods_to_shock_sites
    return np.minimum(got / np.maximum(site_equipment_claim, 1e-12), 1.0)


@building.auxiliary
def metal_received(moved_metal_to_sites, moved_metal_to_shock_sites, site_metal_claim):
    """Metal that sites received over what they claimed."""
    got = moved_metal_to_sites + moved_metal_to_shock_sites
    return np.minimum(got / np.maximum(site_metal_claim, 1e-12), 1.0)


@building.auxiliary
def work_possible(
    wanted_by_sites, let_through, builders_ratio, equipment_received, metal_received, materials_brought
):
    """Work that plan, builders, the scarcer material and the carriage of materials allow on all sites."""
    goods = np.minimum(equipment_received, metal_received) * materials_brought
    return wanted_by_sites * (let_through * builders_ratio * goods)


@building.auxiliary(source="D-56")
def work_in_first_rank(work_listed_branch):
    """Work that stands in the first rank: that of the sites on the list of shock works."""
    return work_listed_branch


@building.auxiliary(source="D-52, D-56")
def work_granted(work_wanted_branch, work_in_first_rank, work_possible):
    """Possible work shared among branches: the first rank, then the rest, in proportion within each."""
    in_first = total(work_in_first_rank, "branch")
    rest = work_wanted_branch - work_in_first_rank
    high = work_in_first_rank * np.minimum(work_possible / np.maximum(in_first, 1e-12), 1.0)
    left = np.maximum(work_possible - in_first, 0.0)
    low = rest * np.minimum(left / np.maximum(total(rest, "branch"), 1e-12), 1.0)
    return high + low


@building.auxiliary(without="priority_rationing")
def work_granted(work_wanted_branch, wanted_by_sites, work_possible):
    """Possible work shared among branches in proportion to what they want."""
    return work_wanted_branch * (work_possible / np.maximum(wanted_by_sites, 1e-12))


@building.auxiliary
def first_rank_now(work_in_first_rank, wanted_by_sites):
    """Share of the work wanted that stands in the first rank."""
    return total(work_in_first_rank, "branch") / np.maximum(wanted_by_sites, 1e-12)


@building.auxiliary(without="priority_rationing")
def first_rank_now():
    """Nothing stands in a first rank."""
    return 0.0


# ---- what is built, and handed over ------------------------------------------------------------------------


@building.equation("consumption", source="D-43, D-52, D-56, D-74")
def build(work_wanted_branch, work_granted, wanted_by_sites, investment_pace, pace_smoothing):
    """Construction of the month: what is granted, as far as it is wanted."""
    done = np.minimum(work_wanted_branch, work_granted)
    work = total(done, "branch")
    return dict(
        construction_branch=done,
        construction_ratio=work / np.maximum(wanted_by_sites, 1e-12),
        investment_pace=smoothed(investment_pace, 12.0 * work, pace_smoothing),
    )


@building.equation("consumption", source="D-56")
def note_supply(equipment_received, metal_received, first_rank_now):
    """Note what was received against what was claimed, and how long the list of shock sites is."""
    return dict(
        equipment_ratio=equipment_received, metal_ratio=metal_received, first_rank_share=first_rank_now
    )


# A procedure, for sites are an entity; what of the work goes to which of them is for it to say.
@building.procedure("consumption", source="D-52, D-56")
def build_in_order(sites, work_granted, works_unfinished_branch, list_from_now, today):
    """The list of shock works is served first, then the furthest; the others freeze. What ends is capital."""
    month = sites.build(work_granted, list_from_now, today)
    idle, held = (np.add.reduce(rows[INDUSTRY], axis=0) for rows in (month.idle, works_unfinished_branch))
    return dict(
        list_reach_branch=list_from_now,
        handed_over_branch=month.completed,
        work_wanted_branch=month.wanted,
        work_listed_branch=month.listed,
        frozen_share=np.minimum(idle / np.maximum(held, 1e-12), 1.0),
        sites_under_way=np.add.reduce(month.under_way[INDUSTRY], axis=0),
        sites_frozen=np.add.reduce(month.frozen[INDUSTRY], axis=0),
        sites_finished=np.add.reduce(month.finished[INDUSTRY], axis=0),
    )


@building.equation("labour")
def complete(handed_over_branch):
    """Sites finished this month are handed over, once their last work is in the books."""
    return dict(completed_branch=handed_over_branch)
