"""What a folder says of itself: which command made it, the hash of every file, and its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from planmodel.engine import UserError
from planmodel.storage.files import is_temporary, reason, sha256_of, write_whole

MANIFEST = "manifest.json"
PAGE = "report.html"  # what `planmodel report` adds to a folder
UNVERIFIED = "written by an earlier version, without hashes: whether it is as it was written cannot be told"
# By what the manifests of earlier versions, which do not say who wrote them, are told.
_MARKS = {
    "audit": "planmodel run",
    "ensemble_sha256": "planmodel ensemble",
    "calibration": "planmodel calibrate",
    "analysis": "planmodel sensitivity",
    "experiment": "planmodel reproduce",
    "scenarios": "planmodel compare",
}


def write_manifest(folder: Path, about: Mapping[str, Any], by: str, files: Iterable[str]) -> None:
    """Write the manifest of a folder; it comes last, when the files that it names are there.

    Parameters
    ----------
    folder
        Where it stands.
    about
        What it says.
    by
        The command that writes the folder, such as ``planmodel run``.
    files
        Names of the files whose hashes it holds.
    """
    hashes = {name: sha256_of(folder / name) for name in sorted(files)}
    body = {**about, "made_by": by, "files": hashes}
    body.pop("seal", None)
    text = json.dumps({**body, "seal": _seal(body)}, indent=2) + "\n"
    write_whole(folder / MANIFEST, text.encode())


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder.

    Raises
    ------
    FileNotFoundError
        If there is none.
    UserError
        If it cannot be read, is none of planmodel, or is not as it was written.
    """
    file = folder / MANIFEST
    try:
        manifest = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{file}: cannot be read: {reason(error)}") from None
    except (ValueError, RecursionError):
        raise UserError(f"{file}: is not JSON; allowed: as planmodel wrote it") from None
    if not isinstance(manifest, dict) or made_by(manifest) is None:
        raise UserError(f"{file}: is not one of planmodel")
    body = {name: value for name, value in manifest.items() if name != "seal"}
    if ("seal" in manifest or "made_by" in manifest) and manifest.get("seal") != _seal(body):
        raise UserError(f"{file}: is damaged: its own hash does not fit; allowed: as planmodel wrote it")
    return manifest


def _seal(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def made_by(manifest: Mapping[str, Any]) -> str | None:
    """Return the command that a folder was written by, such as ``planmodel run``; None for a foreign one."""
    said = manifest.get("made_by")
    if isinstance(said, str):
        return said if said.startswith("planmodel ") else None
    return next((by for mark, by in _MARKS.items() if mark in manifest), None)


def verified(folder: Path, manifest: Mapping[str, Any], *names: str) -> list[str]:
    """See that files of a folder are as they were written, before anything else reads them.

    Parameters
    ----------
    folder, manifest
        The folder, and what :func:`read_manifest` returned for it.
    names
        Which files; all that the manifest names by default.

    Returns
    -------
    list of str
        A note, if the manifest has no hashes.

    Raises
    ------
    UserError
        Naming the first file that is damaged or missing.
    """
    wrong = damaged(folder, manifest, *names)
    if wrong is None:
        return [f"{folder}: {UNVERIFIED}"]
    for name, said in wrong.items():
        allowed = "allowed: a folder as planmodel wrote it; the command in its manifest.json makes it anew"
        raise UserError(f"{folder / name}: {said}; {allowed}")
    return []


def has_hashes(manifest: Mapping[str, Any]) -> bool:
    """Tell whether a manifest holds the hashes of its files: those of earlier versions do not."""
    return isinstance(manifest.get("files"), dict)


def damaged(folder: Path, manifest: Mapping[str, Any], *names: str) -> dict[str, str] | None:
    """Return which files are not as they were written, and how; None where there are no hashes."""
    hashes = manifest.get("files")
    if not isinstance(hashes, dict):
        return None
    wrong = {}
    for name in names or hashes:
        try:
            if sha256_of(folder / name) != hashes.get(name):
                wrong[name] = "is damaged: its hash is not that of manifest.json"
        except (FileNotFoundError, NotADirectoryError):
            wrong[name] = "is missing"
        except OSError as error:
            wrong[name] = f"cannot be read: {reason(error)}"
    return wrong


def foreign(folder: Path, by: str) -> str | None:
    """Return why a folder may not be replaced by a command, in words; None if it is wholly its own."""
    try:
        manifest = read_manifest(folder)
        ours = {str(name) for name in manifest["files"]} | {MANIFEST}
    except FileNotFoundError:
        return "exists and is not a result of planmodel"
    except (UserError, LookupError, TypeError) as error:
        damage = "; its manifest.json is damaged" if "is damaged" in str(error) else ""
        return f"exists and is not a result of planmodel{damage}"
    owner = made_by(manifest)
    if owner != by:
        return f"holds a result of '{owner}', not of '{by}'"
    if is_page(folder / PAGE):
        ours.add(PAGE)
    found = (file for file in folder.rglob("*") if file.is_symlink() or not file.is_dir())
    others = {str(f.relative_to(folder)) for f in found if not is_temporary(f.name)} - ours
    return f"holds '{min(others)}', which planmodel did not write" if others else None


def is_page(file: Path) -> bool:
    """Tell whether a file is a page that ``planmodel report`` wrote."""
    try:
        with file.open("rb") as opened:
            return b'<meta name="generator" content="planmodel ' in opened.read(400)
    except OSError:
        return False
