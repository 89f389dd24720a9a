"""How the starts of a quarter fall into sites: some large ones, and all others together.

Sizes and paces are drawn by number of the site and member: they depend on no other site and no other member.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from planmodel.engine import Array
from planmodel.engine.draws import Draws
from planmodel.engine.serving import TOGETHER

_TURN = (5.0**0.5 - 1.0) / 2.0  # golden: places that follow each other by it lie as evenly as can be


class Lots(NamedTuple):
    """Sites that are begun together, shape ``(sites, members)``.

    Attributes
    ----------
    branches
        Number of the branch of each.
    places
        In the list of shock works: see :class:`planmodel.economies.soviet.sites.Site`.
    size
        Billion roubles of 1928; those of a branch are its starts together.
    months
        Gestation when nothing is short.
    """

    branches: list[int]
    places: list[float]
    size: Array
    months: Array


class Chance(NamedTuple):
    """What sites differ by.

    Attributes
    ----------
    size_spread, pace_spread
        Standard deviations of the logarithms of size and of gestation.
    together
        Sites that those together are reckoned as: their mean gestation differs the less.
    """

    size_spread: float | Array
    pace_spread: float | Array
    together: float


def divided(
    draws: Draws,
    quarter: int,
    started: Array,
    months: Array,
    large: Sequence[int],
    share: float,
    chance: Chance,
) -> Lots:
    """Divide the starts of a quarter.

    Parameters
    ----------
    draws
        Chance.
    quarter
        Running number of the quarter in the calendar.
    started, months
        Starts and gestation of each branch, shape ``(branches, members)``.
    large
        Large sites of each branch.
    share
        Of the starts, that goes into them.
    chance
        What they differ by.
    """
    first = quarter * (sum(large) + len(large))  # the number of the first site of the quarter
    branches, places, sizes, gestation = [], [], [], []
    for branch, count in enumerate(large):
        numbers = [first + i for i in range(count)]
        weights = [draws.factor("site size", number, chance.size_spread) for number in numbers]
        scale = share * started[branch] / sum(weights) if count else 0.0
        own = [scale * weight for weight in weights]
        own.append(started[branch] - sum(own))
        spreads = [chance.pace_spread] * count + [chance.pace_spread / np.sqrt(chance.together)]
        for i, spread in enumerate(spreads):
            gestation.append(months[branch] * draws.factor("site pace", first + i, spread))
        branches += [branch] * len(own)
        places += [(quarter * count + i + 1) * _TURN % 1.0 for i in range(count)] + [TOGETHER]
        sizes += own
        first += len(own)
    return Lots(branches, places, np.array(sizes), np.array(gestation))
