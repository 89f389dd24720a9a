"""Procurement: how the state takes grain from the village."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import total

procurement = Block("procurement", over="region")


# ---- the regime of the year --------------------------------------------------------------------------------


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


# ---- grain bought on a market ------------------------------------------------------------------------------


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
    harvest_expected, village_food_need, household_feed_need, grain_individual, kept_for_use,
):  # fmt: skip
    """Grain of individual peasants beyond seed and use to the next harvest, with what is to be threshed."""
    seed = seed_need_individual * sowing_ahead
    own = 1.0 - collectivised_share
    standing = harvest_expected * own * (1.0 - threshed_before)
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
    procurement_price_response, on_market, offered_ahead, harvest_expected, collectivised_share,
    market_share, outbid, procurement_plan, taken_to_date, price_offered,
    procurement_price, state_price_bread, price_ceiling, least_price_step, most_price_step,
    lowest_price_offered,
):  # fmt: skip
    """The state's price moves so that a free market would bring what the plan still wants.

    Offered is what is still to be sold to the state this year at today's terms. The price is never above what
    that of bread bears.
    """
    answers = on_market & (procurement_price_response > 0.0) & (offered_ahead > 0.0)
    individual = 1.0 - collectivised_share
    sold = market_share * harvest_expected * offered_ahead * (1.0 - individual * outbid)
    offered = total(sold, "region")
    wanted = np.maximum(procurement_plan - total(taken_to_date, "region"), 0.0)
    ratio = within(wanted / np.maximum(offered, 1e-6), least_price_step, most_price_step)
    given = procurement_price / price_offered
    highest = price_ceiling * state_price_bread / np.maximum(given, 1e-9)
    offer = np.minimum(price_offered * ratio**procurement_price_response, highest)
    return dict(price_offered=np.where(answers, np.maximum(offer, lowest_price_offered), price_offered))


# ---- what can be got, and what is due ----------------------------------------------------------------------


@procurement.auxiliary
def harvest_expected(harvest_this_year, threshed_before):
    """Harvest of the year as far as it can be told from what is threshed; in July that of the last."""
    return harvest_this_year / threshed_before


@procurement.auxiliary
def hidden_expected(hidden_this_year, threshed_before):
    """Grain of the year's crop that is kept from the barns, as far as it can be told likewise."""
    return hidden_this_year / threshed_before


@procurement.auxiliary
def norm_of_year(delivery_norm, delivery_scale, norm_ratio):
    """Norm of deliveries of the year, tonnes a hectare of kolkhoz land."""
    return delivery_norm * delivery_scale * norm_ratio


@procurement.auxiliary
def weight_of_norm(collectivised_share, individual_norm):
    """Norm of all peasants over that of kolkhozes: it is heavier for individual ones."""
    return collectivised_share + (1.0 - collectivised_share) * individual_norm


@procurement.auxiliary(source="A-27")
def most_taken(ceiling, ceiling_kolkhoz, organised_share, selectivity):
    """Largest share of the harvest that can be taken in a year, larger in kolkhozes."""
    return (ceiling + ceiling_kolkhoz * organised_share) * np.exp(selectivity)


@procurement.auxiliary(source="A-33, B-17")
def share_due_by_norm(
    norm_of_year, weight_of_norm, ordinary_yield, most_taken, mts_rate, mts_coverage, collectivised_share
):
    """Share of an ordinary crop that norm and payment to the MTS take: what can be known before sowing."""
    norm = np.minimum(norm_of_year * weight_of_norm / ordinary_yield, most_taken)
    return norm + mts_rate * mts_coverage * collectivised_share


@procurement.auxiliary
def cut_so_far(month, grain_plan_cut):
    """By how much the plan of the campaign has been cut; in July a new one begins."""
    return 0.0 if month == 7 else grain_plan_cut


@procurement.auxiliary
def plan_in_force(regional_plan, cut_so_far):
    """Plan of the campaign after the cuts that were made so far."""
    return np.maximum(regional_plan - cut_so_far, 0.0)


@procurement.auxiliary(source="A-1, A-2, A-5, B-17")
def due_this_year(
    under_deliveries, under_quotas, growing_area, norm_of_year, weight_of_norm, month, plan_in_force,
    taken_this_year, taken_from_peasants, market_share, harvest_expected,
):  # fmt: skip
    """Grain that peasants and kolkhozes owe this year, by the regime, were it there.

    Deliveries are a norm per hectare, heavier for individual peasants; quotas are the plan less what came
    from others; on a market it is what peasants sell at their terms.
    """
    by_norm = growing_area * norm_of_year * weight_of_norm
    from_others = 0.0 if month == 7 else taken_this_year - taken_from_peasants
    quota = np.maximum(plan_in_force - from_others, 0.0)
    return np.where(under_deliveries, by_norm, np.where(under_quotas, quota, market_share * harvest_expected))


@procurement.auxiliary
def found_so_far(month, found_this_year):
    """Hidden grain that searches of this campaign have found; in July a new one begins."""
    return 0.0 if month == 7 else found_this_year


@procurement.auxiliary(source="A-27")
def extraction_ceiling(harvest_expected, most_taken, found_so_far):
    """Grain that can be taken in a year at most: a share of the harvest, and what searches have found.

    That was never in a barn, and comes on top.
    """
    return most_taken * harvest_expected + found_so_far


@procurement.auxiliary(source="A-5, A-27, A-30")
def attainable_over_districts(
    due_this_year, extraction_ceiling, quota_over_districts, harvest_shape_district
):
    """Grain that the state can get this year, by class of districts: the quota, up to the ceiling."""
    return np.minimum(due_this_year * quota_over_districts, extraction_ceiling * harvest_shape_district)


