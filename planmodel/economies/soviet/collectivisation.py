"""Collectivisation: joining and leaving, deportation, and the centre with its offensives and truces."""

from __future__ import annotations

import numpy as np

from planmodel.economies.village import floor_raised, resented, share_joining, share_leaving
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import ndtr, total

collectivisation = Block("collectivisation", over="region")
centre = Block("centre", over="region")


# ---- joining -----------------------------------------------------------------------------------------------


@collectivisation.auxiliary
def kolkhoz_share(people_kolkhoz_members, people_individual_peasants):
    """Share of peasant households in kolkhozes now."""
    return people_kolkhoz_members / np.maximum(people_kolkhoz_members + people_individual_peasants, 1e-9)


@collectivisation.auxiliary(source="A-9")
def share_joining_kolkhozes(
    entry, pressure, joining_freely, credit_pull, credit_to_collectives, dekad, most_joining
):
    """Share of individual households that join in ten days: a few of themselves, most under pressure.

    More come of themselves where who joins is given credit.
    """
    freely = joining_freely * (1.0 + credit_pull * credit_to_collectives)
    return share_joining(freely, entry, pressure, dekad, most_joining)


@helper
def of_individuals(share: Array, keep: Array) -> Array:
    """Return the share of household animals that individual peasants own.

    Parameters
    ----------
    share
        Collectivised share of the households, shape ``(members,)``.
    keep
        Animals that members keep relative to individual peasants: few horses, a plot herd of the rest.
    """
    own = 1.0 - share
    return own / (own + keep * share)


@collectivisation.equation("campaign", source="A-9, A-10")
def join(share_joining_kolkhozes, people_individual_peasants, grain_individual, grain_pooled):
    """Those who join come with their grain: a part is pooled, the seed above all."""
    brought = grain_individual * share_joining_kolkhozes
    return dict(
        joining=people_individual_peasants * share_joining_kolkhozes,
        grain_pooled=brought * grain_pooled,
        grain_kept=brought * (1.0 - grain_pooled),
    )


@collectivisation.equation("campaign", source="A-10")
def pool_horses(share_joining_kolkhozes, kolkhoz_share, horses_household, horses_pooled, horses_of_members):
    """Horses of those who join are pooled."""
    rate = share_joining_kolkhozes * horses_pooled * of_individuals(kolkhoz_share, horses_of_members)
    return dict(pooled_horses=horses_household * rate)


@collectivisation.equation("campaign", source="A-10")
def pool_other_animals(
    share_joining_kolkhozes, kolkhoz_share, other_animals_household, other_pooled, animals_of_members
):
    """Of their other animals a smaller part is pooled."""
    rate = share_joining_kolkhozes * other_pooled * of_individuals(kolkhoz_share, animals_of_members)
    return dict(pooled_other_animals=other_animals_household * rate)


# ---- leaving -----------------------------------------------------------------------------------------------


@collectivisation.auxiliary(source="A-10")
def bound_share(consolidated_share, kolkhoz_share):
    """Floor: the share of households that no longer have a farm to return to."""
    return np.minimum(consolidated_share, kolkhoz_share)


@collectivisation.auxiliary
def order_of_region(drive_order):
    """Place of the region in the order of the drive: above one where it came first."""
    return drive_order


@collectivisation.auxiliary
def grain_wanted_here(lasting_share, part_of_land, least_wanted):
    """Grain that the plan of 1930 asks of a hectare of the region over that of the country.

    Where it asks nothing a little is wanted still, or none could stay. Later shifts of the plan move nobody.
    """
    return np.maximum(lasting_share / np.maximum(part_of_land, 1e-6), least_wanted)


@collectivisation.auxiliary(source="A-9")
def share_leaving_kolkhozes(
    parameter_exit, held_for_grain, grain_wanted_here, may_leave, dekad, most_leaving, kolkhoz_share,
    bound_share,
):  # fmt: skip
    """Share of the members that leave in ten days, of those above the floor, where they may.

    Fewer leave where the state wants more grain: we assume that stations and cadres hold people there.
    """
    rate = parameter_exit * grain_wanted_here**-held_for_grain
    left = share_leaving(rate, may_leave, dekad, most_leaving, kolkhoz_share - bound_share)
    return left / np.maximum(kolkhoz_share, 1e-9)


