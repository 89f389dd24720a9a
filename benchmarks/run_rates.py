"""How fast the model runs, as ratios within one run of this program (machines are shared and noisy).

Rates are of processor time, so that other users of the machine disturb them less; only two processes against
one are timed by the clock on the wall. ``--quick`` leaves out the largest ensembles.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import os
import platform
import pstats
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from unittest import mock

import numpy as np
import simpy

from planmodel.engine import workspace
from planmodel.runs.history import run_fully

CHUNK = 4_000
WANTED = ("grain_harvest", "collectivised_share", "cattle", "deaths", "population")
FRESH = multiprocessing.get_context("forkserver")  # a spawned process would inherit our peak memory


def house(members: int) -> None:
    run_fully("baseline", members, wanted=WANTED)


def one_by_one(members: int) -> None:
    """Run the same equations by calls, as the reference does."""
    with mock.patch.object(workspace, "program", lambda space, acting: space.one_by_one(acting)):
        house(members)


def seconds(work: Callable[[int], None], members: int, repeats: int = 3) -> float:
    """Return processor time, the least of some repeats: what is above it is the machine's."""
    taken = []
    for _ in range(repeats):
        started = time.process_time()
        work(members)
        taken.append(time.process_time() - started)
    return min(taken)


def chunk_against_one() -> None:
    print(f"\nOne chunk against one member at a time\n{'members':>10} {'ms a member':>12} {'members/s':>10}")
    cost = {size: seconds(house, size) / size for size in (1, 100, 1_000, CHUNK)}
    for size, each in cost.items():
        print(f"{size:>10,} {1000 * each:>12.3f} {1 / each:>10,.0f}")
    print(f"a chunk of {CHUNK:,} is {cost[1] / cost[CHUNK]:,.0f} times as fast as one at a time (hold: 100)")


def text_against_calls() -> None:
    print("\nThe equations of a phase as one text, against one call each (the bits are the same)")
    for size in (1, 1_000, CHUNK):
        # By turns, so that both meet the same machine.
        pairs = [(seconds(house, size, 1), seconds(one_by_one, size, 1)) for _ in range(3)]
        text, calls = (min(column) for column in zip(*pairs, strict=True))
        print(f"{size:>10,} members: {text:.2f} s over {calls:.2f} s = {text / calls:.2f}")


def where_the_time_goes() -> None:
    """Share of self time by part of the code; NumPy's work counts for the line that calls it."""
    profile = cProfile.Profile()
    profile.runcall(house, CHUNK)
    spent: Counter[str] = Counter()
    for (file, _, function), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file == "~":  # built into C: counts for who called it
            for (caller, _, _), (_, _, part, _) in callers.items():
                spent[_part(caller, function)] += part
        else:
            spent[_part(file, function)] += own
    everything = sum(spent.values())
    print(f"\nWhere a chunk of {CHUNK:,} spends its time (profiler)")
    for part, own in spent.most_common(12):
        print(f"{100 * own / everything:>9.0f} %  {part}")


def _part(file: str, function: str) -> str:
    path = Path(file)
    if "planmodel" in path.parts:
        inner = path.parts[len(path.parts) - path.parts[::-1].index("planmodel") :]
        return "/".join(inner) if inner[0] in ("engine", "economies") else inner[0]
    for package in ("simpy", "numpy", "xarray", "pandas"):
        if package in path.parts:
            return package
    return "the rest"


def _timed_chunk(members: int) -> None:
    house(members)


def two_processes() -> None:
    with ProcessPoolExecutor(2, mp_context=FRESH) as pool:
        list(pool.map(_timed_chunk, (100, 100)))  # both are up
        taken: dict[int, float] = {}
        for workers in (1, 2, 1, 2):
            started = time.perf_counter()
            if workers == 1:
                for _ in range(2):
                    pool.submit(_timed_chunk, CHUNK).result()
            else:
                list(pool.map(_timed_chunk, (CHUNK, CHUNK)))
            took = time.perf_counter() - started
            taken[workers] = min(took, taken.get(workers, took))
    busy = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"\nTwo processes are {taken[1] / taken[2]:.2f} times as fast as one (hold: 1.7; {busy})")


def _ensemble(members: int) -> tuple[float, float]:
    """Run an ensemble in chunks; return processor time in seconds and peak memory in MB."""
    house(1)
    started = time.process_time()
    for first in range(0, members, CHUNK):
        run_fully("baseline", range(first, min(first + CHUNK, members)), wanted=WANTED)
    spent = time.process_time() - started
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def cost_by_size(sizes: tuple[int, ...]) -> None:
    print(f"\nEnsembles in chunks of {CHUNK:,}, one process")
    print(f"{'members':>10} {'ms a member':>12} {'peak MB':>8}")
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=FRESH) as pool:
            spent, peak = pool.submit(_ensemble, size).result()
        print(f"{size:>10,} {1000 * spent / size:>12.3f} {peak:>8.0f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ensembles up to 20,000 members only")
    quick = parser.parse_args().quick
    print(
        f"{platform.machine()}, {os.cpu_count()} processors; Python {platform.python_version()}, "
        f"NumPy {np.__version__}, SimPy {simpy.__version__}"
    )
    house(1)  # imports and caches
    chunk_against_one()
    text_against_calls()
    where_the_time_goes()
    two_processes()
    cost_by_size((1_000, CHUNK, 20_000) if quick else (1_000, CHUNK, 20_000, 200_000))


if __name__ == "__main__":
    main()
