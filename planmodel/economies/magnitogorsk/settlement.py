"""Trains, barracks and hardship on the site."""

from __future__ import annotations

import numpy as np

from planmodel.economies.shopfloor import short_of
from planmodel.engine.equations import Block
from planmodel.engine.rules import total

settlement = Block("settlement")


@settlement.auxiliary
def free_workers(people_tenure_channel):
    """All workers of the site who could leave."""
    return total(people_tenure_channel, "tenure", "channel")


@settlement.auxiliary
def settlers_working(people_special_settlers, settlers_at_work):
    """Special settlers who work on the site."""
    return people_special_settlers * settlers_at_work


@settlement.auxiliary
def workers_now(free_workers, settlers_working):
    """Workers on the site, free and unfree."""
    return free_workers + settlers_working


@settlement.auxiliary
def population(free_workers, dependants, people_special_settlers):
    """All who live on the site: workers with their dependants, and exiled families."""
    return free_workers * (1.0 + dependants) + people_special_settlers


@settlement.equation("supply")
def count(workers_now, settlers_working, population):
    """Workers, the unfree among them, and all who live on the site."""
    return dict(
        workers=workers_now,
        penal_share=settlers_working / np.maximum(workers_now, 1e-9),
        population_of_site=population,
    )


@settlement.auxiliary(source="line 21")
def rations_over_need(
    planned_workers, dependants, rations, train_failures, drawn_trains, population, most_supply
):  # fmt: skip
    """Rations come for planned workers and their dependants; whoever comes beyond the plan shares them."""
    brought = planned_workers * (1.0 + dependants) * rations * np.exp(train_failures * drawn_trains)
    return np.minimum(brought / np.maximum(population, 1e-9), most_supply)


@settlement.auxiliary
def space_a_head(housing_barracks, population):
    """Living space a head."""
    return housing_barracks / np.maximum(population, 1e-9)


@settlement.equation("supply", source="line 19")
def provide(rations_over_need, space_a_head, space_norm, crowding_weight, most_space):
    """Hardship: what is missing of food and of shelter; all of both is no more than one."""
    hungry = short_of(rations_over_need, 1.0)
    crowded = short_of(space_a_head, space_norm)
    return dict(
        supply=rations_over_need,
        living_space=np.minimum(space_a_head, most_space),
        hardship=1.0 - (1.0 - hungry) * (1.0 - crowding_weight * crowded),
    )


@settlement.equation("supply", source="line 19")
def build_barracks(workers_now, housing_share, space_built, housing_barracks, wear):
    """A share of the builders builds barracks; tents and barracks wear out."""
    return dict(
        barracks_built=workers_now * housing_share * space_built,
        barracks_lost=housing_barracks * wear / 12.0,
    )
