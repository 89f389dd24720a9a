"""What is asked of planmodel, of this code or of an earlier one: whichever is first on the path of Python."""

from __future__ import annotations

import cProfile
import time
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
from answering import answer
from parts import seconds_by_part

from planmodel.scenario import load_scenario


def _history() -> Any:
    """Return the class that a scenario and members make, by its name in this code."""
    try:
        return import_module("planmodel.runs.history").History
    except ImportError:  # before the economies were folders
        return import_module("planmodel.economy").Economy


History = _history()
RING = Path(__file__).parent / "ring" / "baseline.toml"
WANTED = ("grain_harvest", "collectivised_share", "cattle", "deaths", "population")
loaded = cache(load_scenario)


def members(number: int) -> float:
    """Build and run a chunk of members of the baseline, its scenario read before; return the last harvest."""
    done = History(loaded("baseline"), range(number), 1, wanted=WANTED).run()
    return float(done.dataset["grain_harvest"].values[-1, -1])


def ring(members: int = 1) -> float:
    """Run the ring of ``benchmarks/ring``; return what the last stock of the last member holds at the end."""
    done = History(loaded(RING), range(members), 1, wanted=("goods_place_20",)).run()
    return float(done.dataset["goods_place_20"].values[-1, -1])


def profiled(number: int) -> dict[str, float]:
    """Return seconds by part of the code of a chunk, as the profiler of Python sees them."""
    members(1)  # what is made once in a process
    starting, running = cProfile.Profile(), cProfile.Profile()
    history = starting.runcall(History, loaded("baseline"), range(number), 1, wanted=WANTED)
    running.runcall(history.run)
    spent = seconds_by_part(running)
    spent["start of a chunk"] = sum(seconds_by_part(starting).values())
    return spent


def calibration(sample: int, points: int, walkers: int, steps: int) -> dict[str, float]:
    """Return evaluations a second of processor time of the search and the posterior of `calibrate archival`.

    Both of a small size, in one process.
    """
    from planmodel.calibration.evaluate import Evaluator
    from planmodel.calibration.load import load_calibration
    from planmodel.calibration.posterior import sample as draw
    from planmodel.calibration.posterior import with_estimated_discrepancy
    from planmodel.calibration.problem import Problem, prepare
    from planmodel.calibration.schema_of_method import Posterior
    from planmodel.calibration.search import search

    chosen = load_calibration("archival")
    scenario, asked, cube = prepare(chosen)
    sizes = {"sample": sample, "points": points, "descent": 1, "rounds": 0, "starts": 1, "polish": 0}
    options = chosen.search.model_copy(update=sizes)
    rates = {}
    with Evaluator(scenario, cube.keys, asked.observations, workers=1) as evaluate:
        problem = Problem(asked, cube, evaluate, options.loss, options.loss_scale)
        started = time.process_time()
        fit = search(problem, np.full(len(cube.keys), 0.5), options, 1)
        rates["search"] = evaluate.runs / (time.process_time() - started)
        missed = problem.of_points(fit.residuals[0])
        likelihood = with_estimated_discrepancy(problem, missed, chosen.errors.persistence)
        drawing = Posterior(walkers=walkers, steps=steps, burn=0.0, draws=10)
        before, started = evaluate.runs, time.process_time()
        draw(likelihood, fit.best, drawing, options.step, 1)
        rates["posterior"] = (evaluate.runs - before) / (time.process_time() - started)
    return rates


def within(number: int) -> dict[str, float]:
    """Return seconds within compiled code by what it does, and ``all``; in a process of its own."""
    return _within()(number)


@cache
def _within() -> Any:
    from machine import timed_kernels

    return timed_kernels(members)


def version() -> str:
    """Return the version of the package."""
    return metadata.version("planmodel")


if __name__ == "__main__":
    answer(
        {
            "members": members,
            "profiled": profiled,
            "within": within,
            "calibration": calibration,
            "one": ring,
            "many": ring,
            "version": version,
        }
    )
