"""The unfree: arrests, prisons, colonies, camps and settlements, and what they give.

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
repression = Block("repression")


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


@labor_camps.equation("labour", source="D-20")
def release(
    people_camp_inmates, people_colony_inmates, camp_release, credit_release, workday_credits, camp_to_colony,
    colony_release,
):  # fmt: skip
    """Inmates leave by the term, which days of work shorten; some are taken elsewhere."""
    rate = camp_release + credit_release * workday_credits
    return dict(
        camps_elsewhere=people_camp_inmates * camp_to_colony / 12.0,
        camp_releases=people_camp_inmates * rate / 12.0,
        colony_releases=people_colony_inmates * colony_release / 12.0,
    )


@labor_camps.equation("labour")
def escape(
    people_camp_inmates, camp_health, camp_escape, recapture, people_special_settlers, settlement_health,
    settler_escape, settler_flight, people_kolkhoz_members_region,
):  # fmt: skip
    """Hunger drives inmates and settlers to flight; a part of the inmates is caught again.

    Settlers go where kolkhozes are: nobody has counted where to.
    """
    fled = people_camp_inmates * camp_escape * np.maximum(1.0 - camp_health, 0.0) / 12.0
    flight = settler_escape + settler_flight * np.maximum(1.0 - settlement_health, 0.0)
    members = np.maximum(people_kolkhoz_members_region, 1e-9)
    return dict(
        camp_escapes=fled,
        camp_recaptured=fled * recapture,
        settler_escapes_region=people_special_settlers * flight / 12.0 * (members / total(members, "region")),
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


@camp_output.equation("production", source="D-3, D-21, D-24, D-27")
def work(
    fit_inmates, people_special_settlers, settlement_health, planned_as_labour, settlers_working, camp_work,
    parameter_camp_builders, parameter_camp_miners, parameter_camp_timber, timber_value, millions_per_billion,
):  # fmt: skip
    """The unfree build, mine and cut timber, always with less effect than free labour."""
    settlers = people_special_settlers * settlement_health
    hands = (fit_inmates + settlers_working * settlers) * camp_work * planned_as_labour
    return dict(
        camp_builders=hands * parameter_camp_builders,
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


# ---- arrests, terror, sentences ----------------------------------------------------------------------------


@repression.auxiliary(source="D-9")
def peasants_by_hazard(people_peasants_region, arrest_weight_peasants):
    """Peasants by their hazard of arrest over that of kolkhoz members."""
    return people_peasants_region * arrest_weight_peasants


@repression.auxiliary(source="D-9")
def townspeople_by_hazard(people_exposed_in_town, arrest_weight_exposed_in_town):
    """Groups in towns by their hazard of arrest over that of kolkhoz members; workers are spared."""
    return people_exposed_in_town * arrest_weight_exposed_in_town


@repression.auxiliary
def exposed_people(peasants_by_hazard, townspeople_by_hazard):
    """All who may be arrested, by their hazard."""
    peasants = total(peasants_by_hazard, "peasants", "region")
    return np.maximum(peasants + total(townspeople_by_hazard, "exposed_in_town"), 1e-9)


@repression.auxiliary(source="D-4, A-45")
def penal_arrests(
    exposed_people, village_nutrition, penal_law, law_hazard, hunger_arrests, penal_hazard, camp_economy
):  # fmt: skip
    """Arrests under penal law, which takes more where people hunger."""
    wanting = np.maximum(1.0 - village_nutrition, 0.0)
    law = penal_law * (law_hazard + hunger_arrests * wanting)
    return (penal_hazard * camp_economy + law) * exposed_people / 12.0


@repression.auxiliary(source="D-16, D-22")
def arrests_for_hands(camp_demand, camp_losses, camp_call, vacancies, camp_economy, most_arrests_for_hands):
    """Arrests because work is planned: what camps lose, and jobs that nobody fills."""
    wanted = camp_demand * camp_losses
    wanted = wanted + camp_call * vacancies
    return np.minimum(wanted * camp_economy, most_arrests_for_hands)


@repression.auxiliary
def terror_fading(contagious_arrests, terror_decay):
    """Contagious arrests while nobody drives them on: they fall month by month."""
    return contagious_arrests * np.exp(-terror_decay)


@repression.auxiliary(source="D-8, D-12")
def contagious_now(
    mass_arrests, contagion, suspects, suspects_reached, terror, terror_limit, terror_fading
):  # fmt: skip
    """Contagious arrests: where confessions must name accomplices an arrest leads to others.

    They end with the people whom they can reach, and the apparatus can make so many in a month.
    """
    left = np.maximum(suspects - suspects_reached, 0.0)
    led_to = contagion * mass_arrests * left / suspects * terror
    driven = np.minimum(np.minimum(led_to, terror_limit), left)
    return np.where(mass_arrests > 0.0, driven, terror_fading)


@repression.auxiliary(without="terror_contagion")
def contagious_now(terror_fading):
    """Contagious arrests where arrests do not spread by themselves."""
    return terror_fading


@repression.auxiliary(source="D-1, D-12")
def terror_now(contagious_now, political_arrests, resistance_arrests, dekulakisation):
    """Political arrests: those that need no other, those that come with deportation, and contagious ones."""
    resistance = resistance_arrests * np.minimum(dekulakisation, 1.0)
    return political_arrests + resistance + contagious_now


@repression.equation("labour", source="D-8, D-12, D-17")
def spread_terror(contagious_now, terror_now, suspects_reached, suspicion_time):
    """Political arrests spread; suspects who were arrested are replaced by new ones in some years."""
    fading = np.exp(-1.0 / (12.0 * suspicion_time))
    return dict(
        contagious_arrests=contagious_now,
        suspects_reached=suspects_reached * fading + contagious_now,
        terror=terror_now,
    )


@repression.equation("labour", source="D-1, D-4, D-9, D-16, D-22, A-45")
def arrest(
    peasants_by_hazard, townspeople_by_hazard, exposed_people, penal_arrests, arrests_for_hands, terror_now,
    executed, summary_courts, long_terms,
):  # fmt: skip
    """Arrests and executions, shared out among the groups by exposure; the shot never reach a camp."""
    shot = terror_now * executed * summary_courts
    taken = penal_arrests + terror_now - shot + arrests_for_hands
    rate = taken / exposed_people
    killed = shot / exposed_people
    return dict(
        arrests_peasants_region=peasants_by_hazard * rate,
        executed_peasants_region=peasants_by_hazard * killed,
        arrests_exposed_in_town=townspeople_by_hazard * rate,
        executed_exposed_in_town=townspeople_by_hazard * killed,
        arrested_long=penal_arrests * long_terms + terror_now - shot + arrests_for_hands,
    )


@repression.equation("labour", source="B-54")
def imprison_quitters(people_workers, labour_turnover, quitters_convicted, labour_penal_law):
    """A share of the changes of job brings prison where leaving a job is a crime."""
    quitters = people_workers * (quitters_convicted * labour_penal_law * labour_turnover / 12.0)
    return dict(quitters_workers=quitters, arrested_quitters=total(quitters, "workers"))
