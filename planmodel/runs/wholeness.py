"""How much of an ensemble is there: members done of those asked for, failed, and missing."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine import UserError
from planmodel.runs.index import Known


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


def wholeness(folder: Path, asked: int, chunks: Iterable[Known] | None = None) -> Wholeness:
    """Count what a folder has.

    Parameters
    ----------
    folder
        Of an ensemble.
    asked
        Members in all.
    chunks
        What is known of its chunks; None where all that did not fail are in statistics.
    """
    failed, done = _failed(folder, asked), np.zeros(asked, dtype=bool)
    if chunks is None:
        return Wholeness(asked, asked - int(failed.sum()), int(failed.sum()), "")
    for known in chunks:
        done[known.members()] = True
        for failure in known.failures:
            failed[np.asarray(failure.members, dtype=int)] = True
    failed &= ~done
    missing = np.flatnonzero(~done & ~failed)
    return Wholeness(asked, int(done.sum()), int(failed.sum()), spans(missing))


def _failed(folder: Path, asked: int) -> np.ndarray:
    """Return which members are in the list of those that failed."""
    path, failed = folder / "failures.json", np.zeros(asked, dtype=bool)
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        failed[np.asarray([int(m) for row in rows for m in row["members"]], dtype=int)] = True
    except FileNotFoundError:
        pass
    except (OSError, ValueError, LookupError, TypeError):
        raise UserError(f"{path}: cannot be read; allowed: as planmodel wrote it, or to remove it") from None
    return failed


def spans(numbers: np.ndarray) -> str:
    """Return numbers in ascending order in words: ``3 to 5, 9``; at most five stretches."""
    if not len(numbers):
        return ""
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    first, last = numbers[np.r_[0, breaks + 1][:5]], numbers[np.r_[breaks, len(numbers) - 1][:5]]
    words = [str(a) if a == b else f"{a} to {b}" for a, b in zip(first, last, strict=True)]
    more = len(breaks) + 1 - len(words)
    return ", ".join(words) + (f" and {more} stretches more" if more else "")