@collectivisation.equation("campaign", source="A-9, A-10")
def leave(share_leaving_kolkhozes, people_kolkhoz_members, grain_members, seed_need_kolkhoz, grain_kolkhoz):
    """Those who leave take their grain, and of the seed in the kolkhoz barn their part."""
    seed = np.minimum(seed_need_kolkhoz, grain_kolkhoz)
    return dict(
        leaving=people_kolkhoz_members * share_leaving_kolkhozes,
        grain_of_leavers=grain_members * share_leaving_kolkhozes,
        seed_of_leavers=seed * share_leaving_kolkhozes,
    )


@collectivisation.equation("campaign", source="A-10")
def take_animals_back(share_leaving_kolkhozes, kept_back, animals_socialised):
    """Animals that were pooled come back in part only; this holds people back."""
    back = share_leaving_kolkhozes * (1.0 - kept_back)
    return dict(returned_animals=animals_socialised * back)


@collectivisation.equation("campaign", source="A-10")
def raise_floor(bound_share, kolkhoz_share, consolidation, dekad):
    """The floor rises with time: draught and land stay with the kolkhoz."""
    return dict(
        consolidated_share=floor_raised(bound_share, consolidation, dekad, kolkhoz_share - bound_share),
        collectivised_share=kolkhoz_share,
    )


@collectivisation.equation("production")
def note_share(kolkhoz_share):
    """The share after the campaigns of the month."""
    return dict(collectivised_share=kolkhoz_share)


@collectivisation.equation("money")
def note_share_again(kolkhoz_share):
    """The share after deaths and migration have changed it."""
    return dict(collectivised_share=kolkhoz_share)


# ---- deportation -------------------------------------------------------------------------------------------


@collectivisation.auxiliary(source="D-2")
def blamed_share(reprisal, dekulakisation, plan_fulfilment, collectivised_share):
    """Share of all peasants marked in the month for what is missing of procurement: the second wave."""
    short = np.maximum(1.0 - plan_fulfilment, 0.0) * collectivised_share
    return reprisal * dekulakisation * short


@collectivisation.auxiliary(source="A-42, D-2")
def to_deport_individual_peasants(
    deportation, deported_from, dekulakisation, pressure, blamed_share, people_individual_peasants,
    marked_individual_peasants, most_marked,
):  # fmt: skip
    """Individual peasants marked for deportation: in an offensive, and where procurement falls short."""
    rate = blamed_share + deportation * deported_from * dekulakisation * pressure
    marked = marked_individual_peasants + rate * people_individual_peasants
    return np.minimum(marked, most_marked * people_individual_peasants)


@collectivisation.auxiliary(source="D-2")
def to_deport_kolkhoz_members(blamed_share, people_kolkhoz_members, marked_kolkhoz_members, most_marked):
    """Kolkhoz members marked for deportation, where procurement falls short."""
    marked = marked_kolkhoz_members + blamed_share * people_kolkhoz_members
    return np.minimum(marked, most_marked * people_kolkhoz_members)


@collectivisation.auxiliary
def marked_in_all(to_deport_peasants):
    """All of the country who are marked and not yet deported, million persons."""
    return total(to_deport_peasants, "peasants", "region")


@collectivisation.equation("labour", source="A-42, D-2, D-3")
def deport(to_deport_peasants, marked_in_all, places_in_trains, transit_deaths):
    """The marked are deported as far as trains allow; some die on the way."""
    moved = to_deport_peasants * np.minimum(places_in_trains / np.maximum(marked_in_all, 1e-9), 1.0)
    return dict(
        marked_peasants=to_deport_peasants - moved,
        deported_peasants=moved * (1.0 - transit_deaths),
        transit_deaths_peasants=moved * transit_deaths,
    )


@collectivisation.equation("labour")
def announce_trains(marked_in_all, deportation_runs, least_for_trains):
    """Trains of the deported begin to run, or end."""
    runs = marked_in_all > least_for_trains
    ran = deportation_runs > 0.5
    return dict(deportation_runs=runs * 1.0, trains_begin=runs & ~ran, trains_end=ran & ~runs)


