"""Forms of the labour process that chapters of an economy share: absence, and who is below the norm."""

from __future__ import annotations

import numpy as np

from planmodel.engine import Array
from planmodel.engine.equations import helper


@helper
def missed(usual: Array, wanting: Array, causes: Array, penalty: Array, deterrence: Array) -> Array:
    """Return the days that workers miss: u (1 + a w) exp(-b p).

    What a day away is worth differs from worker to worker and from day to day: of the days on which work
    would be missed, a share that falls exponentially with the penalty is worth what it takes.

    Parameters
    ----------
    usual
        Days missed where nothing is wanting and nothing is punished.
    wanting
        What is wanting of food, room and skill, shape ``(members,)``, not negative.
    causes
        Rise of absence for each point of it.
    penalty
        Penalties, 0 to 1.
    deterrence
        Fall, in logarithms, by full penalties.
    """
    return usual * (1.0 + causes * wanting) * np.exp(-deterrence * penalty)


@helper(notation=r"\text{share below}_{<spread>}\left(<work> / <norm>\right)")
def share_below(work: Array, norm: Array, spread: Array) -> Array:
    """Return the share of workers who do less than the norm: 1 / (1 + (w / n)^(1 / s)).

    What workers do is spread around what the middle one does, in logarithms, as the logistic curve says.

    Parameters
    ----------
    work
        What the middle worker does, over the norm of the first day, shape ``(members,)``.
    norm
        Norms over those of the first day.
    spread
        Scale of the spread, in logarithms.
    """
    return 1.0 / (1.0 + (work / norm) ** (1.0 / spread))
