"""State grain: the plan of procurement, the reserve, and whom the state serves."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

state_grain = Block("state_grain")


# ---- the plan ----------------------------------------------------------------------------------------------


@state_grain.auxiliary(source="A-31")
def exports_meant(grain_export_plan):
    """Grain to be exported, million tonnes a year."""
    return grain_export_plan


@state_grain.auxiliary(without="grain_exports")
def exports_meant():
    """No grain is exported."""
    return 0.0


@state_grain.auxiliary(source="A-30")
def lasting_share(plan_share_region):
    """Share of each region in the plan of 1930: shares that are given each by itself add up to all of it."""
    return plan_share_region / np.maximum(total(plan_share_region, "region"), 1e-9)


@state_grain.auxiliary(source="A-30")
def share_of_plan(lasting_share, plan_shift_region, plan_by_harvest, harvest_last_year_region):
    """Share of each region in the plan: as decreed, or by its last harvest."""
    decreed = lasting_share + plan_shift_region
    harvests = np.maximum(harvest_last_year_region, 1e-9)
    return decreed + plan_by_harvest * (harvests / total(harvests, "region") - decreed)


@state_grain.equation("planning", source="A-8, A-26")
def plan_procurement(
    town_grain_claim, camp_grain_claim, exports_meant, industrial_use, soldiers, army_ration, resale,
    taken_this_year, reserve_target, reserve_aim, grain_state, grain_reserve, padding, ratchet,
    share_of_plan,
):  # fmt: skip
    """The plan follows claims and reserve, and hardly falls below last year's procurement.

    Each region is told its share of it.
    """
    towns = town_grain_claim + camp_grain_claim
    claims = 12.0 * towns + exports_meant + industrial_use
    claims = claims + soldiers * army_ration
    claims = claims + resale * taken_this_year
    gap = np.maximum(reserve_target + reserve_aim - (grain_state + grain_reserve), 0.0)
    plan = np.maximum(padding * claims + gap, ratchet * taken_this_year)
    return dict(procurement_plan=plan, regional_plan_region=plan * share_of_plan)


# ---- the reserve -------------------------------------------------------------------------------------------


@state_grain.equation("record", source="A-29")
def count_grain_lacked(month, grain_lacked, village_deficit):
    """Grain that villages below the hunger line lacked since July."""
    before = 0.0 if month == 7 else grain_lacked
    return dict(grain_lacked=before + village_deficit)


@state_grain.equation("planning", source="sketch of accumulation: R* rises after a famine")
def aim_at_reserve(reserve_aim, grain_lacked, lack_unheeded, reserve_answer, reserve_memory, plan_year):
    """The reserve aimed at rises after a famine, by what was lacking in it, and is slowly forgotten."""
    learnt = reserve_answer * np.maximum(grain_lacked - lack_unheeded, 0.0)
    return dict(reserve_aim=reserve_aim * (1.0 - plan_year / reserve_memory) + learnt)


@state_grain.auxiliary
def ration_claim(town_grain_claim, bread_by_ration):
    """State grain that towns need for their rations."""
    return np.minimum(town_grain_claim, bread_by_ration)


@state_grain.equation("distribution")
def put_aside(
    reserve_aim, grain_reserve, reserve_saving, procurement_part, harvest_this_year, harvest_last_year,
    grain_to_spare_of_state, caution_of_saving,
):  # fmt: skip
    """After a harvest not below the last a part of what the reserve lacks is put aside, as far as spared.

    The better the harvest, the more: there is no step.
    """
    lacking = np.maximum(reserve_aim - grain_reserve, 0.0)
    saved = lacking * (1.0 - np.exp(-reserve_saving * procurement_part))
    spared = np.minimum(saved, grain_to_spare_of_state)
    rise = harvest_this_year / np.maximum(harvest_last_year, 1e-6) - 1.0
    ready = within(1.0 + rise / caution_of_saving, 0.0, 1.0)
    return dict(grain_to_reserve=spared * ready)


@state_grain.equation("distribution", source="sketch of accumulation: min(R, gap of towns)")
def release_reserve(ration_claim, town_grain_claim, thrift, grain_reserve, months_to_july):
    """What towns lack of their rations comes from the reserve, which must last until the next harvest."""
    gap = np.maximum(ration_claim - town_grain_claim * thrift, 0.0)
    return dict(grain_released=np.minimum(gap, grain_reserve / months_to_july))


# ---- the claims of the month -------------------------------------------------------------------------------


@state_grain.auxiliary
def army_grain_claim(soldiers, army_ration):
    """Grain and fodder for the army."""
    return soldiers * army_ration / 12.0


@state_grain.auxiliary
def export_grain_claim(exports_meant):
    """Grain for exports, which follow the plan of the calendar year in equal parts."""
    return exports_meant / 12.0


@state_grain.auxiliary
def industry_grain_claim(industrial_use):
    """Grain for spirits, starch and other industry."""
    return industrial_use / 12.0


@state_grain.auxiliary(source="A-29, A-32")
def resale_claim(resale, taken_this_year, resale_season):
    """Grain sold back to villages short of it."""
    return resale * taken_this_year / 12.0 * resale_season


@state_grain.auxiliary(source="Osokina, recalled")
def gold_claim(valuables_of_month, grain_for_valuables):
    """Grain that shops for gold sell for what people hand in."""
    return valuables_of_month * grain_for_valuables


@state_grain.auxiliary
def gold_part_region(village_deficit_region, village_food_need_region):
    """Share of each region in grain sold for gold: by what is wanting there, and by need if nothing is."""
    wanting = village_deficit_region + 1e-6 * village_food_need_region
    return wanting / np.maximum(total(wanting, "region"), 1e-12)


@state_grain.auxiliary
def seed_loan_claim(month, seed_wanting, seed_loans):
    """Seed lent to kolkhozes, from February to April."""
    return seed_wanting * seed_loans if (month >= 2) & (month <= 4) else 0.0


@state_grain.auxiliary(source="A-29, A-30")
def relief_claim(village_deficit_region, relief, relief_will):
    """Relief for starving villages, as far as the state means to give it."""
    return village_deficit_region * relief * relief_will


# ---- the outlook: who is served ----------------------------------------------------------------------------


@state_grain.auxiliary
def claims_cut_first(town_grain_claim, camp_grain_claim, industry_grain_claim, resale_claim):
    """Claims of the month that are cut where grain would not last: towns, camps, industry and resale."""
    return town_grain_claim + camp_grain_claim + industry_grain_claim + resale_claim


@state_grain.auxiliary(source="sketch of the famine, point 14")
def grain_outlook(
    grain_state, procurement_plan, procurement_ahead, plan_fulfilment, claims_cut_first, army_grain_claim,
    export_grain_claim, gold_claim, months_to_july, reserve_target,
):  # fmt: skip
    """Grain that would be left on 1 July beyond the least stock, were all claims served to then.

    The state reckons with the plan as far as it is fulfilled to date.
    """
    to_come = procurement_plan * procurement_ahead * np.minimum(plan_fulfilment, 1.0)
    claims = claims_cut_first + army_grain_claim + export_grain_claim + gold_claim
    return grain_state + to_come - claims * months_to_july - reserve_target


@state_grain.auxiliary
def thrift(grain_outlook, claims_cut_first, export_grain_claim, export_first, months_to_july, least_served):
    """Share of claims that is served so that grain lasts; exports are cut where they are not first."""
    cut = claims_cut_first + (1.0 - export_first) * export_grain_claim
    return within(1.0 + grain_outlook / np.maximum(cut * months_to_july, 1e-6), least_served, 1.0)


@state_grain.auxiliary
def grain_to_spare_of_state(grain_outlook, grain_state):
    """Grain in hand that stands above what the state needs to the next harvest."""
    return np.maximum(np.minimum(grain_outlook, grain_state), 0.0)


@state_grain.equation("distribution", source="A-29, A-30, A-31, A-32")
def serve(
    army_grain_claim, town_grain_claim, export_grain_claim, camp_grain_claim, industry_grain_claim,
    resale_claim, resale_share_region, seed_loan_claim, relief_claim, thrift, grain_to_spare_of_state,
    grain_brought, export_first, months_to_july, relief_months, gold_claim, gold_part_region,
):  # fmt: skip
    """Claims are served with thrift, seed is lent for the next harvest, relief comes from what can be spared.

    Towns get what trains bring; the rest stays where it was bought.
    """
    spare = np.maximum(grain_to_spare_of_state - total(seed_loan_claim, "region"), 0.0)
    relief = spare / np.minimum(months_to_july, relief_months)
    granted = np.minimum(relief / np.maximum(total(relief_claim, "region"), 1e-9), 1.0)
    sold_here = resale_share_region / np.maximum(total(resale_share_region, "region"), 1e-6)
    return dict(
        grain_to_army=army_grain_claim,
        grain_to_towns=town_grain_claim * thrift * grain_brought,
        grain_export=export_grain_claim * (export_first + (1.0 - export_first) * thrift),
        grain_to_camps=camp_grain_claim * thrift,
        grain_to_industry=industry_grain_claim * thrift,
        grain_resale_region=resale_claim * sold_here * thrift,
        grain_for_gold_region=gold_claim * gold_part_region,
        seed_loan_region=seed_loan_claim,
        grain_relief_region=relief_claim * granted,
    )
