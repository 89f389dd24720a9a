"""Grain: how the state takes it from the village, what households sell, and whom the state serves."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

procurement = Block("procurement")
kolkhoz_market = Block("kolkhoz_market")
state_grain = Block("state_grain")


# ---- procurement: the regime of the year -------------------------------------------------------------------


@procurement.equation("opening")
def open_with_regime(quotas, obligatory_deliveries):
    """The regime of the first campaign is the one in force on the first day."""
    return dict(quotas_this_year=quotas, deliveries_this_year=obligatory_deliveries)


@procurement.equation("production", months=(7,))
def open_campaign(quotas, obligatory_deliveries, collectivised_share):
    """A new regime begins with a harvest; what joins after it is not yet in the hand of the state."""
    return dict(
        quotas_this_year=quotas,
        deliveries_this_year=obligatory_deliveries,
        organised_share=collectivised_share,
    )


@procurement.auxiliary
def under_quotas(month, quotas, quotas_this_year):
    """Delivery quotas are compulsory this year."""
    return np.where(month == 7, quotas, quotas_this_year) > 0.0


@procurement.auxiliary
def under_deliveries(month, obligatory_deliveries, deliveries_this_year):
    """Deliveries are a norm per hectare this year, whatever the harvest."""
    return np.where(month == 7, obligatory_deliveries, deliveries_this_year) > 0.0


@procurement.auxiliary
def on_market(under_quotas, under_deliveries):
    """Grain is bought on a market this year."""
    return ~(under_quotas | under_deliveries)


# ---- procurement: grain bought on a market -----------------------------------------------------------------


@procurement.equation("production", source="A-1, A-35")
def reckon_terms_of_trade(village_goods_offer, scissors, least_goods_offer, least_scissors):
    """Terms of trade: procurement over industrial price, times the goods that the village is offered."""
    offer = np.maximum(village_goods_offer, least_goods_offer)
    return dict(terms_of_trade=offer / np.maximum(scissors, least_scissors))


@helper
def share_sold(terms: Array, intercept: Array, elasticity: Array) -> Array:
    """Return the share of the harvest sold on a market, 1 / (1 + m_A q^-m_B) (A-1).

    Parameters
    ----------
    terms
        Terms of trade q: procurement over industrial price, times the goods on offer; 1928 = 1, above zero.
    intercept, elasticity
        m_A and m_B of Allen, *Farm to Factory*, appendix B, equation 8A-3.
    """
    return 1.0 / (1.0 + intercept * terms**-elasticity)


@procurement.auxiliary(source="A-1; Allen, Farm to Factory, app. B, eq. 8A-3")
def market_share(terms_of_trade, market_intercept, market_elasticity):
    """Share of the harvest that peasants sell to the state at today's terms of trade."""
    return share_sold(terms_of_trade, market_intercept, market_elasticity)


@procurement.equation("production")
def free_sales(emergency_measures, quotas, obligatory_deliveries):
    """Sale is as free as emergency measures, quotas and deliveries leave it."""
    barred = np.maximum(np.maximum(emergency_measures, quotas), obligatory_deliveries)
    return dict(free_sale=1.0 - barred)


@procurement.calendar
def months_to_july(month: int) -> int:
    """Months from the end of this one to the beginning of July, with this one: 12 in July, 1 in June."""
    return (6 - month) % 12 + 1


@procurement.auxiliary
def grain_to_spare(
    months_to_july, seed_need_individual, sowing_ahead, threshed_before, collectivised_share,
    harvest_this_year, village_food_need, household_feed_need, grain_individual, kept_for_use,
):  # fmt: skip
    """Grain of individual peasants beyond seed and use to the next harvest, with what is to be threshed."""
    seed = seed_need_individual * sowing_ahead
    own = 1.0 - collectivised_share
    standing = harvest_this_year * own * (1.0 - threshed_before) / threshed_before
    use = (village_food_need + household_feed_need) * own * months_to_july
    return grain_individual + standing - seed - kept_for_use * use


@procurement.auxiliary
def offered(market_share, harvest_this_year, procurement_part, free_sale, grain_to_spare, on_market):
    """Grain offered on a market this month: the month's part of a year's sales.

    Where sale is free, peasants sell nothing that they need themselves.
    """
    wish = market_share * harvest_this_year * procurement_part
    held_back = np.maximum(wish - np.maximum(grain_to_spare, 0.0), 0.0)
    return np.where(on_market, wish - free_sale * held_back, 0.0)


