"""Sites: which are started and listed, what plan and money let through, costs, and what is claimed."""

from __future__ import annotations

import numpy as np

from planmodel.economies.shopfloor import practised
from planmodel.economies.soviet.lots import Chance, divided
from planmodel.economies.soviet.sites import BRANCHES, Sites, manner_of
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

accumulation = Block("accumulation")
accumulation.entity(Sites)

ALL = range(len(BRANCHES))  # numbers of the branches


# ---- sites are started -------------------------------------------------------------------------------------


@accumulation.auxiliary
def gestation_years(gestation_time):
    """Years to build an ordinary site when nothing is short."""
    return gestation_time


@accumulation.auxiliary(without="gestation")
def gestation_years(without_gestation):
    """Years to build any site where gestation is switched off."""
    return without_gestation


@accumulation.auxiliary(source="D-75")
def gestation_months(slow_branch, metal_gestation, gestation_time):
    """Months to build a site when nothing is short: works of metal, fuel and power take longest."""
    return 12.0 * np.where(slow_branch > 0.5, metal_gestation, gestation_time)


@accumulation.auxiliary(without="gestation")
def gestation_months(without_gestation):
    """Months to build any site where gestation is switched off."""
    return 12.0 * without_gestation


@accumulation.auxiliary
def wanted_by_first_starts(started_branch, quarter, gestation_months):
    """Work that what is begun in the first quarter will want, billion roubles a year."""
    return total(started_branch * quarter * (12.0 / gestation_months), "branch")


@accumulation.auxiliary
def opening_pace(work_of_1928, wanted_by_first_starts, works_unfinished_branch, gestation_months):
    """Pace of the sites of the first day, over that of sites of which nothing is short.

    Work of 1928 is known, and so is what stands unfinished: it stands on sites that were built as fast as
    this work allows. Sites that are half done on average are twice as large as the work done on them.
    """
    full = total(works_unfinished_branch * (12.0 / gestation_months), "branch")
    left = np.maximum(work_of_1928 - wanted_by_first_starts, 0.0)
    return left / np.maximum(full + full, 1e-9)


@accumulation.auxiliary(without="gestation")
def opening_pace():
    """Sites of the first day are as quick as all others where gestation is switched off."""
    return 1.0


# A procedure, for sites are an entity: a list that grows and shrinks.
@accumulation.procedure("opening")
def open_sites(
    sites, works_unfinished_branch, gestation_months, opening_pace, opening_quarters, list_on_first_day,
    concentration, stage_walls, stage_equipment, frozen_below, site_size,
):  # fmt: skip
    """The unfinished work of the first day stands on equal sites of the last quarters, at even progress.

    They and what is begun in the first quarter want together the work that was done in 1928.
    """
    quarters = int(opening_quarters)
    months = gestation_months / np.maximum(opening_pace, 1e-3)
    months = np.broadcast_to(months, works_unfinished_branch.shape)
    sites.manner = manner_of(concentration, stage_walls, stage_equipment, frozen_below, 1.0 / site_size)
    sites.reach = np.zeros(works_unfinished_branch.shape) + list_on_first_day
    for age in range(quarters, 0, -1):
        done = works_unfinished_branch * (age / (quarters * (quarters + 1) / 2.0))
        sites.begin(ALL, "before the start", done * (quarters + 1.0) / age, months, done)
    wanted, listed = sites.wanted()
    return dict(work_wanted_branch=wanted, work_listed_branch=listed, list_reach_branch=sites.reach)


@accumulation.auxiliary(source="D-35; Allen 2003")
def share_of_starts(start_share_branch, producer_weight_branch, producer_goods_share):
    """Shares of starts: those of the table, moved to what the plan gives to producer goods."""
    heavy = start_share_branch * producer_weight_branch
    rest = start_share_branch - heavy
    heavy = heavy / total(heavy, "branch") * producer_goods_share
    return heavy + rest / total(rest, "branch") * (1.0 - producer_goods_share)


@accumulation.auxiliary
def started_branch(starts, share_of_starts, replaced_branch):
    """What is begun in a year, by branch: its share of the starts, at least a part of what wears out."""
    return np.maximum(starts * share_of_starts, replaced_branch)


