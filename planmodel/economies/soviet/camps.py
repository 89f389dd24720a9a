"""Camps: rations, prisons, trains, colonies, camps and settlements, and what the unfree give.

Sizes are those of the archives. The much higher estimates made before the archives opened are another set of
parameters (``configs/scenarios/pre_archive_camps.toml``), not another model.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import smoothed, within
from planmodel.engine import Array
from planmodel.engine.equations import Block, helper
from planmodel.engine.rules import ndtr, total

labor_camps = Block("labor_camps")
camp_output = Block("camp_output")


# ---- prisons, colonies, camps, settlements -----------------------------------------------------------------


@helper
def bread_by_norm(
    fulfilment: float | Array, spread: Array, above: Array, below: Array, punishment: Array, half: float
) -> Array:
    """Return mean bread per inmate, kg a day: steps over a normal spread of norm fulfilment.

    Parameters
    ----------
    fulfilment
        Norm fulfilment, mean of inmates.
    spread
        Its standard deviation.
    above, below, punishment
        Bread above the norm, from half the norm on, and below that.
    half
        Norm fulfilment below which bread is punishment.
    """
    over = ndtr((fulfilment - 1.0) / spread)
    punished = ndtr((half - fulfilment) / spread)
    between = np.maximum(1.0 - over - punished, 0.0)
    return over * above + between * below + punished * punishment


@labor_camps.auxiliary(source="D-25")
def bread_earned(camp_health, norm_spread, bread_above, bread_below, bread_punishment, punishment_norm):
    """Bread that inmates as strong as they are earn: the weak do less of the norm."""
    return bread_by_norm(
        camp_health, norm_spread, bread_above, bread_below, bread_punishment, punishment_norm
    )


@labor_camps.auxiliary
def full_bread(norm_spread, bread_above, bread_below, bread_punishment, punishment_norm):
    """Bread that healthy inmates earn."""
    return bread_by_norm(1.0, norm_spread, bread_above, bread_below, bread_punishment, punishment_norm)


@labor_camps.equation("production", source="D-25")
def claim_rations(bread_earned, full_bread, people_inmates, people_special_settlers, camp_ration):
    """Rations: bread as earned by inmates, a full ration for settlers."""
    fed = total(people_inmates, "inmates") * bread_earned / full_bread + people_special_settlers
    return dict(camp_bread=bread_earned, camp_grain_claim=fed * camp_ration / 12.0)


@labor_camps.equation("consumption", source="D-25")
def feel_rations(
    camp_grain_claim, moved_grain_to_camps, camp_bread, full_bread, village_nutrition, camp_health,
    settlement_health, other_camp_food, health_lag,
):  # fmt: skip
    """Health follows bread earned and received, and food around, which is as scarce as in the village."""
    got = np.minimum(moved_grain_to_camps / np.maximum(camp_grain_claim, 1e-9), 1.0)
    got = np.where(camp_grain_claim > 1e-9, got, 1.0)
    earned = np.minimum(camp_bread / full_bread, 1.0)
    around = other_camp_food * np.minimum(village_nutrition, 1.0)
    fed = 1.0 - other_camp_food
    return dict(
        camp_health=smoothed(camp_health, fed * (got * earned) + around, health_lag),
        settlement_health=smoothed(settlement_health, fed * got + around, health_lag),
    )


@labor_camps.auxiliary
def long_terms_held(prisoners_long, people_prison_inmates):
    """Prisoners bound for camps."""
    return np.minimum(prisoners_long, people_prison_inmates)


@labor_camps.auxiliary
def short_terms_held(prisoners_short, people_prison_inmates, long_terms_held):
    """Prisoners who serve some months for leaving a job."""
    return np.minimum(prisoners_short, people_prison_inmates - long_terms_held)


@labor_camps.auxiliary
def waiting_in_colonies(waiting_for_trains, people_colony_inmates):
    """People in colonies bound for camps."""
    return np.minimum(waiting_for_trains, people_colony_inmates)


@labor_camps.auxiliary(source="D-6")
def carried_by_trains(long_terms_held, prison_months, waiting_in_colonies, camp_transport):
    """Share that trains can take of those who are bound for camps."""
    ready = long_terms_held / prison_months
    return np.minimum(1.0, camp_transport / np.maximum(ready + waiting_in_colonies, 1e-9))


@labor_camps.equation("labour", source="D-6, D-20")
def transport(long_terms_held, prison_months, waiting_in_colonies, carried_by_trains, trains_short):
    """Prisoners with long terms are taken to camps as far as trains go."""
    short = carried_by_trains < 1.0
    before = trains_short > 0.5
    return dict(
        transports_to_camps=long_terms_held / prison_months * carried_by_trains,
        colonies_to_camps=waiting_in_colonies * carried_by_trains,
        trains_short=short * 1.0,
        trains_fall_short=short & ~before,
        trains_keep_up=before & ~short,
    )


@labor_camps.auxiliary
def cleared_out(people_prison_inmates, prison_limit, prison_clearance):
    """Prisoners above the limit who are cleared out of the prisons."""
    return np.maximum(people_prison_inmates - prison_limit, 0.0) * prison_clearance


@labor_camps.auxiliary(source="the letter of 8 May 1933")
def set_free(freed, mass_arrests, cleared_out):
    """Prisoners freed of those who are too many, while nobody drives arrests on."""
    return freed * (1.0 - mass_arrests) * cleared_out


@labor_camps.equation("labour", source="D-6, D-20, B-54")
def empty_prisons(
    people_prison_inmates, long_terms_held, short_terms_held, cleared_out, set_free, prison_months, short_term
):  # fmt: skip
    """Prisoners leave to colonies, with those above the limit who are not freed, or to freedom."""
    others = people_prison_inmates - long_terms_held - short_terms_held
    rest = cleared_out - set_free
    return dict(
        sent_to_colonies=others / prison_months + cleared_out - set_free,
        prison_releases=short_terms_held / short_term + set_free,
        overflow_long=rest * long_terms_held / np.maximum(people_prison_inmates, 1e-9),
    )


# ---- terms, flight, newcomers, houses ----------------------------------------------------------------------


@labor_camps.auxiliary(source="D-20")
def served_in_a_month(half_term, workday_credits, credit):
    """Half terms that an inmate serves in a month: days of work count for more than a day."""
    return (1.0 + credit * workday_credits) / (12.0 * half_term)


@labor_camps.auxiliary
def late_in_term(in_second_half, people_camp_inmates):
    """Inmates of camps in the second half of their term."""
    return np.minimum(in_second_half, people_camp_inmates)


@labor_camps.equation("labour", source="D-20")
def release(
    people_camp_inmates, people_colony_inmates, late_in_term, served_in_a_month, camp_to_colony,
    colony_release,
):  # fmt: skip
    """Camps free those whose term ends, so that a wave of arrests is a wave of releases years later.

    Some inmates are taken elsewhere; colonies, where terms are short, free a share of all.
    """
    return dict(
        camps_elsewhere=people_camp_inmates * camp_to_colony / 12.0,
        camp_releases=late_in_term * np.minimum(served_in_a_month, 1.0),
        colony_releases=people_colony_inmates * colony_release / 12.0,
    )


@labor_camps.auxiliary
def unguarded(guard, guard_tightening):
    """Flight over what it was before guards and commandants tightened."""
    return np.exp(-guard_tightening * guard)


@labor_camps.equation("labour")
def escape(
    people_camp_inmates, camp_escape, recapture, unguarded, people_special_settlers, settlement_health,
    settler_release, settler_escape, settler_flight, people_kolkhoz_members_region,
):  # fmt: skip
    """Inmates and settlers flee, settlers more from hunger, and ever fewer; some inmates are caught again.

    Settlers, fled or freed, go where kolkhozes are: nobody has counted where to.
    """
    fled = people_camp_inmates * camp_escape * unguarded / 12.0
    flight = settler_escape + settler_flight * np.maximum(1.0 - settlement_health, 0.0)
    gone = people_special_settlers * (settler_release + flight * unguarded) / 12.0
    members = np.maximum(people_kolkhoz_members_region, 1e-9)
    return dict(
        camp_escapes=fled,
        camp_recaptured=fled * recapture,
        settler_escapes_region=gone * (members / total(members, "region")),
    )


@labor_camps.equation("labour", source="B-52")
def settle_the_expelled(expelled_and_settled):
    """Of those who are turned out of towns without a passport a part is taken to special settlements."""
    return dict(expelled_special_settlers=expelled_and_settled)


@labor_camps.equation("money")
def sort_prisoners(
    people_prison_inmates, people_colony_inmates, prisoners_long, moved_transports_to_camps, overflow_long,
    arrested_long, waiting_for_trains, moved_colonies_to_camps, prisoners_short, short_term,
    arrested_quitters,
):  # fmt: skip
    """Count prisoners by what awaits them, and people who wait for trains."""
    long = prisoners_long - moved_transports_to_camps - overflow_long
    waiting = waiting_for_trains + overflow_long - moved_colonies_to_camps
    short = prisoners_short * (1.0 - 1.0 / short_term)
    return dict(
        prisoners_long=within(long + arrested_long, 0.0, people_prison_inmates),
        waiting_for_trains=within(waiting, 0.0, people_colony_inmates),
        prisoners_short=within(short + arrested_quitters, 0.0, people_prison_inmates),
    )


@labor_camps.equation("money", source="D-20")
def serve_terms(
    people_camp_inmates, late_in_term, longest_terms, longest_share, sentenced_for_longest, prison_months,
    served_in_a_month, moved_transports_to_camps, moved_colonies_to_camps, moved_camp_releases,
    moved_camp_escapes, moved_camps_elsewhere, moved_deaths_camp_inmates, moved_excess_deaths_camp_inmates,
):  # fmt: skip
    """Inmates pass into the second half of their terms, but for the longest, whose end is beyond 1940.

    Death, flight and removal take from all alike; who arrives was sentenced some months before.
    """
    lost = moved_camp_escapes + moved_camps_elsewhere
    lost = lost + moved_deaths_camp_inmates + moved_excess_deaths_camp_inmates
    stay = 1.0 - lost / np.maximum(people_camp_inmates + lost, 1e-9)
    arrived = moved_transports_to_camps + moved_colonies_to_camps
    longest = longest_terms * stay + arrived * longest_share
    late = within(late_in_term * stay - moved_camp_releases, 0.0, people_camp_inmates)
    early = np.maximum(people_camp_inmates - late - longest, 0.0)
    late = late + early * np.minimum(served_in_a_month, 1.0)
    return dict(
        longest_share=smoothed(longest_share, sentenced_for_longest, prison_months),
        in_second_half=late,
        longest_terms=within(longest, 0.0, people_camp_inmates - late),
    )


@labor_camps.equation("money", source="D-25")
def count_newcomers(
    camp_newcomers, people_camp_inmates, moved_transports_to_camps, moved_colonies_to_camps, longest_share,
    settling_in,
):  # fmt: skip
    """Inmates of camps who were taken in mass operations and came of late."""
    came = (moved_transports_to_camps + moved_colonies_to_camps) * longest_share
    new = camp_newcomers * np.exp(-1.0 / settling_in) + came
    return dict(camp_newcomers=within(new, 0.0, people_camp_inmates))


@labor_camps.equation("money", source="D-25")
def build_houses(people_special_settlers, settlement_places, houses_time):
    """Houses in exile follow those who are deported, with a delay."""
    return dict(settlement_places=smoothed(settlement_places, people_special_settlers, houses_time))


@labor_camps.equation("money")
def tighten_guard(guard, guarded_camps):
    """Years for which camps and settlements have been guarded as under the NKVD."""
    return dict(guard=guard + guarded_camps / 12.0)


@labor_camps.equation("money")
def count_losses(
    moved_camp_releases, moved_camp_escapes, moved_deaths_camp_inmates, moved_excess_deaths_camp_inmates,
    moved_camp_recaptured,
):  # fmt: skip
    """Hands that camps lost in the month: the freed, the fled who were not caught, and the dead."""
    gone = moved_camp_releases + moved_camp_escapes
    gone = gone + moved_deaths_camp_inmates + moved_excess_deaths_camp_inmates
    return dict(camp_losses=np.maximum(gone - moved_camp_recaptured, 0.0))


# ---- what the unfree give ----------------------------------------------------------------------------------


@camp_output.auxiliary(source="D-19")
def planned_as_labour(camp_economy):
    """How far inmates are planned as labour."""
    return camp_economy


@camp_output.auxiliary(without="camp_labour")
def planned_as_labour():
    """Nobody plans inmates as labour."""
    return 0.0


@camp_output.auxiliary
def fit_inmates(people_camp_inmates, camp_health):
    """Inmates of camps by their health, which lowers the norm fulfilled and the work done."""
    return people_camp_inmates * camp_health


@camp_output.auxiliary(source="D-22; lines 8899-8902, 9586-9599")
def taken_for_works(inmates_called, works_part, people_camp_inmates, planned_as_labour):
    """Inmates at the named works of the camps: as many as these call for, up to a part of all."""
    return np.minimum(inmates_called, works_part * people_camp_inmates) * planned_as_labour


@camp_output.auxiliary
def hands_at_works(taken_for_works, camp_health, camp_work, inmates_works, builder_norm):
    """Free builders whose work inmates do at named works: no more than these works want of them.

    A canal that is dug by hand holds more people than its worth would tell: their work is not elsewhere.
    """
    return np.minimum(taken_for_works * camp_health * camp_work, 12.0 * inmates_works * builder_norm)


@camp_output.equation("production", source="D-3, D-21, D-22, D-24, D-27")
def work(
    fit_inmates, people_special_settlers, settlement_health, planned_as_labour, settlers_working, camp_work,
    parameter_camp_builders, parameter_camp_miners, parameter_camp_timber, timber_value, millions_per_billion,
    taken_for_works, camp_health, hands_at_works,
):  # fmt: skip
    """The unfree build, mine and cut timber, always with less effect than free labour.

    Who is at a named work is nowhere else.
    """
    settlers = people_special_settlers * settlement_health
    others = fit_inmates - taken_for_works * camp_health
    hands = (others + settlers_working * settlers) * camp_work * planned_as_labour
    return dict(
        works_inmates=taken_for_works,
        works_hands=hands_at_works,
        camp_builders=hands * parameter_camp_builders + hands_at_works,
        camp_miners=hands * parameter_camp_miners,
        camp_timber=hands * parameter_camp_timber * timber_value / (12.0 * millions_per_billion),
    )


@camp_output.equation("production", source="D-27")
def win_gold(
    fit_inmates, planned_as_labour, gold_mining, gold_fields, gold_opening, gold_share, gold_yield,
    tonnes_per_million_kg, gold_of_rouble, millions_per_billion,
):  # fmt: skip
    """Gold of camp inmates: the fields are opened up slowly after the decree."""
    opened = smoothed(gold_fields, gold_mining, 12.0 * gold_opening)
    tonnes = fit_inmates * planned_as_labour * gold_share * opened * gold_yield * tonnes_per_million_kg
    return dict(gold_fields=opened, camp_gold=tonnes / gold_of_rouble / millions_per_billion / 12.0)