@procurement.auxiliary
def outbid(
    procurement_price, kolkhoz_market_price, lever_free_trade, free_sale, market_rivalry, least_market_price,
    least_price_ratio,
):  # fmt: skip
    """Share of free sales for which traders outbid the state."""
    paid = procurement_price / np.maximum(kolkhoz_market_price, least_market_price)
    lost = 1.0 - within(paid, least_price_ratio, 1.0) ** market_rivalry
    return lost * lever_free_trade * free_sale


@procurement.equation("production", source="A-1")
def lose_to_traders(offered, outbid, collectivised_share):
    """Grain of individual peasants for which traders outbid the state; kolkhozes sell to the state only."""
    individual = 1.0 - collectivised_share
    return dict(sold_to_traders=offered * individual * outbid)


@procurement.equation("labour", source="A-1")
def bid(
    procurement_price_response, on_market, offered_ahead, harvest_this_year, threshed_before,
    collectivised_share, market_share, outbid, procurement_plan, taken_to_date, price_offered,
    procurement_price, state_price_bread, price_ceiling, least_price_step, most_price_step,
    lowest_price_offered,
):  # fmt: skip
    """The state's price moves so that a free market would bring what the plan still wants.

    Offered is what is still to be sold to the state this year at today's terms. The price is never above what
    that of bread bears.
    """
    answers = on_market & (procurement_price_response > 0.0) & (offered_ahead > 0.0)
    harvest = harvest_this_year / threshed_before
    individual = 1.0 - collectivised_share
    offered = market_share * harvest * offered_ahead * (1.0 - individual * outbid)
    wanted = np.maximum(procurement_plan - taken_to_date, 0.0)
    ratio = within(wanted / np.maximum(offered, 1e-6), least_price_step, most_price_step)
    given = procurement_price / price_offered
    highest = price_ceiling * state_price_bread / np.maximum(given, 1e-9)
    offer = np.minimum(price_offered * ratio**procurement_price_response, highest)
    return dict(price_offered=np.where(answers, np.maximum(offer, lowest_price_offered), price_offered))


# ---- procurement: what can be got, and what is due ---------------------------------------------------------


@procurement.auxiliary(source="A-5, A-27")
def attainable_by_quota(
    procurement_plan, harvest_this_year, organised_share, extraction_base, extraction_kolkhoz
):
    """Grain that quotas get this year: the plan, as far as the state is able to extract it."""
    capacity = extraction_base + extraction_kolkhoz * organised_share
    return np.minimum(procurement_plan, capacity * harvest_this_year)


@procurement.auxiliary(source="B-17")
def attainable_by_norm(
    growing_area, harvest_this_year, collectivised_share, delivery_norm, delivery_scale, individual_norm,
    extraction_limit,
):  # fmt: skip
    """Grain that deliveries get this year: a norm per hectare, heavier for individual peasants."""
    norm = delivery_norm * delivery_scale
    due = growing_area * norm * (collectivised_share + (1.0 - collectivised_share) * individual_norm)
    return np.minimum(due, extraction_limit * harvest_this_year)


@procurement.auxiliary(source="A-1, A-2, A-5, A-27, B-17")
def attainable(
    under_deliveries, under_quotas, attainable_by_norm, attainable_by_quota, market_share, harvest_this_year
):
    """Grain that the state can get from peasants and kolkhozes this year, by the regime."""
    sold = market_share * harvest_this_year
    return np.where(under_deliveries, attainable_by_norm, np.where(under_quotas, attainable_by_quota, sold))


@procurement.auxiliary(source="A-33")
def mts_share(mts_rate, mts_coverage, under_deliveries):
    """Share of the kolkhoz harvest due to the MTS in kind; before deliveries it counted towards the quota."""
    return mts_rate * mts_coverage * under_deliveries


@procurement.equation("production")
def set_dues(attainable, collectivised_share, mts_share, kolkhoz_harvest_this_year):
    """Kolkhozes are told what they owe this year."""
    return dict(kolkhoz_dues=attainable * collectivised_share + mts_share * kolkhoz_harvest_this_year)


