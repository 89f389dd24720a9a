"""What a calibration will cost, and a smaller one for a try: fewer runs, and marked as a trial."""

from __future__ import annotations

import os
import time

import numpy as np

from planmodel.calibration.evaluate import LARGEST, SMALLEST, Evaluator
from planmodel.calibration.problem import Points
from planmodel.calibration.schema import Calibration
from planmodel.calibration.schema_of_method import Posterior, Search, Tempering
from planmodel.calibration.unknowns import Cube
from planmodel.engine import UserError
from planmodel.scenario import Scenario

QUICK = 2000  # runs of the search of `--quick`
_FINEST = 40  # steps, each a fifth smaller, in which a search is made smaller
_TIMED = 100  # runs that are timed
_WALKERS = 3  # an unknown: fewer lie nearly in a plane, and move nowhere else
_TOGETHER = 100  # walkers that take hardly longer than one: their steps are few for it
_LEAST_STEPS = 10
_POWERS = 22  # of the likelihood, about, until it counts whole
_FEWEST = 20  # particles of an island
Prepared = tuple[Scenario, Points, Cube]


def within(calibration: Calibration, unknowns: int, budget: str) -> Calibration:
    """Return a calibration whose search takes at most so many runs, polish apart.

    Parameters
    ----------
    calibration
        As it is configured.
    unknowns
        How many it seeks.
    budget
        A number of runs, or a share of those of the configured search, such as ``20%``.

    Returns
    -------
    Calibration
        With as many rounds as the budget allows. Where it allows none, all sizes are smaller, those of the
        posterior too. With fewer rounds than are configured it is marked as a ``trial``.

    Raises
    ------
    UserError
        If that is no number, or too few for any search.
    """
    search = calibration.search
    allowed = _runs(budget, search, unknowns)
    if search.runs(unknowns, 0) <= allowed:
        rounds = 0
        while search.runs(unknowns, rounds + 1) <= allowed:
            rounds += 1
        cut = search.model_copy(update={"rounds": rounds})
        trial = calibration.trial or rounds < search.rounds
        return calibration.model_copy(update={"search": cut, "trial": trial})
    sizes = [_smaller(search, 0.8**step) for step in range(1, _FINEST)]
    fitting = next((size for size in sizes if size.runs(unknowns, 0) <= allowed), None)
    if fitting is None:
        raise UserError(
            f"--budget {budget}: out of bounds; allowed: {sizes[-1].runs(unknowns, 0)} to {10**9} runs, "
            "or a share such as 20%"
        )
    drawn = _fewer(calibration.posterior, unknowns, allowed)
    tempered = _colder(calibration.tempering, allowed)
    sizes_of = {"search": fitting, "posterior": drawn, "tempering": tempered}
    return calibration.model_copy(update={**sizes_of, "trial": True})


def _runs(budget: str, search: Search, unknowns: int) -> int:
    """Read a budget: a number of runs, or a share of the search."""
    text = budget.strip()
    try:
        if not text.endswith("%"):
            return int(text)
        share = float(text[:-1]) / 100.0
    except ValueError:
        share = -1.0
    if not 0.0 < share <= 1.0:
        raise UserError(f"--budget {budget}: is not valid; allowed: a number of runs, or a share such as 20%")
    return int(share * search.runs(unknowns, search.rounds))


def _smaller(search: Search, by: float) -> Search:
    """Return a search without rounds, each of whose sizes is smaller by a factor, but at least one."""
    points = max(round(search.points * by), 1)
    return search.model_copy(
        update={
            "rounds": 0,
            "points": points,
            "sample": max(round(search.sample * by), points - 1, 1),
            "descent": max(round(search.descent * by**0.5), 1),
            "starts": min(search.starts, points),
            "polish": round(search.polish * by),
        }
    )


def _fewer(posterior: Posterior, unknowns: int, runs: int) -> Posterior:
    """Return a posterior of about as many runs: enough to see that it works, and never converged."""
    walkers = min(posterior.walkers, max(_WALKERS * unknowns, _TOGETHER))
    steps = min(posterior.steps, max(runs // walkers, _LEAST_STEPS))
    return posterior.model_copy(
        update={"walkers": walkers, "steps": steps, "draws": min(posterior.draws, max(walkers, 10))}
    )


def _colder(tempering: Tempering, runs: int) -> Tempering:
    """Return islands of about as many runs in all: enough to see that they work."""
    few = {"islands": 2, "moves": min(tempering.moves, 2), "last_moves": min(tempering.last_moves, 2)}
    particles = max(runs // (few["islands"] * few["moves"] * (_POWERS + 1)), _FEWEST)
    return tempering.model_copy(update={**few, "particles": min(tempering.particles, particles)})


def _of_posterior(calibration: Calibration) -> list[int]:
    """Return how many runs a posterior asks for at a time, by turns."""
    chain, islands = calibration.posterior, calibration.tempering
    if chain.method == "walkers":
        return [chain.walkers // 2] * (2 * chain.steps)
    moves = islands.islands * (_POWERS * islands.moves + islands.last_moves)
    return [islands.particles] * islands.islands + [islands.particles // 2] * (2 * moves)


def estimated_seconds(
    calibration: Calibration, prepared: Prepared, workers: int | None, posterior: bool, validation: bool
) -> float:
    """Return about how long a calibration takes on this machine, from a few runs that are timed now.

    Counted are the search, and where they are asked for the chain of the posterior and the second search of
    the validation; what comes after a fit is short beside them.
    """
    scenario, points, cube = prepared
    unknowns = len(cube.keys)
    calls = calibration.search.calls(unknowns, calibration.search.rounds, polish=True) * (1 + validation)
    if posterior:
        calls += _of_posterior(calibration)
    middle = cube.natural(np.full((_TIMED, unknowns), 0.5))
    with Evaluator(scenario, cube.keys, points.observations, 1) as evaluate:
        evaluate(middle[:1])  # what is compiled and cached by the first run is not timed
        one, many = (_seconds(evaluate, middle[:size]) for size in (1, _TIMED))
    each = max(many - one, 0.0) / (_TIMED - 1)
    processes = min(os.cpu_count() or 1, 8) if workers is None else workers

    def taken(runs: int) -> float:
        shared = processes if runs >= processes * SMALLEST else 1
        chunks = max(-(-runs // LARGEST), shared)
        return (chunks * one + runs * each) / shared

    return sum(taken(runs) for runs in calls)


def _seconds(evaluate: Evaluator, values: np.ndarray) -> float:
    begun = time.perf_counter()
    evaluate(values)
    return time.perf_counter() - begun