@procurement.auxiliary
def attainable(attainable_over_districts, district_weight_district):
    """Grain that the state can get from peasants and kolkhozes this year."""
    return total(district_weight_district * attainable_over_districts, "district")


@procurement.auxiliary(source="A-33")
def mts_share(mts_rate, mts_coverage, under_deliveries):
    """Share of the kolkhoz harvest due to the MTS in kind; before deliveries it counted towards the quota."""
    return mts_rate * mts_coverage * under_deliveries


@procurement.equation("production")
def set_dues(attainable, found_so_far, collectivised_share, mts_share, kolkhoz_harvest_this_year):
    """Kolkhozes are told what they owe this year; what searches have found is theirs no more."""
    owed = np.maximum(attainable - found_so_far, 0.0)
    return dict(kolkhoz_dues=owed * collectivised_share + mts_share * kolkhoz_harvest_this_year)


@procurement.auxiliary
def asked_this_month(
    on_market, offered, attainable_over_districts, due_this_year, procurement_due, quota_over_districts,
    district_weight_district, month, taken_from_peasants,
):  # fmt: skip
    """Grain that the campaign asks for this month.

    A market offers the month's part of the year's supply. A quota or norm asks for all that is due by the end
    of the month and not yet taken, up to the ceiling, which is reached first where the quota is heavy.
    """
    by_now = np.minimum(due_this_year * procurement_due * quota_over_districts, attainable_over_districts)
    taken = 0.0 if month == 7 else taken_from_peasants  # in July a new year begins
    return np.where(on_market, offered, total(district_weight_district * by_now, "district") - taken)


@procurement.auxiliary(source="A-2")
def seized(
    on_market, emergency, seizure, grain_individual, month, plan_in_force, procurement_due, taken_this_year
):
    """Grain seized under emergency measures, as far as procurement is short of what is due by now."""
    taken = 0.0 if month == 7 else taken_this_year
    short = np.maximum(plan_in_force * procurement_due - taken, 0.0)
    return np.where(on_market, emergency * np.minimum(seizure * grain_individual, short), 0.0)


# ---- the campaign ------------------------------------------------------------------------------------------


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


@procurement.equation("distribution", months=(8, 9, 10, 11, 12, 1, 2, 3, 4, 5, 6), source="A-2, D-1")
def search(grain_hidden, finding, plan_fulfilment, on_market, emergency):
    """Hidden grain is searched for where taking is compulsory, the more the plan is missed; nobody pays."""
    short = np.maximum(1.0 - plan_fulfilment, 0.0)
    return dict(grain_found=grain_hidden * finding * short * np.where(on_market, emergency, 1.0))


@procurement.equation("distribution")
def collect_from_state_farms(grain_state_farms, seed_need_state_farm, sowing_ahead, state_farm_part):
    """State farms deliver a part of what they hold beyond seed."""
    seed = seed_need_state_farm * sowing_ahead
    spare = np.maximum(grain_state_farms - seed, 0.0)
    return dict(procured_state_farm=spare * state_farm_part)


# ---- review and accounts -----------------------------------------------------------------------------------


@procurement.auxiliary
def taken_to_date(month, taken_this_year, moved_procured_form, moved_mts_payment, moved_grain_found):
    """Grain procured since July, this month included."""
    before = 0.0 if month == 7 else taken_this_year
    return before + (total(moved_procured_form, "form") + moved_mts_payment + moved_grain_found)


@procurement.auxiliary
def fulfilment_to_date(plan_in_force, procurement_due, taken_to_date):
    """Procurement over the plan to date."""
    return taken_to_date / np.maximum(plan_in_force * procurement_due, 1e-6)


@procurement.auxiliary
def fulfilment_of_country(plan_in_force, procurement_due, taken_to_date):
    """Procurement of the country over its plan to date."""
    due = np.maximum(plan_in_force * procurement_due, 1e-6)
    return total(taken_to_date, "region") / total(due, "region")


@procurement.auxiliary(source="A-2, A-4")
def measures_called(month, emergency, fulfilment_of_country, on_market, emergency_measures, shortfall_alarm):
    """Emergency measures are in force: called where the plan is missed, given up before the new harvest."""
    in_force = emergency > 0.5
    missed = fulfilment_of_country < 1.0 - shortfall_alarm
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


@procurement.equation("labour", source="A-27")
def cut_the_plan(
    under_quotas, plan_in_force, procurement_due, taken_to_date, cut_so_far, plan_yielding, regional_plan,
    cut_told,
):  # fmt: skip
    """Month by month the centre gives up a part of what a region is behind with: it sees no more."""
    behind = np.maximum(plan_in_force * procurement_due - taken_to_date, 0.0)
    cut = cut_so_far + np.where(under_quotas, plan_yielding * behind, 0.0)
    told = cut_told * regional_plan
    return dict(
        grain_plan_cut=cut,
        quota_cut=cut / np.maximum(regional_plan, 1e-6),
        plan_is_cut=(cut > told) & (cut_so_far <= told),
    )


@procurement.equation("record")
def count_year(
    month, taken_to_date, taken_from_peasants, found_so_far, mts_paid_this_year, moved_procured_individual,
    moved_procured_kolkhoz, moved_mts_payment, moved_grain_found,
):  # fmt: skip
    """Running totals of the agricultural year."""
    peasants = 0.0 if month == 7 else taken_from_peasants
    paid = 0.0 if month == 7 else mts_paid_this_year
    return dict(
        taken_this_year=taken_to_date,
        taken_from_peasants=peasants
        + (moved_procured_individual + moved_procured_kolkhoz + moved_grain_found),
        found_this_year=found_so_far + moved_grain_found,
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
