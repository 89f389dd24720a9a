"""Sharing what is short."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.engine import Array, by_priority, proportional

QUICK = settings(max_examples=150, deadline=None)
CLOSE = 1e-12  # relative

amount = st.one_of(st.just(0.0), st.floats(1e-6, 1e6, allow_subnormal=False))


@st.composite
def shortages(draw: st.DrawFn) -> tuple[Array, list[Array], list[int]]:
    """Draw what there is, the claims and their ranks, for one to four members."""
    members = draw(st.integers(1, 4))
    claimants = draw(st.integers(1, 6))
    claims = [np.array(draw(st.lists(amount, min_size=members, max_size=members))) for _ in range(claimants)]
    # Half of the time a share of the claims, so that what there is lies near what is claimed.
    some = st.lists(st.one_of(amount, st.floats(0.0, 1.5)), min_size=members, max_size=members)
    available = np.array(draw(some))
    if draw(st.booleans()):
        available = np.minimum(available, 1.5) * sum(claims)
    return available, claims, draw(st.lists(st.integers(0, 3), min_size=claimants, max_size=claimants))


def scale(available: Array, claims: list[Array]) -> Array:
    largest: Array = np.maximum(available, np.max(claims, axis=0))
    return CLOSE * largest


@QUICK
@given(shortages())
def test_nobody_gets_more_than_claimed_and_all_together_no_more_than_there_is(
    case: tuple[Array, list[Array], list[int]],
) -> None:
    available, claims, ranks = case
    for served, remaining in (proportional(available, claims), by_priority(available, claims, ranks)):
        assert len(served) == len(claims)
        assert all(((got >= 0.0) & (got <= claim)).all() for got, claim in zip(served, claims, strict=True))
        assert (remaining >= 0.0).all()
        assert (np.abs(sum(served) + remaining - available) <= scale(available, claims)).all()


@QUICK
@given(shortages())
def test_nothing_is_kept_back_while_a_claim_is_open(case: tuple[Array, list[Array], list[int]]) -> None:
    available, claims, ranks = case
    for served, remaining in (proportional(available, claims), by_priority(available, claims, ranks)):
        open_claims = sum(claims) - sum(served)
        assert (np.minimum(open_claims, remaining) <= 10 * scale(available, claims)).all()


@QUICK
@given(shortages())
def test_a_lower_rank_is_served_in_full_before_a_higher_one_gets_anything(
    case: tuple[Array, list[Array], list[int]],
) -> None:
    available, claims, ranks = case
    served, _ = by_priority(available, claims, ranks)
    tiny = scale(available, claims)
    for i, low in enumerate(ranks):
        for j, high in enumerate(ranks):
            if low < high:
                unserved = claims[i] - served[i] > tiny
                assert (served[j][unserved] <= tiny[unserved]).all()


@QUICK
@given(shortages())
def test_equal_ranks_get_equal_proportions(case: tuple[Array, list[Array], list[int]]) -> None:
    available, claims, ranks = case
    for served, levels in (
        (by_priority(available, claims, ranks)[0], ranks),
        (proportional(available, claims)[0], [0] * len(claims)),
    ):
        for i, left in enumerate(levels):
            for j, right in enumerate(levels):
                if left == right:
                    gap = np.abs(served[i] * claims[j] - served[j] * claims[i])
                    assert (gap <= scale(available, claims) * np.maximum(claims[i], claims[j])).all()


@QUICK
@given(shortages())
def test_a_member_does_not_depend_on_its_neighbours(case: tuple[Array, list[Array], list[int]]) -> None:
    """To the bit: scarcity of one member must not change how another one is computed."""
    available, claims, ranks = case
    served, remaining = by_priority(available, claims, ranks)
    for k in range(available.size):
        alone, left = by_priority(available[k : k + 1], [c[k : k + 1] for c in claims], ranks)
        assert left[0] == remaining[k]
        assert [a[0] for a in alone] == [s[k] for s in served]


def test_scarcity_next_to_plenty_does_not_change_the_rounding() -> None:
    """Of 500 members with enough, when a member that is short is added to the chunk."""
    chance = np.random.default_rng(1)
    claims = [chance.uniform(0.0, 1.0, 501) for _ in range(4)]
    available = chance.uniform(4.0, 9.0, 501)
    available[-1] = 0.1
    served, remaining = proportional(available, claims)
    plenty, left = proportional(available[:-1], [claim[:-1] for claim in claims])
    np.testing.assert_array_equal(remaining[:-1], left)
    np.testing.assert_array_equal(np.array(served)[:, :-1], plenty)
    assert sum(got[-1] for got in served) <= 0.1 < sum(claim[-1] for claim in claims)


def test_by_hand() -> None:
    available = np.array([10.0, 6.0, 0.0])
    claims = [np.array([4.0, 4.0, 4.0]), np.array([2.0, 2.0, 2.0]), np.array([8.0, 2.0, 0.0])]
    served, remaining = by_priority(available, claims, [1, 0, 1])
    expected = [[4.0 * 8 / 12, 4.0 * 4 / 6, 0.0], [2.0, 2.0, 0.0], [8.0 * 8 / 12, 2.0 * 4 / 6, 0.0]]
    np.testing.assert_allclose(served, expected, rtol=1e-15)
    np.testing.assert_allclose(remaining, 0.0, atol=1e-15)
    np.testing.assert_array_equal(available, [10.0, 6.0, 0.0])
    np.testing.assert_array_equal(claims[0], 4.0)
