"""What commands read: the run that a folder holds, or a scenario that is run now."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    import xarray as xr

    from planmodel.scenario.economy import Economy

RESULTS = "results.nc"


def economy_of_run(source: str) -> Economy:
    """Return the economy of a scenario, or of the run that a folder holds."""
    from planmodel.scenario import registry
    from planmodel.scenario.load import economy_of

    if (Path(source) / RESULTS).is_file():  # without a scenario the file is the user's own
        file = Path(source) / "scenario.toml"
        return economy_of(file) if file.is_file() else registry.economy()
    return registry.economy() if _is_no_run(source) else economy_of(source)


def dataset_of_run(source: str, said: str, wanted: Collection[str] | None = None) -> xr.Dataset:
    """Read the results of a run, or run a scenario.

    Parameters
    ----------
    source
        Folder or scenario.
    said
        How the user said it, for messages.
    wanted
        What is to be recorded where a scenario is run; everything if None.

    Raises
    ------
    UserError
        If the folder holds no run, or one that cannot be read.
    """
    from planmodel.engine.errors import UserError
    from planmodel.netcdf import read_netcdf
    from planmodel.runs.history import run
    from planmodel.scenario import load_scenario

    file = Path(source) / RESULTS
    if file.is_file():
        _verify(Path(source))
        try:
            return read_netcdf(file)
        except Exception as error:  # of a damaged file that has no hash, a library raises anything
            raise UserError(f"{said}/{RESULTS}: cannot be read: {error}") from None
    if _is_no_run(source):
        raise UserError(f"{said}: no {RESULTS} in it; allowed: the folder of a run, or a scenario")
    return run(load_scenario(source), wanted=wanted)


def _is_no_run(source: str) -> bool:
    """Tell whether a source is a folder that holds neither a run nor an economy."""
    from planmodel.scenario.finding import economy_files, scenario_files
    from planmodel.scenario.folder import FILE

    ready = source in (scenario_files() | economy_files())
    return Path(source).is_dir() and not ready and not (Path(source) / FILE).is_file()


def _verify(folder: Path) -> None:
    """Refuse results that are not as they were written; say so where that cannot be told."""
    from planmodel.storage import MANIFEST, read_manifest, verified

    if (folder / MANIFEST).is_file():  # else the file is the user's own
        for note in verified(folder, read_manifest(folder), RESULTS):
            typer.echo(f"note: {note}", err=True)
