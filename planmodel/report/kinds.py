"""The kinds of folders that a page can be written of.

To add one: write a function that takes folder and manifest and returns a
:class:`~planmodel.show.content.Page`, and add a :class:`Kind` to ``KINDS``. What pages have in common
(scenario, figures in a folder, provenance, reality checks) is in :mod:`planmodel.sections`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planmodel.calibration.page import calibration_page
from planmodel.engine import UserError
from planmodel.experiments.comparison_page import comparison_page
from planmodel.report.ensemble_page import ensemble_page
from planmodel.report.run_page import run_page
from planmodel.sensitivity.page import sensitivity_page
from planmodel.show.content import Page
from planmodel.storage import MANIFEST, UNVERIFIED, has_hashes, read_manifest, verified


@dataclass(frozen=True)
class Kind:
    """A kind of folder.

    Attributes
    ----------
    name
        What it is called.
    mark
        Key of its manifest that no other kind has.
    needs
        Keys of the manifest that the page is made of.
    build
        Makes the page of a folder and its manifest.
    """

    name: str
    mark: str
    needs: tuple[str, ...]
    build: Callable[[Path, Mapping[str, Any]], Page]


KINDS = (
    Kind("run", "audit", ("scenario", "members", "seed", "command", "packages", "git"), run_page),
    Kind("ensemble", "ensemble_sha256", ("identity", "keys", "members", "seed", "command"), ensemble_page),
    Kind("calibration", "calibration", ("configuration", "seed", "misfit_by_start"), calibration_page),
    Kind(
        "sensitivity analysis",
        "analysis",
        ("configuration", "scenario", "members", "command"),
        sensitivity_page,
    ),
    Kind("comparison", "scenarios", ("members", "command"), comparison_page),
)


def read_kind(folder: Path) -> tuple[Kind, dict[str, Any]]:
    """Return what kind of folder this is, and its manifest.

    Raises
    ------
    UserError
        If it is not a folder that planmodel wrote.
    """
    allowed = f"allowed: the folder of {', '.join(_with_article(kind.name) for kind in KINDS)}"
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise UserError(f"{folder}: {what}; {allowed}")
    place = _place(folder)
    file = place / MANIFEST
    try:
        manifest = read_manifest(place)
    except FileNotFoundError:
        raise UserError(f"{folder}: has no manifest.json; {allowed}") from None
    except UserError as error:
        raise UserError(f"{str(error).partition('; allowed')[0]}; {allowed}") from None
    verified(place, manifest)  # before anything else of it is read
    for kind in KINDS:
        if kind.mark in manifest:
            missing = [key for key in kind.needs if key not in manifest]
            if missing:
                raise UserError(f"{file}: '{missing[0]}' is missing; allowed: as planmodel wrote it")
            return kind, manifest
    raise UserError(f"{file}: is not one of planmodel; {allowed}")


def unverified(folder: Path) -> list[str]:
    """Return a note on a folder that has no hashes, and so cannot be told to be as it was written."""
    place = _place(folder)
    return [] if has_hashes(read_manifest(place)) else [f"{place}: {UNVERIFIED}"]


def _place(folder: Path) -> Path:
    """Return where the manifest is: an analysis keeps its ensembles beside its results."""
    results = folder / "results"
    inside = not (folder / MANIFEST).exists() and (results / MANIFEST).exists()
    return results if inside else folder


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
