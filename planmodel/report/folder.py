"""The folder of a run: results, events, resolved scenario, manifest, comparison and figures.

Everything is written into a folder beside the final one, which is renamed at the end: what stands under the
name that the user gave is whole. An earlier result is put aside, and deleted only when the new one stands.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import tomli_w

from planmodel import documented
from planmodel.economy import Run
from planmodel.kernel import UserError
from planmodel.netcdf import netcdf_bytes
from planmodel.plausibility import count_marks
from planmodel.provenance import code_sha256, git_state, machine, result_attributes
from planmodel.report.comparison import compare
from planmodel.report.figures import draw_figures
from planmodel.report.series_files import rows_said, write_series
from planmodel.scenario.resolve import told

_PACKAGES = ("planmodel", "simpy", "numpy", "scipy", "pandas", "xarray", "h5netcdf", "pydantic", "matplotlib")
PAGE = "report.html"  # what `planmodel report` adds to a folder
PLAIN = 20_000_000  # bytes up to which results are written without compression, as NetCDF 3


def check_target(folder: Path, force: bool) -> None:
    """Refuse a folder that cannot be written, or that holds something.

    Raises
    ------
    UserError
        Naming the folder and what is allowed.
    """
    try:
        if not folder.is_dir() and folder.exists():
            raise UserError(f"--out {folder}: is a file; allowed: a folder that does not exist yet")
        if folder.is_dir() and any(folder.iterdir()):
            if not force:
                raise UserError(f"--out {folder}: exists; allowed: another folder, or --force to replace it")
            _check_ours(folder)
        parent = folder.absolute().parent
        while not parent.exists():
            parent = parent.parent
        # Permissions do not tell whether a disk is read-only or a pseudo file system: try.
        with tempfile.TemporaryDirectory(prefix=".planmodel-", dir=parent):
            pass
    except OSError as error:
        raise UserError(f"--out {folder}: cannot be written: {error.strerror or error}") from None


def _check_ours(folder: Path) -> None:
    """Refuse to replace a folder that planmodel did not write, or in which something was put since."""
    try:
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
        ours = {str(name) for name in files} | {"manifest.json"}
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(
            f"--out {folder}: exists and is not a result of planmodel; --force will not replace it"
        ) from None
    if is_page(folder / PAGE):
        ours.add(PAGE)
    found = {str(file.relative_to(folder)) for file in folder.rglob("*") if not file.is_dir()}
    if found - ours:
        raise UserError(
            f"--out {folder}: holds '{min(found - ours)}', which planmodel did not write; "
            f"--force will not replace it"
        )


def is_page(file: Path) -> bool:
    """Tell whether a file is a page that ``planmodel report`` wrote."""
    try:
        with file.open("rb") as opened:
            return b'<meta name="generator" content="planmodel ' in opened.read(400)
    except OSError:
        return False


def provenance() -> dict[str, Any]:
    """Return which code, record, packages and machine are at work, and the command that was given."""
    return {
        "record_sha256": documented.sha256(),
        "command": ["planmodel", *sys.argv[1:]],
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "git": git_state(),
        "code_sha256": code_sha256(),
        "python": platform.python_version(),
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "machine": machine(),
    }


def manifest(run: Run, seed: int) -> dict[str, Any]:
    """Return everything that is needed to tell how a result came about, and to make it again."""
    return {
        "scenario": run.scenario.name,
        "scenario_sha256": run.scenario.digest(),
        "seed": seed,
        "members": run.dataset.sizes["member"],
        "notes": list(run.notes),
        "plausibility": count_marks(run.dataset),
        "series_files": rows_said(run.dataset),
        "origins": {} if run.laid is None else {run.scenario.name: told(run.laid)},
        **provenance(),
        "audit": {"worst_residual_over_turnover": run.worst_residual, "tolerance": 1e-9},
    }


def write_folder(run: Run, folder: Path, seed: int, force: bool = False) -> list[Path]:
    """Write the folder of a run; return the figures.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    fill_folder(folder, force, manifest(run, seed), lambda partial: _write_into(partial, run, seed))
    return sorted((folder / "figures").glob("*.png"))


def fill_folder(folder: Path, force: bool, about: dict[str, Any], write: Callable[[Path], None]) -> None:
    """Have a folder written as a whole, with its manifest, or not at all.

    Parameters
    ----------
    folder, force
        Where to, and whether what stands there and is ours is replaced.
    about
        What the manifest says; the names of the files are added.
    write
        Writes all other files into a folder that it is given.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    check_target(folder, force)

    def write_all(partial: Path) -> None:
        write(partial)
        files = sorted(str(f.relative_to(partial)) for f in partial.rglob("*") if f.is_file())
        text = json.dumps({**about, "files": files}, indent=2) + "\n"
        (partial / "manifest.json").write_text(text, encoding="utf-8")

    replace_folder(folder, write_all)


def replace_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Have a folder written beside its place and then put there: whole, or what stood there before stays.

    Raises
    ------
    UserError
        If the folder cannot be written.
    """
    target = Path(os.path.realpath(folder))  # a name and a parent also for `.`, `..` and links
    partial = target.with_name(f".{target.name}.partial-{os.getpid()}")
    old = target.with_name(f".{target.name}.old-{os.getpid()}")
    made = [parent for parent in target.parents if not parent.exists()]
    try:
        partial.mkdir(parents=True)
        write(partial)
        if target.exists():
            target.rename(old)
        partial.rename(target)
    except OSError as error:
        raise UserError(f"--out {folder}: cannot be written: {error.strerror or error}") from None
    finally:  # also after Ctrl-C: either the new result stands, or what was there before
        if old.exists() and not target.exists():
            old.rename(target)
        for rest in (partial, old):
            shutil.rmtree(rest, ignore_errors=True)
        if not target.exists():
            for parent in made:
                with contextlib.suppress(OSError):
                    parent.rmdir()


def _write_into(folder: Path, run: Run, seed: int) -> None:
    dataset = run.dataset.assign_attrs(result_attributes(run.scenario, seed, run.notes))
    plain = dataset.nbytes < PLAIN
    (folder / "results.nc").write_bytes(netcdf_bytes(dataset, plain, compressed=not plain))
    write_series(dataset, run.scenario.period, folder)
    run.events.table().to_csv(folder / "events.csv", index=False)
    compare(run.dataset, run.scenario).drop(columns="start").to_csv(folder / "comparison.csv", index=False)
    resolved = run.scenario.model_dump(mode="python", exclude_none=True)
    (folder / "scenario.toml").write_text(tomli_w.dumps(resolved), encoding="utf-8")
    draw_figures(run.dataset, run.scenario, folder / "figures")
