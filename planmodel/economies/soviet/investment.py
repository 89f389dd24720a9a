"""Investment: capital by branch, sites, and who gets builders and materials."""

from __future__ import annotations

import numpy as np

from planmodel.engine.equations import Block

capital = Block("capital")


@capital.auxiliary
def housing_per_head(works_capital_housing_and_services, town_population):
    """Housing and services per townsperson, billion roubles per million persons."""
    return works_capital_housing_and_services / np.maximum(town_population, 1e-6)
