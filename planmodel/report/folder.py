"""The folder of a run: results, events, resolved scenario, manifest and comparison; figures come later."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from planmodel.netcdf import netcdf_bytes
from planmodel.plausibility import count_marks
from planmodel.provenance import provenance, result_attributes
from planmodel.report.series_files import rows_said, write_series
from planmodel.runs.history import Run
from planmodel.runs.resolve import told
from planmodel.states import FILE, state_bytes
from planmodel.storage import Reserved

if TYPE_CHECKING:
    import pandas as pd

WRITER = "planmodel run"
PLAIN = 20_000_000  # bytes up to which results are written without compression, as NetCDF 3


def manifest(run: Run, seed: int) -> dict[str, Any]:
    """Return everything that is needed to tell how a result came about, and to make it again."""
    return {
        "scenario": run.scenario.name,
        "scenario_sha256": run.scenario.digest(),
        "seed": seed,
        "members": run.dataset.sizes["member"],
        **({} if run.gone_on is None else {"gone_on_from": asdict(run.gone_on)}),
        "notes": list(run.notes),
        "plausibility": count_marks(run.dataset),
        "series_files": rows_said(run.dataset),
        "origins": {} if run.laid is None else {run.scenario.name: told(run.laid)},
        **provenance(run.scenario.declared, data=run.scenario.data_hashes),
        "audit": {"worst_residual_over_turnover": run.worst_residual, "tolerance": 1e-9},
    }


def write_folder(run: Run, reserved: Reserved, seed: int, met: pd.DataFrame) -> None:
    """Write the folder of a run, without figures: see :func:`planmodel.report.drawn.add_figures`.

    Parameters
    ----------
    run, seed
        What to write.
    reserved
        Where to: see :func:`planmodel.storage.reserve`.
    met
        Its comparison with the record: see :func:`planmodel.report.comparison.compare`.

    Raises
    ------
    UserError
        If the folder cannot be written, or holds what is not a run to be replaced.
    """
    reserved.fill(manifest(run, seed), lambda partial: _write_into(partial, run, seed, met))


def _write_into(folder: Path, run: Run, seed: int, met: pd.DataFrame) -> None:
    dataset = run.dataset.assign_attrs(result_attributes(run.scenario, seed, run.notes))
    plain = dataset.nbytes < PLAIN
    (folder / "results.nc").write_bytes(netcdf_bytes(dataset, plain, compressed=not plain))
    write_series(dataset, run.scenario, folder)
    run.events.table().to_csv(folder / "events.csv", index=False)
    met.drop(columns="start").to_csv(folder / "comparison.csv", index=False)
    resolved = run.scenario.model_dump(mode="python", exclude_none=True)
    (folder / "scenario.toml").write_text(tomli_w.dumps(resolved), encoding="utf-8")
    if run.state is not None:
        (folder / FILE).write_bytes(state_bytes(run.state))
