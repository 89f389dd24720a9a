"""Investment: capital by branch, sites, and who gets builders and materials."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.economies.soviet.lots import Chance, divided
from planmodel.economies.soviet.sites import BRANCHES, Sites, manner_of
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

capital = Block("capital")
accumulation = Block("accumulation")
accumulation.entity(Sites)

ALL = range(len(BRANCHES))  # numbers of the branches
INDUSTRY = slice(BRANCHES.index("metal_and_fuel"), BRANCHES.index("consumer_goods") + 1)


# ---- capital: new works are mastered, and wear out ---------------------------------------------------------


@capital.auxiliary
def mastery_time(mastery):
    """Months in which new works come to full use."""
    return mastery


@capital.auxiliary(without="gestation")
def mastery_time(mastery_at_once):
    """Months in which new works come to full use where they take no years to build."""
    return mastery_at_once


@capital.equation("labour", source="D-76")
def master(works_new_branch, mastery_time):
    """New works come to full use as they are mastered, in one to two years."""
    return dict(mastered_branch=works_new_branch / mastery_time)


@capital.equation("labour", source="D-39")
def wear_out(works_capital_producing, wear):
    """Capital of industry, transport and state agriculture wears out."""
    return dict(wear_producing=works_capital_producing * wear / 12.0)


@capital.equation("labour", source="D-39")
def wear_out_housing(works_capital_housing_and_services, housing_wear):
    """The old stock of housing decays at a rate of its own."""
    return dict(wear_housing_and_services=works_capital_housing_and_services * housing_wear / 12.0)


@capital.auxiliary(source="economics of the redesign, A.5")
def replaced_branch(works_capital_branch, wear, replacement):
    """Work of a year that replaces worn capital whatever the plan says."""
    return works_capital_branch * wear * replacement


@capital.equation("production", source="D-76")
def reckon_capacity(works_capital_industry, works_new_industry, mastery_start):
    """Capacity: capital, and new works as far as they are of use from their first month."""
    return dict(capacity_industry=works_capital_industry + mastery_start * works_new_industry)


@capital.auxiliary
def engineering_at_work(works_capital_engineering, works_new_engineering, mastery_start):
    """Capacity of engineering with the new works as far as they are of use, for the first day."""
    return works_capital_engineering + mastery_start * works_new_engineering


@capital.auxiliary
def metal_works_at_work(works_capital_metal_and_fuel, works_new_metal_and_fuel, mastery_start):
    """Capacity of metal and fuel with the new works as far as they are of use, for the first day."""
    return works_capital_metal_and_fuel + mastery_start * works_new_metal_and_fuel


@capital.auxiliary
def housing_per_head(works_capital_housing_and_services, town_population):
    """Housing and services per townsperson, billion roubles per million persons."""
    return works_capital_housing_and_services / np.maximum(town_population, 1e-6)


# ---- the small capital of peasants and artisans ------------------------------------------------------------


@capital.equation("labour", source="D-37")
def lose_farm_capital(works_capital_peasants, moved_joining, people_individual_peasants, farm_loss):
    """Implements and buildings of those who join are lost in part; official figures leave this out."""
    joined = moved_joining / np.maximum(people_individual_peasants + moved_joining, 1e-9)
    return dict(destroyed_peasants=works_capital_peasants * joined * farm_loss)


@capital.auxiliary
def ruin_of_artisans(artisan_loss, pressure, fear):
    """Share of the artisans' capital lost in the month to taxes and collectivisation."""
    return artisan_loss / 12.0 * np.minimum(pressure + fear, 1.0)


@capital.auxiliary(without="artisan_ruin")
def ruin_of_artisans():
    """Artisans are left alone."""
    return 0.0


@capital.equation("labour", source="D-41")
def lose_artisans(works_capital_artisans, ruin_of_artisans, artisan_room, artisan_renewal):
    """Artisans are ruined, and renew what they have towards the room that cooperatives leave them."""
    room = np.maximum(artisan_room - works_capital_artisans, 0.0)
    return dict(
        destroyed_artisans=works_capital_artisans * np.minimum(ruin_of_artisans, 1.0),
        renewed_artisans=room * artisan_renewal / 12.0,
    )


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
        number = sites.begin(branch, work.title, size, months[branch] * pace, named=True)
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
    return dict(named_owed_branch=owed, work_wanted_branch=wanted, work_listed_branch=listed)


# ---- they claim materials for what plan and builders allow -------------------------------------------------


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


# ---- builders: what one can do, and what a rouble of work costs --------------------------------------------


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
def purge_sites(site_management, purge, site_purge_loss, site_management_memory):
    """Management of sites loses competence while it is purged, more than that of plants."""
    return dict(
        site_management=smoothed(site_management, 1.0 - site_purge_loss * purge, site_management_memory)
    )


@accumulation.auxiliary
def prices_of_producers(cost_index, prices_held, wholesale_reform):
    """Prices of what sites buy, 1928 = 1: held down by subsidies until a reform."""
    return cost_index ** (1.0 - prices_held * (1.0 - wholesale_reform))