@procurement.auxiliary
def asked_this_month(on_market, offered, attainable, procurement_due, month, taken_from_peasants):
    """Grain that the campaign asks for this month.

    A market offers the month's part of the year's supply. A quota or norm asks for all that is due by the end
    of the month and not yet taken.
    """
    taken = 0.0 if month == 7 else taken_from_peasants  # in July a new year begins
    return np.where(on_market, offered, attainable * procurement_due - taken)


@procurement.auxiliary(source="A-2")
def seized(on_market, emergency, plan_fulfilment, seizure, grain_individual):
    """Grain seized under emergency measures, while procurement is short of plan."""
    short = plan_fulfilment < 1.0
    return np.where(on_market, emergency * short * seizure * grain_individual, 0.0)


# ---- procurement: the campaign -----------------------------------------------------------------------------


@procurement.equation("distribution", months=(8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6), source="A-33")
def pay_mts(kolkhoz_harvest_this_year, mts_share, mts_paid_this_year):
    """The MTS are paid what is due of the grain threshed so far; in July hardly any is threshed."""
    due = kolkhoz_harvest_this_year * mts_share - mts_paid_this_year
    return dict(mts_payment=np.maximum(due, 0.0))


@procurement.equation("distribution", source="A-28")
def collect(asked_this_month, seized, procurement_part, collectivised_share, sold_to_traders):
    """The two forms give by their share; no food, feed or seed is spared in the barn."""
    asked = np.maximum(asked_this_month, 0.0) if procurement_part > 0.0 else 0.0
    due = asked + seized
    return dict(
        procured_individual=np.maximum(due * (1.0 - collectivised_share) - sold_to_traders, 0.0),
        procured_kolkhoz=due * collectivised_share,
    )


@procurement.equation("distribution")
def collect_from_state_farms(grain_state_farms, seed_need_state_farm, sowing_ahead, state_farm_part):
    """State farms deliver a part of what they hold beyond seed."""
    seed = seed_need_state_farm * sowing_ahead
    spare = np.maximum(grain_state_farms - seed, 0.0)
    return dict(procured_state_farm=spare * state_farm_part)


# ---- procurement: review and accounts ----------------------------------------------------------------------


@procurement.auxiliary
def taken_to_date(month, taken_this_year, moved_procured_form, moved_mts_payment):
    """Grain procured since July, this month included."""
    before = 0.0 if month == 7 else taken_this_year
    return before + (total(moved_procured_form, "form") + moved_mts_payment)


@procurement.auxiliary
def fulfilment_to_date(procurement_plan, procurement_due, taken_to_date):
    """Procurement over the plan to date."""
    return taken_to_date / np.maximum(procurement_plan * procurement_due, 1e-6)


@procurement.auxiliary(source="A-2, A-4")
def measures_called(month, emergency, fulfilment_to_date, on_market, emergency_measures, shortfall_alarm):
    """Emergency measures are in force: called where the plan is missed, given up before the new harvest."""
    in_force = emergency > 0.5
    missed = fulfilment_to_date < 1.0 - shortfall_alarm
    called = in_force | missed if (month >= 10) | (month <= 2) else in_force & (month != 7)
    return called & on_market & (emergency_measures > 0.0)


@procurement.equation("labour", source="A-2, A-4")
def review(fulfilment_to_date, measures_called, emergency):
    """The campaign is measured against the plan; emergency measures are called or lifted."""
    in_force = emergency > 0.5
    return dict(
        plan_fulfilment=fulfilment_to_date,
        emergency=measures_called * 1.0,
        emergency_measures_called=measures_called & ~in_force,
        emergency_measures_ended=in_force & ~measures_called,
    )


@procurement.equation("record")
def count_year(
    month, taken_to_date, taken_from_peasants, mts_paid_this_year, moved_procured_individual,
    moved_procured_kolkhoz, moved_mts_payment,
):  # fmt: skip
    """Running totals of the agricultural year."""
    peasants = 0.0 if month == 7 else taken_from_peasants
    paid = 0.0 if month == 7 else mts_paid_this_year
    return dict(
        taken_this_year=taken_to_date,
        taken_from_peasants=peasants + (moved_procured_individual + moved_procured_kolkhoz),
        mts_paid_this_year=paid + moved_mts_payment,
    )


