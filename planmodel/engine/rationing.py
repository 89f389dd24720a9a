"""Sharing what is short among claimants.

Both rules give each claimant at most its claim, and never more in total than there is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planmodel.engine.types import Array, total


def proportional(available: Array, claims: Sequence[Array]) -> tuple[list[Array], Array]:
    """Cut all claims in one proportion where their sum exceeds what is available.

    Parameters
    ----------
    available
        What there is, shape ``(members,)``, not negative.
    claims
        One array a claimant, shape ``(members,)``, not negative.

    Returns
    -------
    served : list of arrays
        What each claimant gets, in the order of the claims.
    remaining : array
        What is left, not negative.
    """
    claimed = claims[0] if len(claims) == 1 else total(claims)
    short = claimed > available
    if short.any():
        # The share is exactly one where there is enough, so that a member does not depend on its neighbours.
        share = np.where(short, available / np.where(short, claimed, 1.0), 1.0)
        claims = [claim * share for claim in claims]
    remaining = available
    served = []
    for claim in claims:
        got = np.minimum(claim, remaining)
        remaining = remaining - got
        served.append(got)
    return served, remaining


def by_priority(available: Array, claims: Sequence[Array], ranks: Sequence[int]) -> tuple[list[Array], Array]:
    """Serve the lowest rank first; claimants of one rank are cut in proportion.

    Parameters
    ----------
    available
        What there is, shape ``(members,)``, not negative.
    claims
        One array a claimant, shape ``(members,)``, not negative.
    ranks
        One rank a claimant; the lowest comes first.

    Returns
    -------
    served : list of arrays
        What each claimant gets, in the order of the claims.
    remaining : array
        What is left, not negative.
    """
    served: list[Array] = list(claims)
    remaining = available
    for rank in sorted(set(ranks)):
        chosen = [i for i, r in enumerate(ranks) if r == rank]
        shares, remaining = proportional(remaining, [claims[i] for i in chosen])
        for i, got in zip(chosen, shares, strict=True):
            served[i] = got
    return served, remaining