# ---- the centre --------------------------------------------------------------------------------------------
# No date of an offensive or a truce is written here or in a decree. A decree allows the drive. It takes hold,
# in the season after a harvest, where procurement goes by plan and the village is calm; the zeal of cadres
# carries it on; discontent adds up; where it endangers the sowing the drive is called off, and peasants may
# leave. All of it is a share of the country: districts differ, and none of it is a gate for all at once.


@centre.auxiliary
def tax_pressure(standing_pressure, individual_taxation):
    """Pressure that taxes and norms keep up where no offensive is on."""
    return standing_pressure * individual_taxation


@centre.auxiliary(source="A-4, A-11")
def sowing_endangered(discontent, sowing_risk, patience, unevenness):
    """Share of the country in which discontent endangers the sowing."""
    return ndtr((discontent * sowing_risk / patience - 1.0) / unevenness)


@helper
def may_open(allowed: Array, fulfilled: Array, joined: Array, endangered: Array, unevenness: Array) -> Array:
    """Return the share of the country that is ready for an offensive, of what is allowed.

    Parameters
    ----------
    allowed
        Share in which the drive is allowed now.
    fulfilled
        Procurement over the plan of which the centre is confident.
    joined
        Collectivised share over that which is enough.
    endangered
        Share in which discontent endangers the sowing.
    unevenness
        Of districts.
    """
    by_plan = ndtr((fulfilled - 1.0) / unevenness)
    outside = ndtr((1.0 - joined) / unevenness)
    return allowed * by_plan * outside * (1.0 - endangered)


@centre.auxiliary(source="A-8, A-12, A-13")
def taking_hold(
    collectivisation_drive, offensive_season, plan_fulfilment, confidence, collectivised_share,
    collectivised_enough, sowing_endangered, unevenness, onset, zeal, offensive, order_of_region,
    heed_of_order,
):  # fmt: skip
    """Share of what is calm in which an offensive takes hold, a month: where grain comes in, by zeal.

    Regions whose turn is later start later.
    """
    allowed = collectivisation_drive * offensive_season
    return (
        may_open(
            allowed, plan_fulfilment / confidence, collectivised_share / collectivised_enough,
            sowing_endangered, unevenness,
        ) * (onset + zeal * offensive) * order_of_region**heed_of_order
        if offensive_season > 0.0
        else 0.0
    )  # fmt: skip


@centre.equation("review", source="A-4, A-8, A-11, A-12, A-13")
def review(
    discontent, discontent_decay, pressure, tax_pressure, full_pressure, caution, warned, offensive,
    taking_hold, sowing_endangered, recall, offensive_months, may_leave, collectivisation_drive, dekad,
):  # fmt: skip
    """Every ten days an offensive takes hold of some districts, ends in some, and is called off in some.

    Where it was called off cadres are more careful for good, and members may leave until the next one.
    """
    opened = taking_hold * dekad
    called_off = collectivisation_drive * recall * sowing_endangered * dekad
    share = (offensive + opened) / (1.0 + opened + called_off + dekad / offensive_months)
    careful = (warned + called_off) / (1.0 + called_off)
    driven = full_pressure * (1.0 - (1.0 - caution) * careful)
    felt = np.maximum(pressure - tax_pressure, 0.0) * dekad
    falls = (offensive > 0.5) & (share <= 0.5)
    return dict(
        discontent=resented(discontent, dekad, discontent_decay, felt),
        offensive=share,
        warned=careful,
        may_leave=(may_leave + called_off) / (1.0 + called_off + opened),
        pressure=tax_pressure + share * np.maximum(driven - tax_pressure, 0.0),
        offensive_opened=(share > 0.5) & (offensive <= 0.5),
        offensive_called_off=falls & (sowing_endangered > 0.5),
        offensive_ended=falls & (sowing_endangered <= 0.5),
    )


@centre.equation("campaign", source="A-44")
def spread_fear(
    fear, pressure, collectivised_share, dekulakisation, dekad, fear_decay, fear_of_pressure, most_felt
):
    """Fear grows with pressure on those still outside and with deportation, and fades."""
    felt = pressure * (1.0 - collectivised_share)
    push = np.minimum(felt * (1.0 + dekulakisation), most_felt)
    left = np.exp(-dekad / fear_decay)
    return dict(fear=fear * left + (1.0 - fear) * push * (fear_of_pressure * dekad))
