"""Figures that come to the folder of a run when its numbers stand: drawn by another process.

They take longer than all the rest. The folder is whole without them, and stays so until all are drawn; then
it is put anew in one step, with the figures and their hashes.
"""

from __future__ import annotations

import os
import shutil
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from planmodel.engine import PlanmodelError, UserError
from planmodel.netcdf import read_netcdf
from planmodel.runs.workers import ProcessExecutor
from planmodel.scenario import Scenario
from planmodel.storage import PAGE, Reserved, WriteError, is_page, read_manifest, verified, write_whole

FIGURES = "figures"


def add_figures(scenario: Scenario, reserved: Reserved) -> list[Path]:
    """Draw the figures of a run in another process, and add them to its folder.

    Parameters
    ----------
    scenario
        Of the run.
    reserved
        The folder that ``planmodel run`` wrote and still holds.

    Returns
    -------
    list of Path
        The figures.

    Raises
    ------
    PlanmodelError
        If they could not be drawn (:class:`UserError` where the economy's ``figures.toml`` is wrong, or the
        folder cannot be written): the folder is as it was before.
    """
    try:
        return _added(scenario, reserved)
    except PlanmodelError as error:
        kind = UserError if isinstance(error, UserError | WriteError) else PlanmodelError
        raise kind(f"{error}; the figures are missing, all else is in {reserved.folder}/") from None


def _added(scenario: Scenario, reserved: Reserved) -> list[Path]:
    folder = reserved.target
    manifest = read_manifest(folder)
    verified(folder, manifest)  # for all hashes are taken anew
    pages: list[bytes] = []

    def write(into: Path) -> None:
        _draw_elsewhere(scenario, folder, into / FIGURES)
        for name in manifest["files"]:
            _take_over(folder / name, into / name)
        if is_page(folder / PAGE):  # written meanwhile
            pages.append((folder / PAGE).read_bytes())

    about = {key: value for key, value in manifest.items() if key not in ("made_by", "files", "seal")}
    replace(reserved, force=True).fill(about, write)
    for page in pages:
        write_whole(folder / PAGE, page)
    return sorted((folder / FIGURES).glob("*.png"))


def _draw_elsewhere(scenario: Scenario, folder: Path, into: Path) -> None:
    with ProcessExecutor(1) as executor:  # stopped at once when this process is
        try:
            executor.submit(_draw, scenario, folder.absolute(), into.absolute()).result()
        except BrokenProcessPool:
            raise PlanmodelError("the process that draws was ended") from None
        except (PlanmodelError, OSError):
            raise
        except Exception as error:
            raise PlanmodelError(f"cannot be drawn: {type(error).__name__}: {error}") from error


def _draw(scenario: Scenario, folder: Path, into: Path) -> None:
    """Draw the figures from the file of results; in the other process."""
    from planmodel.report.figures import draw_figures
    from planmodel.report.regional_figures import draw_regions

    dataset = read_netcdf(folder / "results.nc")
    draw_figures(dataset, scenario, into)
    draw_regions(dataset, scenario, into)


def _take_over(there: Path, here: Path) -> None:
    """Have a file in a second place, without a second copy where that is possible."""
    here.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(there, here)
    except OSError:
        shutil.copy2(there, here)
