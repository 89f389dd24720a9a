"""Arrests: penal law, contagion, sentences and executions."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

repression = Block("repression")


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
    exposed_people, village_nutrition, penal_law, law_hazard, hunger_arrests, penal_hazard, camp_economy,
    arrests_by_quota, campaign_hazard,
):  # fmt: skip
    """Arrests under penal law, which takes more where people hunger, and more in a campaign."""
    wanting = np.maximum(1.0 - village_nutrition, 0.0)
    law = penal_law * (law_hazard + hunger_arrests * wanting) + arrests_by_quota * campaign_hazard
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
def contagious_now(mass_arrests, contagion, terror, terror_fading):
    """Contagious arrests: where confessions must name accomplices an arrest leads to others.

    An arrest leads to less than one more, so that what is ordered from above decides how many there are.
    """
    return np.where(mass_arrests > 0.0, contagion * mass_arrests * terror, terror_fading)


@repression.auxiliary(without="terror_contagion")
def contagious_now(terror_fading):
    """Contagious arrests where arrests do not spread by themselves."""
    return terror_fading


@repression.auxiliary(source="D-1, D-12")
def terror_now(
    contagious_now, political_arrests, resistance_arrests, dekulakisation, quota_arrests, arrests_by_quota
):
    """Political arrests: those that need no other, with deportation, by quota, and contagious ones."""
    resistance = resistance_arrests * np.minimum(dekulakisation, 1.0)
    return political_arrests + resistance + quota_arrests * arrests_by_quota + contagious_now


@repression.equation("labour", source="D-8, D-12")
def spread_terror(contagious_now, terror_now):
    """Political arrests of the month, and those of them that others led to."""
    return dict(contagious_arrests=contagious_now, terror=terror_now)


@repression.auxiliary(source="D-20")
def bound_for_camps(penal_arrests, long_terms, terror_now, shot, arrests_for_hands):
    """Arrests of the month that end in a camp, million persons."""
    return penal_arrests * long_terms + terror_now - shot + arrests_for_hands


@repression.auxiliary(source="D-4, D-8")
def shot(terror_now, executed, summary_courts):
    """Political arrests of the month that end in death by sentence, million persons."""
    return terror_now * executed * summary_courts


@repression.equation("labour", source="D-20")
def sentence(bound_for_camps, terror_now, shot, mass_arrests):
    """Those bound for camps; as far as arrests are driven the political are sentenced for ten years."""
    longest = (terror_now - shot) * mass_arrests / np.maximum(bound_for_camps, 1e-9)
    return dict(arrested_long=bound_for_camps, sentenced_for_longest=np.minimum(longest, 1.0))


@repression.equation("labour", source="D-1, D-4, D-9, D-16, D-22, A-45")
def arrest(
    peasants_by_hazard, townspeople_by_hazard, exposed_people, penal_arrests, arrests_for_hands, terror_now,
    shot,
):  # fmt: skip
    """Arrests and executions, shared out among the groups by exposure; the shot never reach a camp."""
    taken = penal_arrests + terror_now - shot + arrests_for_hands
    rate = taken / exposed_people
    killed = shot / exposed_people
    return dict(
        arrests_peasants_region=peasants_by_hazard * rate,
        executed_peasants_region=peasants_by_hazard * killed,
        arrests_exposed_in_town=townspeople_by_hazard * rate,
        executed_exposed_in_town=townspeople_by_hazard * killed,
    )


@repression.equation("labour", source="B-54")
def imprison_quitters(people_workers, labour_turnover, quitters_convicted, labour_penal_law):
    """A share of the changes of job brings prison where leaving a job is a crime."""
    quitters = people_workers * (quitters_convicted * labour_penal_law * labour_turnover / 12.0)
    return dict(quitters_workers=quitters, arrested_quitters=total(quitters, "workers"))
