"""The farm of the colony: land it was given, tractors it brought, food that need not be bought."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

farm = Block("farm")


@farm.equation("work", source="E-002")
def grow(
    tilled, hectares_a_thousand, food_yield, weather, drawn_harvest_of_the_colony, farm_harvest, clearing,
    land,
):  # fmt: skip
    """Break land that was granted, and bring in the harvest of what is tilled."""
    good = np.exp(weather * drawn_harvest_of_the_colony)
    grown = tilled * hectares_a_thousand * food_yield * good * farm_harvest
    return dict(food_grown=grown, tilled=tilled + clearing * (land - tilled))


@farm.equation("sale", source="E-006, E-007")
def eat(colonists, eaters, food_store, food_kept):
    """Eat from the store and buy what is missing; sell what is beyond the need of a year."""
    need = colonists * eaters / 12.0
    own = np.minimum(need, food_store)
    return dict(
        food_eaten=own,
        food_bought=need - own,
        food_sold=np.maximum(food_store - own - food_kept * need, 0.0),
        own_food=np.where(need > 0.0, own / np.maximum(need, 1e-9), 0.0),
    )
