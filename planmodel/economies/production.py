"""Forms of production that chapters of an economy share."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import helper


@helper(notation=r"<capital!>^{<capital_share>} \, <labour!>^{1 - <capital_share>}")
def cobb_douglas(capital: Array, labour: Array, capital_share: Array) -> Array:
    """Return K^a L^(1-a), all relative to the year in which output was one.

    Parameters
    ----------
    capital, labour
        Capacity and effective labour over those of the base year, shape ``(members,)``, not negative.
    capital_share
        Elasticity of output to capacity; one makes a fixed capital-output ratio.
    """
    return capital**capital_share * labour ** (1.0 - capital_share)


@helper
def worth_making(output: Array, unsold: Array, months_unsold: float) -> Array:
    """Return what is made of a possible output while some lies unsold: Y / (1 + idle).

    Idle is what lies unsold beyond the output of some months, over that output: nothing is made for long that
    finds no use.

    Parameters
    ----------
    output
        Possible output of the month, shape ``(members,)``.
    unsold
        What is in stock, in the same unit.
    months_unsold
        Months of output that lie in stock before less is made.
    """
    return output / (1.0 + np.maximum(unsold / np.maximum(months_unsold * output, 1e-9) - 1.0, 0.0))


@helper(notation=r"\left[<value>\right]_{<low>}^{<high>}")
def within(value: Array, low: float | Array, high: float | Array) -> Array:
    """Return a value held between two bounds."""
    return np.minimum(np.maximum(value, low), high)


@helper(notation=r"\text{smoothed}_{<months>}\left(<before>, <now>\right)")
def smoothed(before: Array, now: Array, months: float | Array) -> Array:
    """Return what follows another quantity with a delay: x + (now - x) / tau."""
    return before + (now - before) / months


@helper
def part_of_the_way(high: Array, low: Array, part: Array) -> Array:
    """Return what has gone a part of the way, in logarithms, from a value to a lower one.

    Parameters
    ----------
    high
        Where it stands, shape ``(members,)``; it stays there if the other value is not lower.
    low
        Where the way leads.
    part
        Part of the way, 0 to 1.
    """
    return high * np.minimum(low / np.maximum(high, 1e-6), 1.0) ** part