@procurement.equation("record", months=(7,))
def note_share_taken(taken_this_year, harvest_last_year):
    """Share of the last harvest that was procured, noted when the new year begins."""
    return dict(taken_share_last_year=taken_this_year / np.maximum(harvest_last_year, 1e-6))


@procurement.equation("record", months=(6,))
def note_harvest(harvest_this_year):
    """Harvest of the year that ends."""
    return dict(harvest_last_year=harvest_this_year)


# ---- the peasants' market ----------------------------------------------------------------------------------


@kolkhoz_market.auxiliary
def trade_allowed(lever_free_trade):
    """Freedom of trade that decrees allow."""
    return lever_free_trade


@kolkhoz_market.auxiliary(without="kolkhoz_market")
def trade_allowed(lever_free_trade, collectivised_share):
    """Freedom of trade on a market that stays closed to members of kolkhozes."""
    return lever_free_trade * (1.0 - collectivised_share)


@kolkhoz_market.equation("production", source="A-36, D-63")
def open_market(
    trade_allowed, black_market, kolkhoz_market_price, industrial_goods_price, village_goods_offer,
    price_response, product_share, least_goods_price, least_buying_power, most_buying_power,
    most_products_sold,
):  # fmt: skip
    """Trade is as free as decrees allow, or black; sales answer to what their price buys."""
    price = kolkhoz_market_price / np.maximum(industrial_goods_price, least_goods_price)
    buys = within(price * village_goods_offer, least_buying_power, most_buying_power)
    answer = buys**price_response
    free = np.maximum(trade_allowed, black_market)
    return dict(
        free_trade=trade_allowed,
        market_return=answer,
        market_share_of_products=np.minimum(product_share * free * answer, most_products_sold),
    )


@kolkhoz_market.equation("distribution", source="A-36")
def sell_grain(
    months_to_harvest, seed_need_individual, sowing_ahead, village_food_need, household_feed_need,
    grain_individual, grain_members, free_trade, black_market, market_supply, market_return, most_grain_sold,
    sold_to_traders,
):  # fmt: skip
    """Households sell a part of what is above their own need, and what traders outbid the state for."""
    need = (village_food_need + household_feed_need) * months_to_harvest
    own = np.maximum(grain_individual - seed_need_individual * sowing_ahead, 0.0)
    rate = np.minimum(market_supply / 12.0 * market_return, most_grain_sold)
    free = np.maximum(free_trade, black_market)
    spare = np.maximum(own + grain_members - need, 0.0) * rate * free
    share = own / np.maximum(own + grain_members, 1e-9)
    return dict(
        market_grain_individual=spare * share + sold_to_traders,
        market_grain_members=spare * (1.0 - share),
    )


@kolkhoz_market.equation("money", source="A-36, D-63, D-68")
def set_market_price(
    products_for_towns, market_share_of_products, moved_market_grain_individual, moved_market_grain_members,
    market_grain_value, ever_market_purchases, market_spent_before, market_volume, market_spending,
    market_memory, market_price_norm, base_month, least_market_spending, least_market_volume,
    least_market_price, most_market_price,
):  # fmt: skip
    """Price: money spent on the market over goods sold there at prices of 1928, both smoothed, 1928 = 1."""
    grain = moved_market_grain_individual + moved_market_grain_members
    sold = products_for_towns * market_share_of_products + grain * market_grain_value
    volume = smoothed(market_volume, sold, market_memory)
    spending = smoothed(market_spending, ever_market_purchases - market_spent_before, market_memory)
    ratio = np.maximum(spending, least_market_spending) / np.maximum(volume, least_market_volume)
    norm = market_price_norm
    norm = norm + (ratio - norm) / base_month if base_month > 0 else norm
    return dict(
        market_volume=volume,
        market_spent_before=ever_market_purchases,
        market_spending=spending,
        market_price_norm=norm,
        kolkhoz_market_price=within(ratio / norm, least_market_price, most_market_price),
    )


# ---- state grain: the plan ---------------------------------------------------------------------------------


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


# ---- state grain: the reserve ------------------------------------------------------------------------------


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


# ---- state grain: the claims of the month ------------------------------------------------------------------


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


# ---- state grain: who is served ----------------------------------------------------------------------------


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
