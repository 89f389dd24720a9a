"""Designs by stretch, and tasks one by one: the same to the bit, in little memory."""

from __future__ import annotations

import hashlib
import itertools
import tracemalloc
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ensemble_runs import write
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc
from stub import KEYS, stub, text

from planmodel.engine import UserError
from planmodel.runs import load_ensemble, run_ensemble
from planmodel.runs.chunks import chunks
from planmodel.runs.points import Steps, points_of
from planmodel.runs.resolve import Laid, resolve
from planmodel.runs.stretches import Count, Stretched
from planmodel.runs.task import Task
from planmodel.runs.workers import SerialExecutor
from planmodel.scenario import load_scenario
from planmodel.storage import holds, write_pieces


def at_once(design: str, members: int, dimensions: int, seed: int) -> np.ndarray:
    """Return all points of a design as SciPy and NumPy draw them."""
    digest = hashlib.blake2b(f"{seed}/design".encode(), digest_size=16).digest()
    chance = np.random.default_rng(int.from_bytes(digest, "little"))
    if design == "random":
        return chance.random((members, dimensions))
    if design == "lhs":
        return np.asarray(qmc.LatinHypercube(dimensions, rng=chance).random(members))
    return np.asarray(qmc.Sobol(dimensions, rng=chance).random(members))


@settings(deadline=None, max_examples=60)
@given(
    design=st.sampled_from(["random", "lhs", "sobol"]),
    power=st.integers(0, 9),
    dimensions=st.integers(1, 6),
    cuts=st.lists(st.tuples(st.integers(0, 512), st.integers(0, 512)), min_size=1, max_size=6),
)
def test_any_stretch_is_that_of_the_whole_to_the_bit(
    design: str, power: int, dimensions: int, cuts: list[tuple[int, int]]
) -> None:
    members = 2**power
    whole, points = at_once(design, members, dimensions, 7), points_of(design, members, dimensions, 7)
    some = list(range(dimensions))[::2]
    for one, other in cuts:  # in any order, with holes, and again
        first, last = sorted((one % members, other % members))
        np.testing.assert_array_equal(points.rows(first, last + 1, some), whole[first : last + 1, some])


def test_a_grid_counts_its_last_key_fastest() -> None:
    whole = list(itertools.product(range(3), range(2), range(4)))
    assert Steps([3, 2, 4]).rows(5, 20).tolist() == [list(row) for row in whole[5:20]]


def test_count_is_an_array_of_numbers() -> None:
    numbers = Count(7)
    assert numbers[2:5].tolist() == [2, 3, 4]
    assert numbers[np.array([6, 0])].tolist() == [6, 0]
    assert (numbers[3], len(numbers), np.asarray(numbers).tolist()) == (3, 7, list(range(7)))
    for wrong in (7, -1, np.array([0, 7])):
        with pytest.raises(IndexError):
            numbers[wrong]


def test_a_value_out_of_bounds_is_refused_with_its_member(tmp_path: Path) -> None:
    def make(first: int, last: int, names: Any) -> dict[str, np.ndarray]:
        values = np.full(last - first, 0.12)
        values[np.arange(first, last) == 200_000] = 7.0
        return dict.fromkeys(names, values)

    laid = Laid(Stretched(300_000, {KEYS[1]: "x"}, make))
    with pytest.raises(UserError, match=r"seed_rate: 7 \(member 200000\) is out of bounds; allowed: "):
        resolve(load_scenario(), laid)


def peak_of_planning(path: Path) -> int:
    """Return the peak of memory, in bytes, of reading, naming and handing out an ensemble, and its CSV."""
    tracemalloc.start()
    try:
        members = load_ensemble(path).members
        members.digest()
        assert sum(len(chunk) for chunk in chunks(members, 4000)) == len(members)
        for _ in itertools.islice(members.csv(), 3):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("design", "each"), [("random", 0), ("sobol", 0), ("lhs", 4)])
def test_memory_does_not_grow_with_members(
    design: str, each: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planmodel.runs.stretches._WHOLE", 2**19)  # a digest may hold so much, for speed
    few, many = 2**17, 2**20
    peaks = [peak_of_planning(write(tmp_path, text(size, design))) for size in (few, few, many)]
    # A column of the million would be 8 MB, and one of a hundred and thirty thousand 1 MB.
    assert peaks[2] - peaks[1] < each * len(KEYS) * (many - few) + 2e6


def test_tasks_are_made_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Task, "run", stub)
    made, ahead = [0], list[int]()
    rows = Stretched.rows

    def counted(self: Stretched, first: int, last: int, *names: Any) -> dict[str, np.ndarray]:
        made[0] += not names  # a chunk asks for all columns
        return rows(self, first, last, *names)

    class Executor(SerialExecutor):
        def submit(self, *words: Any, **named: Any) -> Future[Any]:
            sent[0] += 1
            ahead.append(made[0] - sent[0])
            return super().submit(*words, **named)

    plan, sent = load_ensemble(write(tmp_path, text(1000))), [0]
    plan.members.digest()
    monkeypatch.setattr(Stretched, "rows", counted)
    monkeypatch.setattr(type(plan.members), "csv", lambda _: iter([b"member\n0\n"]))
    run_ensemble(plan, tmp_path / "out", executor=Executor(), chunk=10)
    assert (sent[0], max(ahead)) == (100, 0)


def test_a_file_is_written_and_compared_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_pieces(path, [b"one", b"", b"two"])
    assert path.read_bytes() == b"onetwo"
    assert holds(path, [b"on", b"etwo"])
    assert not any(holds(path, other) for other in ([b"onetw"], [b"onetwo", b"3"], [b"onetwO"], []))
