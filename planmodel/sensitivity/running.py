"""Running the members of an analysis into ensemble folders, and reading what was measured."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from planmodel.engine import Array, PlanmodelError
from planmodel.runs import Ensemble, Members, Plan, Progress, Sweep, read_reduced, run_ensemble
from planmodel.runs.identity import make_manifest
from planmodel.runs.store import Store
from planmodel.sensitivity.load import Prepared
from planmodel.sensitivity.measuring import KEPT

Notice = Callable[[str, Progress], None]


def ensemble_folder(folder: Path, run: str) -> Path:
    """Return the folder of the ensemble of one run."""
    return folder / "ensembles" / run


def run_members(
    prepared: Prepared,
    folder: Path,
    workers: int = 1,
    progress: Notice | None = None,
) -> tuple[dict[str, Array], list[Sweep]]:
    """Run what the ensemble folders do not have yet.

    Parameters
    ----------
    prepared
        The analysis.
    folder
        Of the analysis; each run has its ensemble in ``ensembles/``.
    workers
        Processes.
    progress
        Called with the name of the run when a chunk is done.

    Returns
    -------
    dict, list
        What was measured by run, shape ``(members, claims)``, NaN for members whose run failed; and what
        running came to.

    Raises
    ------
    UserError
        If a folder holds another analysis, is in use or cannot be written.
    PlanmodelError
        If all members of a run failed.
    """
    kept, sweeps = {}, []
    for run, members in prepared.members.items():
        plan = Plan(_configuration(prepared, run, members), members, prepared.reader.measures(run))

        def notice(state: Progress, name: str = run) -> None:
            if progress is not None:
                progress(name, state)

        place = ensemble_folder(folder, run)
        sweep = run_ensemble(plan, place, workers=workers, progress=notice)
        if sweep.failed == len(members):
            raise PlanmodelError(f"all {sweep.failed} members failed: {sweep.failures[0].error}; see {place}")
        sweeps.append(sweep)
        kept[run] = _read(place, len(members))
    return kept, sweeps


def _configuration(prepared: Prepared, run: str, members: Members) -> Ensemble:
    analysis = prepared.analysis
    return Ensemble(
        title=f"{analysis.title or analysis.name} ({run})",
        scenario=analysis.scenario,
        seed=analysis.seed,
        members=len(members),
        design="table",
        file=prepared.path.name,
        shocks=analysis.shocks,
    )


def _read(place: Path, members: int) -> Array:
    numbers, rows = read_reduced(place, KEPT)
    found = np.full((members, rows.shape[1]), np.nan)
    found[numbers] = rows
    return found


def begin_anew(prepared: Prepared, folder: Path, force: bool) -> None:
    """With --force, delete the ensembles of a folder that belong to another analysis, and nothing else.

    Raises
    ------
    UserError
        If a folder where an ensemble will stand holds what planmodel did not write, or is in use.
    """
    for run, members in prepared.members.items():
        place = ensemble_folder(folder, run)
        plan = Plan(_configuration(prepared, run, members), members, prepared.reader.measures(run))
        store = Store(place, make_manifest(plan, [])["ensemble_sha256"])
        held = store.manifest()
        if force and held is not None and held["ensemble_sha256"] != store.sha256:
            store.remove()
