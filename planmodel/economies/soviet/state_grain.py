"""State grain: the plan of procurement, the reserve, and whom the state serves."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
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


@state_grain.equation("planning", source="A-8, A-26")
def plan_procurement(
    town_grain_claim, camp_grain_claim, exports_meant, industrial_use, soldiers, army_ration, resale,
    taken_this_year, reserve_target, reserve_aim, grain_state, grain_reserve, padding, ratchet,
):  # fmt: skip
    """The plan follows claims and reserve, and hardly falls below last year's procurement."""
    towns = town_grain_claim + camp_grain_claim
    claims = 12.0 * towns + exports_meant + industrial_use
    claims = claims + soldiers * army_ration
    claims = claims + resale * taken_this_year
    gap = np.maximum(reserve_target + reserve_aim - (grain_state + grain_reserve), 0.0)
    return dict(procurement_plan=np.maximum(padding * claims + gap, ratchet * taken_this_year))


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
    reserve_aim, grain_reserve, reserve_saving, procurement_part, harvest_this_year, harvest_last_year
):
    """After a harvest not below the last, a part of what the reserve lacks is put aside."""
    lacking = np.maximum(reserve_aim - grain_reserve, 0.0)
    saved = lacking * (1.0 - np.exp(-reserve_saving * procurement_part))
    return dict(grain_to_reserve=np.where(harvest_this_year >= harvest_last_year, saved, 0.0))


@state_grain.equation("distribution", source="sketch of accumulation: min(R, gap of towns)")
def release_reserve(ration_claim, grain_state, army_grain_claim, grain_reserve, months_to_purchases):
    """What towns lack of their rations comes from the reserve, which must last until the next purchases."""
    gap = np.maximum(ration_claim - np.maximum(grain_state - army_grain_claim, 0.0), 0.0)
    return dict(grain_released=np.minimum(gap, grain_reserve / months_to_purchases))


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


@state_grain.auxiliary
def seed_wanting(
    seed_need_kolkhoz, sowing_ahead, grain_kolkhoz, food_over_districts, district_weight_district
):
    """Seed wanting in kolkhozes, where barns are spread as food is.

    The mean kolkhoz may hold its seed while those of poor districts do not.
    """
    ahead = seed_need_kolkhoz * sowing_ahead
    barns = grain_kolkhoz * food_over_districts
    return total(district_weight_district * np.maximum(ahead - barns, 0.0), "district")


@state_grain.auxiliary
def seed_loan_claim(month, seed_wanting, seed_loans):
    """Seed lent to kolkhozes, from February to April."""
    return seed_wanting * seed_loans if (month >= 2) & (month <= 4) else 0.0


@state_grain.auxiliary(source="A-29, A-30")
def relief_claim(village_deficit, relief, relief_will):
    """Relief for starving villages, as far as the state means to give it."""
    return village_deficit * relief * relief_will


@state_grain.equation("distribution")
def note_relief_wanted(village_deficit):
    """Grain wanting in villages below the hunger line."""
    return dict(relief_wanted=village_deficit)


# ---- who is served -----------------------------------------------------------------------------------------


@state_grain.calendar
def months_to_purchases(month: int) -> int:
    """Months to the next purchases: little is bought before the end of August."""
    return (8 - month) % 12 + 1


@state_grain.auxiliary
def grain_outlook(
    month, taken_this_year, taken_share_last_year, harvest_last_year, procurement_ahead, grain_state,
    months_to_purchases,
):  # fmt: skip
    """Grain that the state can give in a month until the next purchases.

    Until December it reckons with the purchases of the year before, then with this year's pace.
    """
    before = taken_share_last_year * harvest_last_year
    to_come = np.maximum(before - taken_this_year, 0.0) if (month >= 9) & (month <= 11) else 0.0
    to_come = (
        taken_this_year * procurement_ahead / (1.0 - procurement_ahead)
        if (month == 12) | (month <= 2)
        else to_come
    )
    return (grain_state + to_come) / months_to_purchases


@helper
def served_share(left: Array, claimed: Array) -> Array:
    """Return the share in which claims of one rank are served of what is left: one where there is enough."""
    short = claimed > left
    return np.where(short, left / np.where(short, claimed, np.maximum(left, 1e-9)), 1.0)


@helper
def served(claim: Array, left: Array) -> Array:
    """Return what a claim that is alone in its rank gets of what is left."""
    return np.minimum(claim * served_share(left, claim), left)


@helper
def held_to(claim: Array, got: Array, share: float) -> Array:
    """Return a claim that is held for a share to what it would get."""
    return claim + share * (got - claim)


@state_grain.equation("distribution", source="A-29, A-30, A-31, A-32")
def serve(
    army_grain_claim, town_grain_claim, export_grain_claim, camp_grain_claim, industry_grain_claim,
    resale_claim, seed_loan_claim, relief_claim, grain_outlook, grain_spread, grain_brought, export_first,
    towns_rank, exports_rank, industry_rank,
):  # fmt: skip
    """All claims of the month; the ledger serves them by rank as far as grain goes.

    A state that spreads its grain keeps them, by rank and with camps beside the towns, within the outlook.
    Towns get what trains bring; the rest stays where it was bought.
    """
    first = np.where(export_first > 0.0, export_grain_claim, 0.0)
    later = export_grain_claim - first
    first = served(first, grain_outlook)
    left = grain_outlook - first
    army = served(army_grain_claim, left)
    left = left - army
    share = served_share(left, town_grain_claim + camp_grain_claim)
    towns = np.minimum(town_grain_claim * share, left)
    left = left - towns
    camps = np.minimum(camp_grain_claim * share, left)
    left = left - camps
    later = served(later, left)
    left = left - later
    industry = served(industry_grain_claim, left)
    left = left - industry
    share = served_share(left, resale_claim + seed_loan_claim)
    resold = np.minimum(resale_claim * share, left)
    left = left - resold
    seed = np.minimum(seed_loan_claim * share, left)
    relief = served(relief_claim, left - seed)
    return dict(
        grain_to_army=held_to(army_grain_claim, army, grain_spread),
        grain_to_towns=held_to(town_grain_claim, towns, grain_spread) * grain_brought,
        grain_export=held_to(export_grain_claim, first + later, grain_spread),
        rank_grain_export=np.where(export_first > 0.0, 0.0, exports_rank),
        grain_to_camps=held_to(camp_grain_claim, camps, grain_spread),
        rank_grain_to_camps=np.where(grain_spread > 0.0, towns_rank, industry_rank),
        grain_to_industry=held_to(industry_grain_claim, industry, grain_spread),
        grain_resale=held_to(resale_claim, resold, grain_spread),
        seed_loan=held_to(seed_loan_claim, seed, grain_spread),
        grain_relief=held_to(relief_claim, relief, grain_spread),
    )
