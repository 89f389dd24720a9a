"""Sharing out what several mechanisms do together: knock-outs, pairs and Shapley values.

A coalition is the set of mechanisms that play, as the bits of a whole number. The worth of a coalition is the
output of the model in which the others are switched off.

Shapley, L. S. (1953), A value for n-person games; Castro, Gomez and Tejada (2009), Polynomial calculation of
the Shapley value based on sampling; orders with their reverse after Mitchell et al. (2022) (recalled).
"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np

from planmodel.engine import Array

Masks = np.ndarray  # of whole numbers: one bit a player


def all_coalitions(players: int) -> Masks:
    """Return all subsets: 0 (nobody plays) to ``2 ** players - 1`` (all do)."""
    return np.arange(2**players, dtype=np.int64)


def draw_orders(players: int, pairs: int, seed: int) -> np.ndarray:
    """Return orders in which players join, shape ``(2 * pairs, players)``; each before its reverse."""
    chance = np.random.default_rng([seed, players])
    orders = np.stack([chance.permutation(players) for _ in range(pairs)])
    return np.stack([orders, orders[:, ::-1]], axis=1).reshape(-1, players)


def coalitions_of(orders: np.ndarray) -> Masks:
    """Return the coalitions that orders pass through, with those that knock-outs of one and two need."""
    players = orders.shape[1]
    full = 2**players - 1
    joined = np.cumsum(np.left_shift(1, orders), axis=1)
    needed = [0, full, *(1 << i for i in range(players)), *(full ^ (1 << i) for i in range(players))]
    needed += [full ^ (1 << i) ^ (1 << j) for i, j in combinations(range(players), 2)]
    return np.unique(np.concatenate([joined.ravel(), np.array(needed)]))


def shapley(masks: Masks, worth: Array, players: int) -> Array:
    """Return Shapley values from the worth of all coalitions.

    Parameters
    ----------
    masks
        All ``2 ** players`` coalitions, in any order.
    worth
        Worth of each, shape ``(coalitions, ...)``.
    players
        How many there are.

    Returns
    -------
    array
        Shape ``(players, ...)``; the sum over players is the worth of all less that of nobody.
    """
    order = np.argsort(masks)
    worth, masks = worth[order], masks[order]
    size = np.array([int(mask).bit_count() for mask in masks])
    weight = np.array(
        [factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)]
    )
    values = []
    for player in range(players):
        without = masks[(masks >> player) & 1 == 0]
        gain = worth[without | (1 << player)] - worth[without]
        values.append(np.tensordot(weight[size[without]], gain, axes=1))
    return np.stack(values)


def shapley_by_order(masks: Masks, worth: Array, orders: np.ndarray) -> Array:
    """Return what each player adds when joining, averaged over each order and its reverse.

    Returns
    -------
    array
        Shape ``(pairs of orders, players, ...)``; the mean over pairs estimates the Shapley values, and the
        sum over players is exact in every pair.
    """
    order = np.argsort(masks)
    sorted_masks, worth = masks[order], worth[order]
    joined = np.cumsum(np.left_shift(1, orders), axis=1)
    before = np.concatenate([np.zeros((len(orders), 1), dtype=np.int64), joined[:, :-1]], axis=1)
    players = orders.shape[1]
    found = np.empty((len(orders) // 2, players, *worth.shape[1:]))
    for pair in range(len(found)):
        both = np.zeros((players, *worth.shape[1:]))
        for row in (2 * pair, 2 * pair + 1):
            after_at = np.searchsorted(sorted_masks, joined[row])
            before_at = np.searchsorted(sorted_masks, before[row])
            both[orders[row]] += worth[after_at] - worth[before_at]
        found[pair] = both / 2.0
    return found


def knock_outs(masks: Masks, worth: Array, players: int) -> tuple[Array, Array]:
    """Return what is lost without each player, and what each does alone; both ``(players, ...)``."""
    at = {int(mask): row for row, mask in enumerate(masks)}
    full = 2**players - 1
    lost = np.stack([worth[at[full]] - worth[at[full ^ (1 << i)]] for i in range(players)])
    alone = np.stack([worth[at[1 << i]] - worth[at[0]] for i in range(players)])
    return lost, alone


def pairs_lost(masks: Masks, worth: Array, players: int) -> dict[tuple[int, int], tuple[Array, Array]]:
    """Return, for each pair, what is lost without both, and by how much that is more than one by one."""
    at = {int(mask): row for row, mask in enumerate(masks)}
    full = 2**players - 1
    lost, _ = knock_outs(masks, worth, players)
    found = {}
    for i, j in combinations(range(players), 2):
        both = worth[at[full]] - worth[at[full ^ (1 << i) ^ (1 << j)]]
        found[i, j] = (both, both - lost[i] - lost[j])
    return found
