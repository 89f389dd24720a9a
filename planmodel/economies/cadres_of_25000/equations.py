"""The 25,000ers: control of the tempo of collectivisation from the centre against the local apparatus.

Sources: facts_E 23, 27 and 29, read from student papers on L. Viola (001_4fb5ab3f00d5408e.txt, "001, line")
and a review of her book (004_64b1875e2a735ad3.txt, "004, line"); facts_A for the course of collectivisation
("Bettelheim, lines"). They say who outnumbered whom and who was heard; sizes are assumptions unless marked.
"""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.economies.shopfloor import moving_on, share_gone
from planmodel.economies.village import floor_raised, resented, share_joining, share_leaving
from planmodel.engine.equations import Block

village = Block("village")
apparatus = Block("apparatus")
cadres = Block("cadres")
centre = Block("centre")


# ---- the village -------------------------------------------------------------------------------------------


@village.equation("campaign", source="A-031, A-032")
def join(households_individual, entry, pressure, dekad, most_joining):
    """Individual households join under pressure."""
    joining = share_joining(0.0, entry, pressure, dekad, most_joining)
    return dict(households_joined=households_individual * joining)


@village.equation("campaign", source="A-033 to A-038")
def leave(
    households_kolkhoz, share_in_kolkhozes, floor, parameter_exit, may_leave, consolidation, dekad,
    most_leaving,
):  # fmt: skip
    """Members leave where they may, but for those whose land and draught stay; these become more."""
    above = np.maximum(share_in_kolkhozes - floor, 0.0)
    left = share_leaving(parameter_exit, may_leave, dekad, most_leaving, above)
    return dict(
        households_left=households_kolkhoz * left / np.maximum(share_in_kolkhozes, 1e-9),
        floor=floor_raised(floor, consolidation, dekad, above),
    )


@village.equation("campaign")
def resent(discontent, discontent_decay, pressure, dekad):
    """Discontent grows with pressure and fades."""
    return dict(discontent=resented(discontent, dekad, discontent_decay, pressure * dekad))


@village.equation("review")
def count_members(households_kolkhoz, households_individual):
    """Share of households in kolkhozes."""
    return dict(share_in_kolkhozes=households_kolkhoz / (households_kolkhoz + households_individual))


# ---- the local apparatus -----------------------------------------------------------------------------------


@apparatus.auxiliary
def race_now(race, zeal_spread, drawn_local_zeal, truces, caution):
    """Growth of local pressure in a month; little of it is left once the centre has blamed the officials."""
    return race * np.exp(zeal_spread * drawn_local_zeal) * np.where(truces > 0.5, caution, 1.0)


@apparatus.equation("campaign", source="mechanisms_A 8, 12 and 18; A-029, A-030, A-039, A-040")
def press(
    local_pressure, drive_on, truces, race_now, opening_pressure, second_pressure, full_pressure, dekad
):  # fmt: skip
    """Race for percentages: local pressure feeds on itself while a drive is on, and rests between drives."""
    grown = np.minimum(local_pressure * np.exp(race_now * dekad), full_pressure)
    first = np.where(truces > 0.5, second_pressure, opening_pressure)
    return dict(local_pressure=np.where(drive_on > 0.5, np.maximum(grown, first), 0.0))


@apparatus.equation("campaign", source="E-027")
def count_officials(rural_people, people_a_member, thousands_a_million):
    """Party members of the villages."""
    return dict(officials=rural_people / people_a_member * thousands_a_million)


# ---- the workers sent --------------------------------------------------------------------------------------


@cadres.auxiliary
def coming(cadres_yet_to_come, departing, cadres_called, dekad):
    """Share of all workers called who come in these ten days."""
    return cadres_yet_to_come * share_gone(dekad / departing) * cadres_called


@cadres.auxiliary(without="cadres")
def coming() -> float:
    """Nobody comes."""
    return 0.0


@cadres.equation("campaign", source="E-023, E-029")
def come(coming, called, cadres_yet_to_come):
    """Workers who were called arrive within weeks."""
    return dict(cadres_sent=coming * called, cadres_yet_to_come=cadres_yet_to_come - coming)


