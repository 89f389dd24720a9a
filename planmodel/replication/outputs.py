"""What an experiment hands on: its results, each table in LaTeX too, and the hashes of all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from planmodel.engine import UserError
from planmodel.experiments.reproduce import read_table
from planmodel.show import latex
from planmodel.show.content import Column, table
from planmodel.show.numbers import short
from planmodel.storage.manifest import MANIFEST

HASHES = "hashes.txt"
RESULTS = "results"
PICTURES = (".png", ".pdf", ".svg")
_ROWS = 400  # of a table in LaTeX
_HEADINGS = {
    "title": "Quantity", "unit": "Unit", "run": "Run", "dates": "Dates", "documented": "Documented",
    "version": "Version", "median": "Model", "low": "5 %", "high": "95 %", "counted": "Not counted",
}  # fmt: skip
_AGREED = {
    "quantity": "Quantity", "run": "Run", "points": "Points", "within": "Within",
    "median_deviation": "Median deviation", "worst": "Worst", "worst_deviation": "Its deviation",
}  # fmt: skip


def outputs(folder: Path) -> dict[str, bytes]:
    """Return the results of an experiment by name: all that its folder holds, and its tables in LaTeX.

    Parameters
    ----------
    folder
        As ``planmodel reproduce`` wrote it; its manifest, which tells when and where, is left out.
    """
    found = {file.name: file.read_bytes() for file in sorted(folder.iterdir()) if file.name != MANIFEST}
    for name in [name for name in found if name.endswith(".csv")]:
        of_agreement = name == "agreement.csv"
        text = _agreement(folder / name) if of_agreement else points_in_latex(folder / name)
        found[name.removesuffix(".csv") + ".tex"] = text.encode()
    return dict(sorted(found.items()))


def points_in_latex(file: Path) -> str:
    """Return the documented points of a table in LaTeX, with the model beside; without any, all its rows."""
    rows = read_table(file)
    of_points = rows["documented"].notna() if "documented" in rows else pd.Series(False, index=rows.index)
    of_variants = rows["role"] == "row" if "role" in rows else pd.Series(False, index=rows.index)
    rows = next((rows.loc[chosen] for chosen in (of_points, of_variants) if chosen.any()), rows)
    shown = rows.head(_ROWS)
    left = f"The first {_ROWS} of {len(rows)} rows; all are in {file.name}." if len(rows) > _ROWS else ""
    return _in_latex(shown, _HEADINGS, left)


def _agreement(file: Path) -> str:
    return _in_latex(pd.read_csv(file, dtype={"run": str, "worst": str}), _AGREED)


def _in_latex(rows: pd.DataFrame, headings: Mapping[str, str], note: str = "") -> str:
    columns: dict[str, str | Column] = {}
    for name, heading in headings.items():
        if name in rows and (rows[name].notna() & (rows[name] != "")).any():
            columns[name] = heading if rows[name].dtype.kind not in "fc" else Column(heading, short)
    if not columns:
        return "% nothing to compare\n"
    return latex.over_pages(table(rows[list(columns)], columns, note=note))


def hashes_text(results: Mapping[str, Mapping[str, bytes]]) -> str:
    """Return the hashes of all results as the lines of a file that ``sha256sum -c`` reads."""
    lines = (
        f"{hashlib.sha256(content).hexdigest()}  {RESULTS}/{name}/{file}\n"
        for name, files in sorted(results.items())
        for file, content in sorted(files.items())
    )
    return "".join(lines)


def read_hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of a folder by path within it.

    Raises
    ------
    UserError
        If there are none, or a line is no hash and path.
    """
    file = folder / HASHES
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UserError(
            f"{file}: cannot be read; allowed: as planmodel reproduce --archive wrote it"
        ) from None
    found = {}
    for number, line in enumerate(lines, start=1):
        digest, apart, path = line.partition("  ")
        if len(digest) != 64 or not apart or not path:
            raise UserError(f"{file}, line {number}: allowed: a SHA-256, two spaces and a path")
        found[path] = digest
    return found
