"""Forms of production shared by the sectors of industry."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array


def cobb_douglas(capital: Array, labour: Array, capital_share: Array) -> Array:
    """Return K^a L^(1-a), all relative to the year in which output was one.

    Parameters
    ----------
    capital, labour
        Capacity and effective labour over those of the base year, shape ``(members,)``, not negative.
    capital_share
        Elasticity of output to capacity; one makes a fixed capital-output ratio.
    """
    product: Array = capital**capital_share * labour ** (1.0 - capital_share)
    return product


def worth_making(output: Array, unsold: Array) -> Array:
    """Return what is made of a possible output while some lies unsold: Y / (1 + idle).

    Idle is what lies unsold beyond a quarter's output, over a quarter's output: nothing is made for long
    that finds no use.

    Parameters
    ----------
    output
        Possible output of the month, shape ``(members,)``.
    unsold
        What is in stock, in the same unit.
    """
    quarter = np.maximum(3.0 * output, 1e-9)
    made: Array = output / (1.0 + np.maximum(unsold / quarter - 1.0, 0.0))
    return made
