"""How much of an ensemble is there: members done of those asked for, failed, and missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine import UserError
from planmodel.runs.files import chunk_failures, chunk_files


@dataclass(frozen=True)
class Wholeness:
    """Members asked for, done, failed (their run broke off), and in words those that are missing.

    It is counted from what is in the folder. That the manifest says ``finished`` tells when that was so.
    """

    asked: int
    done: int
    failed: int
    missing: str

    def __str__(self) -> str:
        """Return how many are done, in words."""
        return f"{self.done:,} of {self.asked:,} members"

    def note(self) -> str | None:
        """Return what is lacking, in words; None if nothing is."""
        said = []
        if self.failed:
            said.append(f"{self.failed:,} failed (failures.json)")
        if self.missing:
            lost = self.asked - self.done - self.failed
            said.append(f"{lost:,} {'is' if lost == 1 else 'are'} missing ({self.missing})")
        if not said:
            return None
        more = ": the command of the ensemble, given again, runs what is missing" if self.missing else ""
        return f"{self}: {', '.join(said)}{more}"

    def attributes(self) -> dict[str, Any]:
        """Return it as attributes of a dataset."""
        return {
            "members_asked": self.asked,
            "members_done": self.done,
            "members_failed": self.failed,
            "members_missing": self.missing,
        }


def wholeness_of(dataset: xr.Dataset) -> Wholeness:
    """Return what `open_ensemble` counted."""
    about = dataset.attrs
    asked, done, failed = (int(about[f"members_{name}"]) for name in ("asked", "done", "failed"))
    return Wholeness(asked, done, failed, str(about["members_missing"]))


def wholeness(folder: Path, asked: int, done: Iterable[int] | None = None) -> Wholeness:
    """Count what a folder has.

    Parameters
    ----------
    folder
        Of an ensemble.
    asked
        Members in all.
    done
        Numbers of the members whose results are there; None where all that did not fail are in statistics.
    """
    failed = _failed(folder)
    if done is None:
        return Wholeness(asked, asked - len(failed), len(failed), "")
    held = set(done)
    failed -= held
    missing = [number for number in range(asked) if number not in held and number not in failed]
    return Wholeness(asked, len(held), len(failed), spans(missing))


def _failed(folder: Path) -> set[int]:
    found = {
        m for file in chunk_files(folder) for failure in chunk_failures(file.path) for m in failure.members
    }
    path = folder / "failures.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return found | {int(m) for row in rows for m in row["members"]}
    except FileNotFoundError:
        return found
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(f"{path}: cannot be read; allowed: as planmodel wrote it, or to remove it") from None


def spans(numbers: Sequence[int]) -> str:
    """Return numbers in ascending order in words: ``3 to 5, 9``; at most five stretches."""
    if not numbers:
        return ""
    parts = np.split(np.asarray(numbers), np.flatnonzero(np.diff(numbers) > 1) + 1)
    words = [str(p[0]) if len(p) == 1 else f"{p[0]} to {p[-1]}" for p in parts]
    return ", ".join(words[:5]) + (f" and {len(words) - 5} stretches more" if len(words) > 5 else "")