# A procedure, for sites are an entity, and named works begin on days of their own, in some members or all.
@accumulation.procedure("production", source="D-35, D-43, D-52")
def start_sites(
    sites, draws, month, year, started_branch, named_owed_branch, named_limit, gestation_months,
    quarters_in_year, large_sites_branch, large_share, size_spread, pace_spread, sites_together,
    concentration, stage_walls, stage_equipment, frozen_below, site_size,
):  # fmt: skip
    """Sites are started in each branch at the beginning of a quarter, less what named works take up."""
    sites.manner = manner_of(concentration, stage_walls, stage_equipment, frozen_below, 1.0 / site_size)
    owed = named_owed_branch.copy()
    months = np.broadcast_to(gestation_months, owed.shape)
    for work, members, begun in sites.works.take():
        branch = [BRANCHES.index(work.branch)]
        size = np.zeros_like(owed[branch]) + np.where(members, work.size, 0.0)
        pace = draws.factor(f"pace of {work.key}", None, pace_spread)
        usual = months[branch] if work.months is None else np.zeros_like(size) + work.months
        number = sites.begin(branch, work.title, size, usual * pace, named=True)
        sites.works.begin(number, work, begun)
        owed[branch] += size
    if month in (1, 4, 7, 10):
        started = started_branch / quarters_in_year
        taken = np.minimum(owed, named_limit * started)
        owed = owed - taken
        quarter = (month + 2) // 3
        number, large = int(year * quarters_in_year) + quarter, [int(n) for n in np.ravel(large_sites_branch)]
        chance = Chance(size_spread, pace_spread, sites_together)
        lots = divided(draws, number, started - taken, months, large, large_share, chance)
        sites.begin(lots.branches, f"{year} Q{quarter}", lots.size, lots.months, places=lots.places)
    wanted, listed = sites.wanted()
    called, unfree = sites.of_inmates()
    return dict(
        named_owed_branch=owed,
        work_wanted_branch=wanted,
        work_listed_branch=listed,
        inmates_called=called,
        inmates_works=unfree,
    )


# ---- the list of shock works -------------------------------------------------------------------------------


@accumulation.auxiliary
def list_on_first_day(first_rank_branch):
    """How far the list of shock works reaches on the first day: nothing has waited yet."""
    return first_rank_branch


@accumulation.auxiliary(without="priority_rationing")
def list_on_first_day(first_rank_branch):
    """No site is on a list."""
    return 0.0 * first_rank_branch


@accumulation.auxiliary(source="D-56")
def work_waits(work_wanted_branch, work_granted, wanted_by_sites):
    """Share of the work wanted in the month that is not done."""
    done = total(np.minimum(work_wanted_branch, work_granted), "branch")
    return np.maximum(wanted_by_sites - done, 0.0) / np.maximum(wanted_by_sites, 1e-12)


@accumulation.auxiliary(source="D-56; lines 10717-10829")
def list_from_now(
    list_reach_branch, first_rank_branch, list_limit_branch, rank_inflation, work_waits, list_time
):
    """How far the list of shock works reaches after a month.

    While work waits, who supplies a shock site is put on the list too: priority spreads from those who have
    it to those who have it not yet, as far as a branch can have it at all. A place lapses only as sites are
    finished, and new ones are listed as usual.
    """
    joining = rank_inflation / 12.0 * work_waits * list_reach_branch * (list_limit_branch - list_reach_branch)
    leaving = (list_reach_branch - first_rank_branch) / list_time
    return list_reach_branch + joining - leaving


@accumulation.auxiliary(without="priority_rationing")
def list_from_now(first_rank_branch):
    """No site joins a list."""
    return 0.0 * first_rank_branch


# ---- what plan and money let through -----------------------------------------------------------------------


@accumulation.auxiliary
def wanted_by_sites(work_wanted_branch):
    """Work that all sites want in the month."""
    return total(work_wanted_branch, "branch")


@accumulation.auxiliary(source="D-62; sketch of accumulation, form 4")
def hardness_now(hardness, easy_credit):
    """How hard the limit of money is within the year: automatic credit softens it."""
    return hardness * (1.0 - easy_credit)


