"""Forms of the village that economies share: who is recruited, joins and leaves, and what is resented."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import helper


@helper
def recruited(asked: Array, found: Array, arriving: Array) -> Array:
    """Return who comes by organised recruitment, of those asked for: a l_1 l_2, lost in two steps.

    Parameters
    ----------
    asked
        Whom recruiters are to bring, shape ``(members,)``.
    found
        Share of these whom they sign on.
    arriving
        Share of those signed on who turn up.
    """
    return asked * found * arriving


@helper
def share_joining(freely: Array | float, entry: Array, pressure: Array, months: float, most: float) -> Array:
    """Return the share of individual households that join: (e_0 + a P) t, up to a bound.

    Parameters
    ----------
    freely
        Share that joins in a month of itself.
    entry
        Share that joins in a month of pressure one.
    pressure
        Pressure on individual households, shape ``(members,)``.
    months
        Time that passes.
    most
        Share that can join in that time.
    """
    return np.minimum((freely + entry * pressure) * months, most)


@helper
def share_leaving(rate: Array, may_leave: Array, months: float, most: float, above: Array) -> Array:
    """Return the share of all households that leaves the kolkhozes, of those above the floor.

    Parameters
    ----------
    rate
        Members above the floor who leave in a month when they may.
    may_leave
        How far they may, shape ``(members,)``.
    months
        Time that passes.
    most
        Share of those above the floor who can leave in that time.
    above
        Share of the households in kolkhozes above that which has no farm to return to.
    """
    return np.minimum(rate * may_leave * months, most) * above


@helper
def floor_raised(floor: Array, consolidation: Array, months: float, above: Array) -> Array:
    """Return the share that cannot leave any more: land and draught stay with the kolkhoz."""
    return floor + consolidation * months * above


@helper
def resented(discontent: Array, months: float, memory: Array, felt: Array) -> Array:
    """Return discontent, which fades within some months, and grows by the pressure that is felt."""
    return discontent * np.exp(-months / memory) + felt
