"""How the flows that are proposed together are applied together, in all books at once.

The same flows are proposed in the same phase of every month, so that which account gives to which is worked
out once, as a :class:`Plan`, and then used again. Claims are added in the order of the flows, whoever the
other members are: results do not depend on the chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from planmodel.engine.rationing import by_priority
from planmodel.engine.types import Array, total


class Plan:
    """Which accounts some flows take from and which they add to.

    Parameters
    ----------
    sources, destinations
        The account at either end of each flow: a row of the stocks.
    floored
        The accounts that cannot fall below nothing.
    """

    def __init__(self, sources: Sequence[int], destinations: Sequence[int], floored: set[int]) -> None:
        self._destinations = destinations
        # Accounts that can fall short come first: position in `claims` is position in `floored`.
        claims: dict[int, list[int]] = {}
        for flow, source in enumerate(sources):
            claims.setdefault(source, []).append(flow)
        self._claims = sorted(claims.items(), key=lambda claim: (claim[0] not in floored, claim[0]))
        self._floored = np.array([row for row, _ in self._claims if row in floored], dtype=np.intp)

    def settle(self, stocks: Array, rows: list[Array], amounts: Array, ranks: Sequence[int | Array]) -> None:
        """Let all accounts give, then all receive.

        Parameters
        ----------
        stocks
            What all accounts hold, shape ``(accounts, members)``; changed in place.
        rows
            The rows of ``stocks``.
        amounts
            What each flow asks for, shape ``(flows, members)``; where a source has not enough it is cut, by
            the ranks of the flows, to what the flow gets.
        ranks
            Rank of each flow among the claims on its source; an array where members differ in it.
        """
        each = list(amounts)
        held = stocks[self._floored]
        for source, claims in self._claims:
            rows[source] -= each[claims[0]] if len(claims) == 1 else total(each[i] for i in claims)
        left = stocks[self._floored]
        if left.size and np.minimum.reduce(left, axis=None) < 0.0:
            short = left < 0.0
            for position in np.flatnonzero(np.logical_or.reduce(short, axis=1)):
                source, claims = self._claims[position]
                _ration(
                    held[position],
                    rows[source],
                    short[position],
                    [each[i] for i in claims],
                    [ranks[i] for i in claims],
                )
        for destination, amount in zip(self._destinations, each, strict=True):
            rows[destination] += amount


def _ration(
    held: Array, left: Array, short: Array, claims: Sequence[Array], ranks: Sequence[int | Array]
) -> None:
    """Cut the claims on an account where they are more than it holds, and correct what is left of it."""
    cut = [(who, by_priority(held, claims, by)) for by, who in _alike(short, ranks)]
    for who, (served, remaining) in cut:
        np.copyto(left, remaining, where=who)
        for claim, got in zip(claims, served, strict=True):
            # A member that has enough must not feel that its neighbours have not, not even in the last bit.
            np.copyto(claim, got, where=who)


def _alike(short: Array, ranks: Sequence[int | Array]) -> Iterator[tuple[list[int], Array]]:
    """Yield each order of claims that there is, and the members in which it holds, of those in a mask."""
    if all(isinstance(rank, int) for rank in ranks):
        yield list(ranks), short  # type: ignore[arg-type]
        return
    columns = np.array([np.broadcast_to(rank, short.shape) for rank in ranks])
    orders, which = np.unique(columns, axis=1, return_inverse=True)
    for number, order in enumerate(orders.T.tolist()):
        yield order, short & (which.reshape(-1) == number)
