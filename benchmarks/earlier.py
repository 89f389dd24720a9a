"""The code as it was, each commit in a worktree of its own that is gone when all is measured."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from subjects import ROOT, Code

# What the code is measured against: name in the tables -> commit.
COMMITS = {
    "07d064c": "07d064c",  # the first that was compiled, before sites were entities
    "be0d9b9": "be0d9b9",  # equations and tables, on NumPy
    "f8e0951": "f8e0951",  # components written by hand
}


@contextmanager
def earlier(
    commits: Mapping[str, str] = COMMITS, root: Path = ROOT
) -> Iterator[tuple[list[Code], list[str]]]:
    """Yield the code of some commits, and what could not be had and why.

    Parameters
    ----------
    commits
        By the names they are to have.
    root
        The checkout that has them.
    """
    codes: list[Code] = []
    notes: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, commit in commits.items():
                place = Path(folder) / name
                missing = _git(root, "worktree", "add", "--detach", "--quiet", str(place), commit)
                if missing:
                    notes.append(f"{name} is skipped: {missing}")
                else:
                    codes.append(Code(name, place))
            yield codes, notes
        finally:
            for code in codes:
                _git(root, "worktree", "remove", "--force", str(code.place))


def _git(root: Path, *arguments: str) -> str:
    """Run git; return why it failed, nothing if it did not."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except OSError as error:
        return f"git cannot be run: {error}"
    if done.returncode == 0:
        return ""
    return (done.stderr.strip().splitlines() or ["git failed"])[-1]
