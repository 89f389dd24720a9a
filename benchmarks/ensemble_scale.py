"""What an ensemble costs besides the model: planning, sending, storing, resuming, opening, at any size.

    python benchmarks/ensemble_scale.py --members 1000000 --out out/scale [--design lhs] [--workers 2]

The members are not run: each chunk is filled with ten annual series of noise. Rates are of processor time;
peaks of memory are of the parent and of the largest worker.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from planmodel.engine.limits import MARKS
from planmodel.runs import Plan, load_ensemble, open_ensemble, run_ensemble
from planmodel.runs.task import Task

VARIABLES, YEARS = 10, pd.date_range("1928-12-31", "1940-12-31", freq="YE")
KEYS = {
    "parameters.cropping.harvest_1928": "around = 0.05",
    "parameters.cropping.draught_elasticity": "around = 0.1",
    "parameters.nutrition.famine_severity": "around = 0.1",
    "parameters.procurement.ceiling_kolkhoz": "around = 0.1",
    "parameters.livestock.cattle_slaughter": "around = 0.1",
    "parameters.plan.push": "around = 0.1",
    "parameters.plan.inflation": "around = 0.1",
    "parameters.plan.overcommitment": "around = 0.05",
    "parameters.accumulation.gestation_time": "around = 0.1",
    "parameters.migration.gap_outflow": "around = 0.1",
}


def stub(_: Task, part: Any) -> xr.Dataset:
    """Stand in for the model: noise that depends on the member alone."""
    noise = np.random.default_rng(0).standard_normal(YEARS.size)
    values = part.members[:, np.newaxis] + noise
    variables = {f"series_{i}": (("member", "time"), values + i, {"units": "1"}) for i in range(VARIABLES)}
    marks = ("member", np.zeros(len(part), dtype=np.int64), {"judged": "a", "flag_meanings": "a"})
    return xr.Dataset(variables, {"member": part.members, "time": YEARS, MARKS: marks})


def put_stub() -> None:
    """Take the place of the model, in this process."""
    Task.run = stub  # type: ignore[assignment, method-assign]


def configured(folder: Path, members: int, design: str) -> Path:
    """Write the configuration and return its file."""
    lines = [f'design = "{design}"', f"members = {members}", "seed = 1", "[vary]"]
    lines += [f'"{key}" = {{ {how} }}' for key, how in KEYS.items()]
    lines += ["[keep]", 'variables = ["cattle"]']
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "scale.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def peak() -> int:
    """Return the peak of memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def of_worker() -> tuple[int, float, int]:
    """Return the number of the process, its processor time and its peak of memory."""
    time.sleep(0.2)  # so that others are asked too
    return os.getpid(), time.process_time(), peak()


def timed(what: str, members: int, work: Callable[[], Any]) -> Any:
    """Do something and print what it took."""
    before, begun = time.process_time(), time.perf_counter()
    result = work()
    used, passed = time.process_time() - before, time.perf_counter() - begun
    print(
        f"{what:<24} {used:8.2f} s of processor, {1e6 * used / members:7.2f} us a member, in {passed:.1f} s; "
        f"peak {peak()} MB",
        flush=True,
    )
    return result


def run(plan: Plan, folder: Path, workers: int, chunk: int | None) -> None:
    """Run what the folder lacks, with the stub."""
    if workers == 1:
        run_ensemble(plan, folder, chunk=chunk)
        return
    context = multiprocessing.get_context("forkserver")
    with ProcessPoolExecutor(workers, context, put_stub) as executor:
        run_ensemble(plan, folder, executor=executor, chunk=chunk)
        asked = [executor.submit(of_worker) for _ in range(4 * workers)]
        for pid, used, memory in sorted({found.result()[0]: found.result() for found in asked}.values()):
            print(f"  worker {pid}: {used:.2f} s of processor, imports included; peak {memory} MB")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--design", default="lhs", choices=("lhs", "sobol", "random"))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--chunk", type=int)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--keep", action="store_true", help="go on with what the folder holds")
    asked = parser.parse_args()
    put_stub()
    folder, members = asked.out / "ensemble", asked.members
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    file = configured(asked.out, members, asked.design)
    print(f"{members} members, {asked.design}; peak after imports {peak()} MB")
    plan = timed("plan", members, lambda: load_ensemble(file))
    timed("run", members, lambda: run(plan, folder, asked.workers, asked.chunk))
    timed("resume, nothing missing", members, lambda: run(plan, folder, 1, asked.chunk))
    dataset = timed("open", members, lambda: open_ensemble(folder))
    timed("mean of a series", members, lambda: float(dataset["series_0"].mean().compute()))
    timed("median of a key", members, lambda: float(np.median(dataset[next(iter(KEYS))].values)))
    print(f"{len(list((folder / 'chunks').iterdir()))} chunks")


if __name__ == "__main__":
    main()