@cadres.equation("campaign", source="E-029; 001, line 43; 004, lines 29 and 37")
def go(cadres_in_villages, cast_out, local_pressure, term, dekad):
    """Local offices cast workers out, the more the harder they press; others return when their term ends.

    Out of what a term takes home comes their usual rate; both ways out compete for the same workers.
    """
    usual = 1.0 / term
    rate = moving_on(usual, 1.0, cast_out * local_pressure, 0.0)
    gone = cadres_in_villages * share_gone(rate * dekad)
    cast = (rate - usual) / rate
    return dict(cadres_cast_out=gone * cast, cadres_returned=gone * (1.0 - cast))


@cadres.equation("review", source="E-027; 001, lines 37-43")
def weigh(cadres_in_villages, weight, officials, heard, needed):
    """Say of the workers among all who set the tempo, and the share of villages on which they are heard."""
    there = cadres_in_villages * weight
    return dict(
        control=there / np.maximum(there + officials, 1e-9),
        reports=heard * np.minimum(cadres_in_villages / needed, 1.0),
    )


# ---- the centre --------------------------------------------------------------------------------------------


@centre.auxiliary
def reported(discontent, seen_anyway, reports):
    """Discontent as officials report it, and more of it where the workers report and are heard."""
    return discontent * (seen_anyway + (1.0 - seen_anyway) * reports)


@centre.auxiliary(without="reports")
def reported(discontent, seen_anyway):
    """Discontent as officials report it."""
    return discontent * seen_anyway


@centre.auxiliary
def drive_age_now(drive_age, dekad):
    """Months since the drive began."""
    return drive_age + dekad


@centre.auxiliary(source="mechanisms_A 4")
def truce(drive_on, reported, sowing_risk, patience):
    """Whether the centre calls the drive off: discontent counts for more as the sowing nears."""
    return (drive_on > 0.5) & (reported * sowing_risk > patience)


@centre.auxiliary(source="A-038 to A-040")
def ends(drive_on, truce, drive_age_now, drive_months):
    """Whether a drive that was not called off comes to its end."""
    return (drive_on > 0.5) & ~truce & (drive_age_now >= drive_months)


@centre.auxiliary
def opens(drive_on, drive, drive_season, reported, calm, share_in_kolkhozes, drive_below):
    """Whether a drive begins: it is the line, it is the season, and the villages are calm."""
    ready = (reported < calm) & (share_in_kolkhozes < drive_below)
    return ~(drive_on > 0.5) & ready & (drive * drive_season > 0.0)


@centre.auxiliary
def stays(drive_on, truce, ends, opens):
    """Whether a drive is on after the review."""
    return ((drive_on > 0.5) & ~truce & ~ends) | opens


@centre.equation("review", source="mechanisms_A 4")
def review(reported, truce, ends, opens, stays, drive_age_now, truces, may_leave):
    """Read the reports; open a drive, call it off, or let it go on."""
    return dict(
        discontent_reported=reported,
        drive_on=stays * 1.0,
        drive_age=np.where(opens, 0.0, drive_age_now),
        truces=truces + truce,
        may_leave=np.where(truce, 1.0, np.where(opens, 0.0, may_leave)),
        drive_called_off=truce,
        drive_begins=opens,
        drive_ends=ends,
    )


@centre.equation("review")
def set_pressure(plan, share_in_kolkhozes, planned_pace, most_planned, control, local_pressure, stays):
    """Pressure is what local officials do, but for the part that the centre controls, which goes by plan.

    By plan it is what would bring households up to the plan within a month.
    """
    needed = (plan - share_in_kolkhozes) / np.maximum(planned_pace * (1.0 - share_in_kolkhozes), 1e-9)
    by_plan = within(needed, 0.0, most_planned)
    pressure = (1.0 - control) * local_pressure + control * by_plan
    return dict(planned_share=plan, pressure=np.where(stays, pressure, 0.0))