@accumulation.equation("money", source="sketch of accumulation, form 3")
def reckon_construction_cost(wage_index, builder_work, prices_of_producers, cost_wages, least_builder_work):
    """Cost of construction: wages by what builders do for them, and the prices of what sites buy."""
    labour = wage_index / np.maximum(builder_work, least_builder_work)
    return dict(construction_cost=labour**cost_wages * prices_of_producers ** (1.0 - cost_wages))


@accumulation.equation("opening")
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


@accumulation.auxiliary
def manned(
    people_construction_workers, seasonal_hands, camp_builders, builders_1928, builder_work, wanted_by_sites,
    allowed_by_plan,
):  # fmt: skip
    """Share of the work let through that builders can do: hired ones, those of the season, and unfree."""
    hands = people_construction_workers + seasonal_hands + camp_builders
    able = hands / np.maximum(builders_1928, 1e-9) / 12.0 * builder_work
    return within(able / np.maximum(wanted_by_sites * allowed_by_plan, 1e-9), 0.0, 1.0)


@accumulation.equation("distribution", source="D-52, D-74")
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


# ---- and are built with what came: by rank, and the oldest first -------------------------------------------


@accumulation.auxiliary
def equipment_received(moved_goods_to_sites, moved_goods_to_shock_sites, site_equipment_claim):
    """Producer goods that sites received over what they claimed."""
    got = moved_goods_to_sites + moved_goods_to_shock_sites
    return np.minimum(got / np.maximum(site_equipment_claim, 1e-12), 1.0)


@accumulation.auxiliary
def metal_received(moved_metal_to_sites, moved_metal_to_shock_sites, site_metal_claim):
    """Metal that sites received over what they claimed."""
    got = moved_metal_to_sites + moved_metal_to_shock_sites
    return np.minimum(got / np.maximum(site_metal_claim, 1e-12), 1.0)


@accumulation.auxiliary
def work_possible(
    wanted_by_sites, let_through, builders_ratio, equipment_received, metal_received, materials_brought
):
    """Work that plan, builders, the scarcer material and the carriage of materials allow on all sites."""
    goods = np.minimum(equipment_received, metal_received) * materials_brought
    return wanted_by_sites * (let_through * builders_ratio * goods)


@accumulation.auxiliary(source="D-56")
def work_in_first_rank(work_listed_branch):
    """Work that stands in the first rank: that of the sites on the list of shock works."""
    return work_listed_branch


@accumulation.auxiliary(source="D-52, D-56")
def work_granted(work_wanted_branch, work_in_first_rank, work_possible):
    """Possible work shared among branches: the first rank, then the rest, in proportion within each."""
    in_first = total(work_in_first_rank, "branch")
    rest = work_wanted_branch - work_in_first_rank
    high = work_in_first_rank * np.minimum(work_possible / np.maximum(in_first, 1e-12), 1.0)
    left = np.maximum(work_possible - in_first, 0.0)
    low = rest * np.minimum(left / np.maximum(total(rest, "branch"), 1e-12), 1.0)
    return high + low


@accumulation.auxiliary(without="priority_rationing")
def work_granted(work_wanted_branch, wanted_by_sites, work_possible):
    """Possible work shared among branches in proportion to what they want."""
    return work_wanted_branch * (work_possible / np.maximum(wanted_by_sites, 1e-12))


@accumulation.auxiliary
def first_rank_now(work_in_first_rank, wanted_by_sites):
    """Share of the work wanted that stands in the first rank."""
    return total(work_in_first_rank, "branch") / np.maximum(wanted_by_sites, 1e-12)


@accumulation.auxiliary(without="priority_rationing")
def first_rank_now():
    """Nothing stands in a first rank."""
    return 0.0


@accumulation.equation("consumption", source="D-43, D-52, D-56, D-74")
def build(work_wanted_branch, work_granted, wanted_by_sites, investment_pace, pace_smoothing):
    """Construction of the month: what is granted, as far as it is wanted."""
    done = np.minimum(work_wanted_branch, work_granted)
    work = total(done, "branch")
    return dict(
        construction_branch=done,
        construction_ratio=work / np.maximum(wanted_by_sites, 1e-12),
        investment_pace=smoothed(investment_pace, 12.0 * work, pace_smoothing),
    )


@accumulation.equation("consumption", source="D-56")
def note_supply(equipment_received, metal_received, first_rank_now):
    """Note what was received against what was claimed, and how long the list of shock sites is."""
    return dict(
        equipment_ratio=equipment_received, metal_ratio=metal_received, first_rank_share=first_rank_now
    )


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


# A procedure, for sites are an entity; what of the work goes to which of them is for it to say.
@accumulation.procedure("consumption", source="D-52, D-56")
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


@accumulation.equation("labour")
def complete(handed_over_branch):
    """Sites finished this month are handed over, once their last work is in the books."""
    return dict(completed_branch=handed_over_branch)
