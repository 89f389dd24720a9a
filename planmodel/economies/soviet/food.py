"""Food: what village and towns eat, hunger across districts, and its toll."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block
from planmodel.engine.rules import total

nutrition = Block("nutrition")


@nutrition.auxiliary
def food_over_districts(food_spread, district_place_district, district_weight_district):
    """Grain per head by class of district over the mean: lognormal with the spread of last month."""
    shape = np.exp(np.sqrt(np.log1p(food_spread**2)) * district_place_district)
    return shape / total(district_weight_district * shape, "district")
