"""Random numbers that depend on seed, purpose and member only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planmodel.kernel import Array, Draws

QUICK = settings(max_examples=60, deadline=None)
MANY = 20_000
PINNED = [[0.8117446579918408, 0.1630976312800645], [0.7195538971934621, 0.8775867023247657]]

seeds = st.integers(0, 2**40)
counts = st.integers(1, 11)
members = st.lists(st.integers(0, 5000), min_size=1, max_size=12, unique=True)
runs = st.tuples(st.integers(0, 3000), st.integers(1, 12)).map(lambda r: list(range(r[0], r[0] + r[1])))


@QUICK
@given(seeds, counts, members | runs | st.permutations(range(9)))
def test_a_member_draws_the_same_alone_and_in_any_company(seed: int, count: int, chosen: list[int]) -> None:
    """To the bit: in order or not, consecutive or not."""
    together = Draws(seed, chosen).normal("weather", count)
    assert together.shape == (count, len(chosen))
    for position, member in enumerate(chosen):
        np.testing.assert_array_equal(
            together[:, position], Draws(seed, [member]).normal("weather", count)[:, 0]
        )


@QUICK
@given(seeds, counts, runs, st.integers(1, 12))
def test_chunks_do_not_matter(seed: int, count: int, chosen: list[int], size: int) -> None:
    whole = Draws(seed, chosen).uniform("weather", count)
    parts = [Draws(seed, chosen[i : i + size]).uniform("weather", count) for i in range(0, len(chosen), size)]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=1))


@QUICK
@given(seeds, counts, counts)
def test_another_purpose_disturbs_nothing(seed: int, count: int, other: int) -> None:
    quiet, busy = Draws(seed, [1, 2, 9]), Draws(seed, [1, 2, 9])
    busy.normal("rumour", other)
    first = busy.normal("weather", count)
    busy.uniform("rumour", other)
    np.testing.assert_array_equal(quiet.normal("weather", count), first)
    np.testing.assert_array_equal(busy.normal("weather", count), first)


@QUICK
@given(seeds, seeds.filter(lambda s: s > 0))
def test_purposes_seeds_and_members_differ(seed: int, step: int) -> None:
    base = Draws(seed, [1, 2]).uniform("weather", 3)
    assert not np.isin(Draws(seed, [1, 2]).uniform("wether", 3), base).any()
    assert not np.isin(Draws(seed + step, [1, 2]).uniform("weather", 3), base).any()
    assert np.unique(base).size == 6


@pytest.mark.parametrize("count", [1, 4, 5, 12])
def test_no_two_members_share_a_stretch_of_the_stream(count: int) -> None:
    drawn = Draws(3, range(1, 2001)).uniform("weather", count)
    assert np.unique(drawn).size == drawn.size


def test_the_count_fixes_the_stride() -> None:
    """Ask a purpose for the same count always: beyond a block of four words, another count draws anew."""
    draws = Draws(3, [5])
    four = draws.uniform("weather", 4)[:, 0]
    np.testing.assert_array_equal(draws.uniform("weather", 2)[:, 0], four[:2])
    assert not np.isin(draws.uniform("weather", 5)[:, 0], four).any()


@pytest.mark.parametrize("chosen", [[0], [0, 1, 2], [7, 0, 3]])
def test_member_zero_is_the_central_history(chosen: list[int]) -> None:
    draws = Draws(11, chosen)
    uniform, normal = draws.uniform("weather", 6), draws.normal("weather", 6)
    for position, member in enumerate(chosen):
        assert (uniform[:, position] == 0.5).all() == (member == 0)
        assert (normal[:, position] == 0.0).all() == (member == 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_mean_variance_and_independence(seed: int) -> None:
    """Of 20,000 members, within five standard errors."""
    draws = Draws(seed, range(1, MANY + 1))
    normal, uniform = draws.normal("weather", 5), draws.uniform("weather", 5)
    near = 5.0 / np.sqrt(MANY)
    assert (np.abs(normal.mean(axis=1)) < near).all()
    assert (np.abs(normal.var(axis=1) - 1.0) < near * np.sqrt(2.0)).all()
    assert (np.abs(uniform.mean(axis=1) - 0.5) < near * np.sqrt(1 / 12)).all()
    assert (np.abs(uniform.var(axis=1) - 1 / 12) < near * np.sqrt(1 / 80 - 1 / 144)).all()
    other = draws.normal("rumour", 5)
    correlations: Array = np.asarray(np.corrcoef(np.vstack([normal, other])))
    assert (np.abs(correlations[~np.eye(10, dtype=bool)]) < near).all()
    assert (np.abs(np.mean(normal[:, 1:] * normal[:, :-1], axis=1)) < near).all()


def test_uniform_draws_are_inside_the_open_interval_and_normal_ones_finite() -> None:
    draws = Draws(5, range(MANY))
    uniform = draws.uniform("weather", 5)
    assert uniform.min() > 0.0
    assert uniform.max() < 1.0
    assert np.isfinite(draws.normal("weather", 5)).all()


def test_ensembles_can_be_repeated_years_later() -> None:
    """Pinned: if this fails, published ensembles no longer come out the same."""
    np.testing.assert_allclose(Draws(1928, [1, 40]).uniform("weather", 2), PINNED, rtol=1e-15)


class Ends:
    """A stream that yields the least or the greatest number that a stream can yield."""

    value = 0.0

    def __init__(self, _: object) -> None: ...

    def random(self, size: tuple[int, ...]) -> Array:
        return np.full(size, self.value)


@pytest.mark.parametrize("end", [0.0, 1.0 - 2.0**-53])
def test_the_ends_of_the_stream_stay_inside_the_open_interval(
    monkeypatch: pytest.MonkeyPatch, end: float
) -> None:
    """Nought is drawn once in 2^53 times: too rare to be met by chance here, not in all ensembles."""
    monkeypatch.setattr(Ends, "value", end)
    monkeypatch.setattr(np.random, "Generator", Ends)
    draws = Draws(5, [1, 2])
    uniform, normal = draws.uniform("weather", 3), draws.normal("weather", 3)
    assert (uniform > 0.0).all()
    assert (uniform < 1.0).all()
    assert np.isfinite(normal).all()
    assert (np.abs(normal) > 8.0).all()


def test_a_normal_draw_rises_with_the_uniform_one() -> None:
    draws = Draws(3, range(1, 200))
    uniform, normal = draws.uniform("weather", 2), draws.normal("weather", 2)
    assert ((uniform > 0.5) == (normal > 0.0)).all()
    assert (np.argsort(uniform, axis=None) == np.argsort(normal, axis=None)).all()
