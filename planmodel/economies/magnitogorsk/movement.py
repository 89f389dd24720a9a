"""How people came, how long they stayed, and passports."""

from __future__ import annotations

import numpy as np

from planmodel.economies.shopfloor import moving_on, share_gone
from planmodel.economies.village import recruited
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

movement = Block("movement")


# ---- passports ---------------------------------------------------------------------------------------------


@movement.auxiliary
def passports_in_force(passports):
    """How far passports are needed to move and to be hired."""
    return passports


@movement.auxiliary(without="passports")
def passports_in_force():
    """Passports hold nobody."""
    return 0.0


@movement.auxiliary(source="line 10")
def hold(passport_hold, passports_in_force, forged):
    """Share of movement that passports prevent, but for forged documents."""
    return passport_hold * passports_in_force * (1.0 - forged)


@movement.equation("labour", source="line 10")
def forge(forged, passports_in_force, forging, forged_at_most):
    """A black market in documents grows with passports."""
    return dict(forged=forged + passports_in_force * forging * (forged_at_most - forged))


# ---- arrivals ----------------------------------------------------------------------------------------------


@movement.auxiliary
def building_season(year_round_building, arrival_season):
    """How many come in the month: nobody waits for spring where building goes on in winter."""
    return year_round_building + (1.0 - year_round_building) * arrival_season


@movement.auxiliary
def missing(planned_workers, workers):
    """Workers whom the plan asks for and the site does not have."""
    return np.maximum(planned_workers - workers, 0.0)


@movement.auxiliary(source="line 17")
def coming_mobilised(mobilised_a_month, mobilisation):
    """Members of party and Komsomol, and workers of other plants, who are sent."""
    return mobilised_a_month * mobilisation


@movement.auxiliary(source="B-144, B-145")
def coming_recruited(recruiting, missing, recruited_of_quota, arrived_of_recruited, building_season):
    """The recruited who turn up, of the quota for those missing."""
    return recruited(recruiting * missing * building_season, recruited_of_quota, arrived_of_recruited)


@movement.auxiliary(source="line 6")
def coming_samotek(
    samotek, village_push, building_season, hold, come_anyway, missing, scarce_from, planned_workers
):  # fmt: skip
    """Who come of themselves; half of them go on where there is no work within reach of the site."""
    wanted = np.minimum(missing / np.maximum(scarce_from * planned_workers, 1e-9), 1.0)
    return (
        samotek * village_push * building_season * (1.0 - hold) * (come_anyway + (1.0 - come_anyway) * wanted)
    )


@movement.auxiliary
def coming_foreign(foreigners_engaged):
    """Foreigners who come under contract."""
    return foreigners_engaged


@movement.equation("labour", source="E-016")
def arrive(coming_channel):
    """Free workers arrive by four channels."""
    return dict(arrivals_channel=coming_channel, arrivals=total(coming_channel, "channel"))


# ---- departures --------------------------------------------------------------------------------------------


@movement.auxiliary
def homeward(year_round_building, homeward_season):
    """How many leave in the month: seasonal workers go home where building rests in winter."""
    return year_round_building + (1.0 - year_round_building) * homeward_season


@movement.auxiliary(source="E-017; lines 17 and 19")
def quit_rate_new(first_quits, homeward, driven_out, hardship, hold):
    """Rate at which newcomers leave: hardship drives them out, passports hold some."""
    return moving_on(first_quits, homeward, driven_out * hardship, hold)


@movement.auxiliary
def quit_rate_settled(quits, homeward, settled_driven_out, hardship, hold):
    """Rate at which settled workers leave; hardship drives out fewer of them."""
    return moving_on(quits, homeward, settled_driven_out * hardship, hold)


@movement.auxiliary
def leaving(
    people_tenure_channel, quit_rate_tenure, answers_to_party_channel, bound, under_contract_channel, contract
):  # fmt: skip
    """Free workers who leave: the mobilised answer to the party, foreigners go when their contract ends."""
    rate = np.where(answers_to_party_channel > 0.5, quit_rate_tenure * bound, quit_rate_tenure)
    rate = np.where(under_contract_channel > 0.5, 1.0 / contract, rate)
    return people_tenure_channel * share_gone(rate)


@movement.equation("labour")
def leave(leaving, left_so_far, free_workers, longest_stay, quit_rate_new):
    """Free workers leave; how long they stay, and how many newcomers are gone within the month."""
    departures = total(leaving, "tenure", "channel")
    return dict(
        left_tenure_channel=leaving,
        departures=departures,
        left_so_far=left_so_far + departures,
        mean_stay=np.minimum(free_workers / np.maximum(departures, 1e-9), longest_stay),
        gone_in_first_month=share_gone(quit_rate_new),
    )


@movement.equation("labour")
def settle_down(people_tenure_channel, leaving, is_new_tenure, settling):
    """Newcomers who stay settle down within months."""
    staying = total((people_tenure_channel - leaving) * is_new_tenure, "tenure")
    return dict(settled_channel=staying / settling)


@movement.equation("labour")
def move_settlers(
    settlers_brought, people_special_settlers, escapes, settler_deaths, deaths_always, hardship
):  # fmt: skip
    """Exiled peasants are brought with their families; some flee, and many die in hardship."""
    dying = settler_deaths * (deaths_always + (1.0 - deaths_always) * hardship)
    return dict(
        arrivals_settlers=settlers_brought,
        escaped_settlers=people_special_settlers * escapes,
        dead_settlers=people_special_settlers * dying,
    )
