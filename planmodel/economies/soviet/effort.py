"""Effort on collective land: what reward, fear and law call forth, and what is held back."""

from __future__ import annotations

import numpy as np

from planmodel.economies.production import within
from planmodel.engine.equations import Block

effort = Block("effort", over="region")


@effort.auxiliary(source="B-3")
def value_of_labour_day(
    people_kolkhoz_members, distributed_this_year, kolkhoz_harvest_this_year, labour_day_value, kg_in_a_tonne,
    telling_harvest,
):  # fmt: skip
    """Grain given for the old year's work, kg a head.

    Where there were hardly any members in autumn, expectations stand in for experience.
    """
    members = np.maximum(people_kolkhoz_members, 1e-6)
    earned = kg_in_a_tonne * distributed_this_year / members
    known = within(kolkhoz_harvest_this_year / (telling_harvest * members), 0.0, 1.0)
    return known * earned + (1.0 - known) * labour_day_value


@effort.equation("closing", source="B-3")
def close_labour_day_accounts(value_of_labour_day):
    """Value of a labour-day, known when the accounts of the old year are closed."""
    return dict(labour_day_value=value_of_labour_day)


@effort.auxiliary(source="A-23, A-44, A-49, B-8, B-10")
def effort_by_reward(
    value_of_labour_day, effort_floor, plot_pull, fear_effect, fear, minimum_effect, minimum_labour_days
):
    """Effort by the value of a labour-day; fear and the legal minimum bring back a part of the rest."""
    given = effort_floor + (1.0 - effort_floor) * value_of_labour_day / (value_of_labour_day + plot_pull)
    given = given + (1.0 - given) * fear_effect * np.minimum(fear, 1.0)
    return given + (1.0 - given) * minimum_effect * minimum_labour_days


@effort.equation("opening")
def open_with_effort(effort):
    """What the old year's reward calls forth stands until the accounts are closed."""
    return dict(effort_promised=effort)


@effort.equation("labour", months=(3,))
def note_what_was_taken(taken_this_year, harvest_this_year):
    """Share of the last harvest that was taken, known when the campaign is over and field work begins."""
    return dict(taken_of_crop=np.minimum(taken_this_year / np.maximum(harvest_this_year, 1e-6), 1.0))


@effort.auxiliary(source="A-7, B-8, B-17")
def asked(taken_of_crop, taken_share_1927, norm_credit, obligatory_deliveries, share_due_by_norm):
    """Share of the harvest that peasants reckon will be taken, beyond that of 1927.

    It is what was taken last; where deliveries are a norm that is known ahead, they may believe the norm.
    """
    taken = np.maximum(taken_of_crop - taken_share_1927, 0.0)
    norm = np.maximum(np.minimum(share_due_by_norm, 1.0) - taken_share_1927, 0.0)
    believed = norm_credit * obligatory_deliveries
    return (1.0 - believed) * taken + believed * norm


@effort.auxiliary
def new_to_kolkhoz(collectivised_share, collectivised_a_year_ago):
    """Share of the kolkhozes' households that joined within a year."""
    joined = np.maximum(collectivised_share - collectivised_a_year_ago, 0.0)
    return joined / np.maximum(collectivised_share, 1e-9)


@effort.auxiliary(source="A-23, A-24, B-6, B-8")
def effort_held(asked, terms_effect, field_nutrition, despair, new_to_kolkhoz, newness):
    """Share of the effort promised that is given: terms, hunger in spring and novelty take from it."""
    held = (1.0 - terms_effect * asked) * (1.0 - despair * (1.0 - field_nutrition))
    return held * (1.0 - newness * new_to_kolkhoz)


@effort.equation("labour", source="A-23, A-44, A-49, B-8, B-10")
def respond_to_reward(month, effort_by_reward, effort_promised, effort_held):
    """Effort promised for a year's reward in January, and what terms, hunger and novelty leave of it."""
    promised = effort_by_reward if month == 1 else effort_promised
    return dict(effort_promised=promised, effort=promised * effort_held)


@effort.equation("labour", without="effort_response")
def respond_to_reward(month, effort_promised):
    """Effort is that of a peasant on his own, whatever the reward."""
    own = 1.0 if month == 1 else effort_promised
    return dict(effort_promised=own, effort=own)