@accumulation.auxiliary(source="D-51, D-62; sketch of accumulation, form 4")
def allowed_by_plan(investment_plan_money, construction_cost, wanted_by_sites, hardness_now):
    """Share of the work wanted that money lets through: the plan, and supplements where it is not hard."""
    asked = np.maximum(construction_cost * wanted_by_sites, 1e-9)
    planned = investment_plan_money / 12.0
    paid = planned + (1.0 - hardness_now) * np.maximum(asked - planned, 0.0)
    return np.minimum(paid / asked, 1.0)


@accumulation.auxiliary(without="money_plan", source="D-51, D-85")
def allowed_by_plan(investment_plan, wanted_by_sites):
    """Share of the work wanted that the plan of investment lets through; felt in retrenchment."""
    return np.minimum(investment_plan / 12.0 / np.maximum(wanted_by_sites, 1e-9), 1.0)


# ---- what a builder does, and what a rouble of work costs --------------------------------------------------


@accumulation.auxiliary(source="sketch of accumulation, form 3; D-71, D-72")
def food_of_builders(fed, builder_food_effect):
    """Work of builders by what they eat."""
    return fed**builder_food_effect


@accumulation.auxiliary(without="food_productivity")
def food_of_builders():
    """Food does not tell on work."""
    return 1.0


@accumulation.auxiliary
def mechanised(mechanisation, years):
    """Work of a builder over that of 1928 by the machines of sites."""
    return np.exp(mechanisation * years)


@accumulation.auxiliary(source="sketch of accumulation, form 3")
def builder_work(mechanised, food_of_builders, builder_skill, hours, site_management):
    """Work of a builder over that of 1928: by machines, food, skill, hours and management."""
    return mechanised * food_of_builders * builder_skill * hours * site_management


@accumulation.equation("money", source="C-53; sketch of accumulation, forms 3")
def purge_sites(new_managers_now, new_as_a_rule, site_purge_loss):
    """Sites lose by managers who are new to their posts, more than plants."""
    return dict(site_management=practised(new_managers_now, new_as_a_rule, site_purge_loss))


@accumulation.auxiliary
def prices_of_producers(cost_index, prices_held, wholesale_reform):
    """Prices of what sites buy, 1928 = 1: held down by subsidies until a reform."""
    return cost_index ** (1.0 - prices_held * (1.0 - wholesale_reform))


@accumulation.equation("money", source="sketch of accumulation, form 3")
def reckon_construction_cost(wage_index, builder_work, prices_of_producers, cost_wages, least_builder_work):
    """Cost of construction: wages by what builders do for them, and the prices of what sites buy."""
    labour = wage_index / np.maximum(builder_work, least_builder_work)
    return dict(construction_cost=labour**cost_wages * prices_of_producers ** (1.0 - cost_wages))


# ---- materials are claimed for what plan and builders allow ------------------------------------------------


@accumulation.auxiliary
def shock_share(first_rank_share):
    """Share of materials that is claimed for shock sites."""
    return first_rank_share


@accumulation.auxiliary(without="priority_rationing")
def shock_share():
    """No site comes before others."""
    return 0.0


@accumulation.auxiliary
def equipment_in_1928(work_of_1928, equipment):
    """Producer goods that sites took in 1928, billion roubles."""
    return work_of_1928 * equipment


@accumulation.equation("distribution", source="D-52, D-56")
def claim_materials(
    wanted_by_sites, allowed_by_plan, manned, equipment, site_metal, site_metal_saving, years, shock_share
):
    """Sites claim equipment and metal for as much work as the plan lets through and the builders can do.

    Shock sites are served before existing plants; the other sites stand in one rank with upkeep, so that a
    longer list of shock sites starves plants.
    """
    work = wanted_by_sites * allowed_by_plan * manned
    goods = work * equipment
    metal = work * (site_metal * np.exp(-site_metal_saving * years))
    return dict(
        site_equipment_claim=goods,
        site_metal_claim=metal,
        goods_to_shock_sites=goods * shock_share,
        goods_to_sites=goods * (1.0 - shock_share),
        metal_to_shock_sites=metal * shock_share,
        metal_to_sites=metal * (1.0 - shock_share),
    )
