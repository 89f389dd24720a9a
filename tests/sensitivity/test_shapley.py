"""Shares of mechanisms: games with known answers, and efficiency in every draw."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.engine import Array
from planmodel.runs import Members
from planmodel.scenario import load_scenario
from planmodel.sensitivity.attributing import Game
from planmodel.sensitivity.shapley import (
    all_coalitions,
    coalitions_of,
    draw_orders,
    knock_outs,
    pairs_lost,
    shapley,
    shapley_by_order,
)
from planmodel.sensitivity.sharing import share_out

GAINS = np.array([4.0, -1.0, 0.0, 2.5])


def additive(masks: np.ndarray, gains: Array = GAINS) -> Array:
    return np.array([sum(g for i, g in enumerate(gains) if mask >> i & 1) for mask in masks])


def game(players: int, draws: int, orders: np.ndarray | None = None) -> Game:
    names = [f"p{i}" for i in range(players)]
    masks = all_coalitions(players) if orders is None else coalitions_of(orders)
    members = Members(load_scenario(), 0, {}, np.zeros(len(masks) * draws, dtype=np.int64))
    return Game(names, names, masks, draws, members, orders)


def test_in_an_additive_game_each_has_what_it_adds() -> None:
    masks = all_coalitions(4)
    worth = additive(masks)
    assert shapley(masks, worth, 4) == pytest.approx(GAINS)
    lost, alone = knock_outs(masks, worth, 4)
    assert lost == pytest.approx(GAINS)
    assert alone == pytest.approx(GAINS)
    assert all(more == pytest.approx(0.0) for _, more in pairs_lost(masks, worth, 4).values())


def test_gloves() -> None:
    """One left glove, two right ones: a pair is worth one. Shapley values are 2/3, 1/6, 1/6."""
    masks = all_coalitions(3)
    worth = np.array([float(mask & 1 and mask & 6) > 0 for mask in masks], dtype=float)
    assert shapley(masks, worth, 3) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    both, more = pairs_lost(masks, worth, 3)[1, 2]
    assert both == pytest.approx(1.0)  # without both right gloves there is no pair
    assert more == pytest.approx(1.0)  # though either alone is not missed


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.integers(0, 2**32 - 1))
def test_values_are_means_over_all_orders_and_sum_to_the_whole(players: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    masks = random.permutation(all_coalitions(players))
    worth = random.normal(size=(len(masks), 3))
    found = shapley(masks, worth, players)
    at = {int(mask): row for row, mask in enumerate(masks)}
    assert found.sum(axis=0) == pytest.approx(worth[at[2**players - 1]] - worth[at[0]])
    orders = np.array(list(permutations(range(players))))
    pairs = np.stack([orders, orders[:, ::-1]], axis=1).reshape(-1, players)
    assert found == pytest.approx(shapley_by_order(masks, worth, pairs).mean(axis=0))


def test_sampled_values_sum_to_the_whole_in_every_pair_of_orders() -> None:
    players, draws = 14, 3
    orders = draw_orders(players, 20, seed=3)
    masks = coalitions_of(orders)
    random = np.random.default_rng(0)
    worth = random.normal(size=(len(masks), draws))
    found = shapley_by_order(masks, worth, orders)
    top, bottom = worth[masks == 2**players - 1][0], worth[masks == 0][0]
    assert found.sum(axis=1) == pytest.approx(np.tile(top - bottom, (20, 1)))


def test_sampled_shares_of_a_bent_game_lie_within_their_errors() -> None:
    """Worth is the square of the sum of gains: the value of i is gain_i times the sum of all gains."""
    players = 14
    gains = np.linspace(0.2, 2.0, players)
    orders = draw_orders(players, 60, seed=1)
    about = game(players, 1, orders)
    worth = additive(about.masks, gains) ** 2
    shares = share_out(about, worth, tolerance=0.1)
    known = gains * gains.sum()
    table = shares.table
    assert (np.abs(table["shapley"] - known) <= 3.0 * table["error"] + 1e-9).all()
    assert table["shapley"].sum() == pytest.approx(gains.sum() ** 2)
    assert shares.interpretable


def test_with_its_reverse_an_order_has_no_error_where_pairs_act_together() -> None:
    players = 13
    orders = draw_orders(players, 2, seed=0)
    masks = coalitions_of(orders)
    gains = np.arange(1.0, players + 1)
    found = shapley_by_order(masks, additive(masks, gains) ** 2, orders)
    assert found[0] == pytest.approx(gains * gains.sum())


def test_shares_are_means_over_draws_with_their_spread() -> None:
    about = game(4, 100)
    random = np.random.default_rng(0)
    scale = random.uniform(0.9, 1.1, 100)
    output = (additive(about.masks)[:, None] * scale + 7.0).ravel()
    shares = share_out(about, output, tolerance=0.1)
    table = shares.table
    assert table["shapley"].to_numpy() == pytest.approx(GAINS * scale.mean())
    assert table["share"].sum() == pytest.approx(1.0)
    assert table["shapley_low"][0] == pytest.approx(4.0 * np.quantile(scale, 0.05))
    assert table["share_high"][1] >= table["share"][1] >= table["share_low"][1]
    assert (shares.none, shares.full) == pytest.approx((7.0, 7.0 + GAINS.sum() * scale.mean()))
    assert shares.interpretable


def test_where_there_is_no_whole_nothing_is_shared() -> None:
    about = game(2, 50)
    random = np.random.default_rng(0)
    gain = random.normal(0.0, 1.0, 50)
    output = (np.array([0.0, 1.0, 0.0, 1.0])[:, None] * gain).ravel()
    shares = share_out(about, output, tolerance=0.1)
    assert not shares.interpretable
    assert "no whole to share" in shares.note


def test_draws_without_a_value_are_left_out_and_counted() -> None:
    about = game(4, 50)
    output = np.tile(additive(about.masks)[:, None], (1, 50))
    output[3, :2] = np.nan
    shares = share_out(about, output.ravel(), tolerance=0.1)
    assert shares.draws == 48
    assert shares.interpretable
    output[3, :20] = np.nan
    assert "no value" in share_out(about, output.ravel(), tolerance=0.1).note
    output[:] = np.nan
    assert not share_out(about, output.ravel(), tolerance=0.1).interpretable
