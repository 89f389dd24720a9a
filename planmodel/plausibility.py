"""How many members leave what no reading of the record would accept: the limits of an economy.

The bounds of parameters say what each may be, one at a time; drawn together over their whole bounds most
members leave history altogether. These limits stop nothing and are fitted to nothing: they are wide enough
that every estimate ever made of the USSR of these years lies within them, with room to spare, and they mark a
member that does not. The marks travel with the members (coordinate ``implausible``), and their count stands
in every manifest and beside every table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from planmodel.engine.limits import MARKS


def marks_of(dataset: xr.Dataset) -> np.ndarray | None:
    """Return the marks of all members (bits, 0: none), or None if they were not judged."""
    if MARKS not in dataset.coords or not dataset.coords[MARKS].attrs.get("judged"):
        return None
    return np.asarray(dataset.coords[MARKS].values)


def count_marks(dataset: xr.Dataset) -> dict[str, Any] | None:
    """Count the members that leave declared limits, as a manifest holds it; None if none was judged.

    Returns
    -------
    dict
        ``members`` judged, ``outside`` (those that leave any limit), ``limits`` (how many leave each that
        anybody leaves) and ``not_judged`` (those that need a whole year, in a run that has none).
    """
    marks = marks_of(dataset)
    if marks is None:
        return None
    about = dataset.coords[MARKS].attrs
    names = str(about["flag_meanings"]).split()
    counts = {name: int(((marks >> bit) & 1).sum()) for bit, name in enumerate(names)}
    judged = set(str(about["judged"]).split())
    return {
        "members": int(marks.size),
        "outside": int((marks != 0).sum()),
        "limits": {name: count for name, count in counts.items() if count},
        "not_judged": [name for name in names if name not in judged],
    }


def added_up(counts: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """Return the counts of several runs as one; None if none of them was judged."""
    given = [count for count in counts if count is not None]
    if not given:
        return None
    limits: dict[str, int] = {}
    for count in given:
        for name, number in count["limits"].items():
            limits[name] = limits.get(name, 0) + number
    return {
        "members": sum(count["members"] for count in given),
        "outside": sum(count["outside"] for count in given),
        "limits": limits,
        "not_judged": sorted({name for count in given for name in count["not_judged"]}),
    }


def said(count: Mapping[str, Any] | None) -> str:
    """Say the count in a line for screens and pages."""
    if count is None:
        return "Limits of plausibility: not judged."
    if not count["outside"]:
        many = count["members"] > 1
        what = f"none of {count['members']} members leaves" if many else "the history leaves none of"
        return f"Limits of plausibility: {what} them."
    which = ", ".join(f"{name} ({number})" for name, number in count["limits"].items())
    return f"{count['outside']} of {count['members']} members leave declared limits of plausibility: {which}."


def said_of_each(counts: Mapping[str, Mapping[str, Any] | None]) -> list[str]:
    """Say the counts of several runs: one line where nobody leaves a limit, else one a run that does."""
    lines = [f"{name}: {said(c)}" for name, c in counts.items() if c is not None and c["outside"]]
    return lines or [said(added_up(list(counts.values())))]


def said_of_manifest(manifest: Mapping[str, Any]) -> list[str]:
    """Say what a manifest holds: of one run, or by run."""
    count = manifest.get("plausibility")
    if not isinstance(count, Mapping) or "outside" in count:
        return [said(count)]
    return said_of_each(count)
