"""Verifying a replication package: it is as it was written, and running it again gives the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from planmodel import documented
from planmodel.engine import UserError
from planmodel.experiments.reproduce import Done, reproduce
from planmodel.provenance import code_sha256, machine, package_versions_here
from planmodel.replication.code import environment
from planmodel.replication.configuration import load_from
from planmodel.replication.outputs import PICTURES, RESULTS, outputs, read_hashes
from planmodel.replication.package import WRITER
from planmodel.scenario.names import hint
from planmodel.storage import made_by, read_manifest
from planmodel.storage.manifest import damaged

_DRAWING = ("matplotlib", "numpy", "pandas", "pillow")


@dataclass(frozen=True)
class Compared:
    """An experiment that was run again, beside what a package holds of it.

    Attributes
    ----------
    name
        Of the experiment.
    same, left
        Files whose bytes are the same, and pictures that were not compared.
    different
        Names of files that differ, and how.
    same_inputs
        Whether all that decides the results has the hash that the package says: configuration, draws, record,
        code and the packages that draw.
    """

    name: str
    same: tuple[str, ...]
    left: tuple[str, ...]
    different: Mapping[str, str]
    same_inputs: bool


def read_archive(folder: Path) -> dict[str, Any]:
    """Return the manifest of a package.

    Raises
    ------
    UserError
        If the folder is none.
    """
    allowed = f"allowed: a folder that '{WRITER}' wrote"
    try:
        manifest = read_manifest(folder)
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"--verify {folder}: is no replication package; {allowed}") from None
    if made_by(manifest) != WRITER:
        raise UserError(f"--verify {folder}: holds a result of '{made_by(manifest)}'; {allowed}")
    return manifest


def not_as_written(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return what of a package is not as it was written, a line a file: nothing of it should then be run."""
    wrong = damaged(folder, manifest) or {}
    return [f"{folder / name}: {said}" for name, said in wrong.items()]


def chosen_from(manifest: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    """Return the experiments of a package that are asked for: all, unless some are named.

    Raises
    ------
    UserError
        If it does not hold one.
    """
    held = manifest["experiments"]
    for name in names:
        if name not in held:
            raise UserError(
                f"--verify: the package has no experiment '{name}'{hint(name, held)}; "
                f"allowed: {', '.join(held)}"
            )
    return list(dict.fromkeys(names)) or list(held)


def otherwise_here(manifest: Mapping[str, Any]) -> list[str]:
    """Return in what this installation and machine differ from those that made a package, a line each."""
    versions = package_versions_here()
    found = [
        f"{name} {versions.get(name, 'is missing')} here, {said} there"
        for name, said in manifest["packages"].items()
        if versions.get(name) != said
    ]
    for what, here in (("code", code_sha256()), ("record", documented.sha256())):
        if manifest[f"{what}_sha256"] != here:
            found.append(f"the {what} here is not that of the package")
    there = manifest["machine"]
    found += [
        f"{name}: {here} here, {there.get(name, 'unknown')} there"
        for name, here in machine().items()
        if name in ("processor", "architecture", "c_library") and here != there.get(name)
    ]
    return found


def draws_alike(manifest: Mapping[str, Any]) -> bool:
    """Tell whether pictures are drawn here by the versions, and on the kind of machine, of a package."""
    versions, there = environment(), manifest["environment"]
    same = all(versions.get(name) == there.get(name) for name in _DRAWING)
    return same and machine()["architecture"] == manifest["machine"].get("architecture")


def verify(
    folder: Path,
    manifest: Mapping[str, Any],
    names: Sequence[str],
    out: Path,
    *,
    workers: int = 1,
    progress: Callable[[Compared], None] | None = None,
) -> list[Compared]:
    """Run experiments of a package again, and compare their results with its hashes.

    Parameters
    ----------
    folder, manifest
        The package, and what :func:`read_archive` returned for it.
    names
        Of experiments; see :func:`chosen_from`.
    out
        Where the new results are written; earlier ones are made anew.
    workers
        Processes.
    progress
        Called when an experiment is compared.

    Raises
    ------
    UserError
        If an experiment cannot be read, or ``out`` cannot be written.
    """
    hashes, alike = read_hashes(folder), draws_alike(manifest)
    experiments = [load_from(folder, name, manifest["experiments"][name]["text"]) for name in names]
    found = []

    def compare(done: Done) -> None:
        name = done.experiment.name
        mark = manifest["experiments"][name]["fingerprint"]
        same_inputs = read_manifest(out / name)["fingerprint"] == mark
        found.append(_compared(folder, name, out, hashes, alike, same_inputs))
        if progress is not None:
            progress(found[-1])

    reproduce(
        experiments,
        out,
        workers=workers,
        force=True,
        number=manifest["number"],
        scenario=manifest["scenario"],
        progress=compare,
    )
    return found


def _compared(
    folder: Path, name: str, out: Path, hashes: Mapping[str, str], alike: bool, same_inputs: bool
) -> Compared:
    """Compare the files of an experiment, file by file."""
    here, start = outputs(out / name), f"{RESULTS}/{name}/"
    there = {path.removeprefix(start): digest for path, digest in hashes.items() if path.startswith(start)}
    left = [] if alike else [file for file in there if file.endswith(PICTURES)]
    different = dict.fromkeys(there.keys() - here.keys(), "is not made")
    different |= dict.fromkeys(here.keys() - there.keys(), "is not in the package")
    same = []
    for file in here.keys() & there.keys() - set(left):
        if hashlib.sha256(here[file]).hexdigest() == there[file]:
            same.append(file)
        else:
            different[file] = _difference(folder / start / file, here[file])
    return Compared(name, tuple(sorted(same)), tuple(left), dict(sorted(different.items())), same_inputs)


def _difference(file: Path, here: bytes) -> str:
    """Say where a file differs: of a text, how many lines, and the first of them."""
    if file.suffix in PICTURES:
        return "other bytes"
    lines = list(_other_lines(file.read_bytes(), here))
    number, old, new = lines[0] if lines else (0, "", "")
    return f"{len(lines)} lines differ; line {number}: '{old}' in the package, '{new}' here"


def _other_lines(there: bytes, here: bytes) -> Iterator[tuple[int, str, str]]:
    pairs = zip_longest(there.decode().splitlines(), here.decode().splitlines(), fillvalue="")
    for number, (old, new) in enumerate(pairs, start=1):
        if old != new:
            yield number, old, new
