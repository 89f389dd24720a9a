"""The sites of all branches: cohorts by quarter and named works, as matrices (site, member).

Work goes to the sites of a branch in the order in which they stand: named works first, then the oldest. What
is left for the youngest may be nothing; they are frozen until older ones are finished (D-52).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Literal, NamedTuple, Protocol, get_args

import numpy as np

from planmodel.engine import Array, Mask, total

FINISHED = 1e-9  # share of its size that a site may lack and be called finished
Branch = Literal[
    "metal_and_fuel", "engineering", "consumer_goods", "agriculture", "transport", "housing_and_services"
]
BRANCHES: tuple[str, ...] = get_args(Branch)  # as along the axis ``branch``


class Work(Protocol):
    """A named work of the scenario: ``size`` in billion roubles of 1928, a number or one a member."""

    @property
    def key(self) -> str:
        """Its name in the scenario."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def start(self) -> date:
        """The day on which building begins."""

    @property
    def branch(self) -> str:
        """The branch that it belongs to."""

    @property
    def size(self) -> float | Array:
        """What it costs, billion roubles of 1928."""


class Site(NamedTuple):
    """Where a site stands among the others (in the order of these values) and what it is.

    Attributes
    ----------
    branch
        Number of the branch.
    cohort
        True for a cohort, False for a named work, which stands before all cohorts.
    number
        Running number of the beginning, so that the oldest come first.
    label
        A quarter, or the title of a named work.
    """

    branch: int
    cohort: bool
    number: int
    label: str


class Wants(NamedTuple):
    """The work that sites want this month, billion roubles.

    Attributes
    ----------
    pace
        Of each site: size / gestation, or what is left of it; shape ``(sites, members)``.
    reached
        Of each site and those of its branch that stand before it, shape ``(sites, members)``.
    wanted
        Of all sites of each branch, shape ``(branches, members)``.
    """

    pace: Array
    reached: Array
    wanted: Array


class Sites:
    """Sites of all branches, those of one branch together.

    Attributes
    ----------
    sites
        What stands in each row.
    size, done
        Size and work done, billion roubles of 1928, shape ``(sites, members)``. A finished site keeps its
        row until it is finished in every member; its size and work are set to zero when it is handed over.
    """

    def __init__(self, members: int, branches: int = len(BRANCHES)) -> None:
        self.branches = branches
        self.sites: list[Site] = []
        self.size = np.zeros((0, members))
        self.done = np.zeros((0, members))
        self._full = np.zeros((0, members))  # size / gestation: the pace while much is left
        self._begun = 0
        self._named: set[str] = set()  # keys of the named works that have begun
        self._parts: list[tuple[int, slice]] = []
        self._wants: Wants | None = None  # while no site has changed

    def save(self) -> dict[str, Any]:
        """Return all that another stock of sites needs to go on as this one would."""
        return {
            "branch": np.array([site.branch for site in self.sites], dtype=int),
            "cohort": np.array([site.cohort for site in self.sites], dtype=bool),
            "number": np.array([site.number for site in self.sites], dtype=int),
            "label": [site.label for site in self.sites],
            "size": self.size.copy(),
            "done": self.done.copy(),
            "full": self._full.copy(),
            "begun": self._begun,
            "named": sorted(self._named),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        rows = zip(saved["branch"], saved["cohort"], saved["number"], saved["label"], strict=True)
        self.sites = [Site(int(b), bool(c), int(n), str(label)) for b, c, n, label in rows]
        self.size, self.done, self._full = (np.array(saved[name]) for name in ("size", "done", "full"))
        self._begun = int(saved["begun"])
        self._named = {str(key) for key in saved["named"]}
        self._divide()

    def due(self, works: Iterable[Work], first: date, today: date) -> list[Work]:
        """Return the named works whose day has come since the first of the run, by title; each but once."""
        due = [w for w in works if first <= w.start <= today and w.key not in self._named]
        self._named |= {work.key for work in due}
        return sorted(due, key=lambda work: (work.title, work.branch))

    def begin(
        self,
        branches: Sequence[int],
        label: str,
        size: Array,
        months: Array,
        done: Array | None = None,
        named: bool = False,
    ) -> None:
        """Start a site in each of some branches, behind the older ones; named works before all cohorts.

        Parameters
        ----------
        branches
            Numbers of the branches.
        label
            A quarter, or the title of a named work.
        size, done
            Size and work done, billion roubles, shape ``(len(branches), members)``.
        months
            Gestation when nothing is short, of the same shape.
        """
        self._begun += 1
        rows = self.sites + [Site(branch, not named, self._begun, label) for branch in branches]
        order = sorted(range(len(rows)), key=rows.__getitem__)
        self.sites = [rows[i] for i in order]
        self.size = np.concatenate([self.size, size])[order]
        self.done = np.concatenate([self.done, np.zeros_like(size) if done is None else done])[order]
        self._full = np.concatenate([self._full, size / months])[order]
        self._divide()

    def _divide(self) -> None:
        """Find the rows of each branch that has sites."""
        self._wants = None
        self._parts = []
        row = 0
        for branch, sites in groupby(self.sites, key=lambda site: site.branch):
            first, row = row, row + len(list(sites))
            self._parts.append((branch, slice(first, row)))

    def wants(self) -> Wants:
        """Return the work that sites want this month."""
        if self._wants is not None:
            return self._wants
        # Into one matrix: temporary ones of all sites and members cost more than the arithmetic.
        pace = self.size - self.done
        np.maximum(pace, 0.0, out=pace)
        np.minimum(pace, self._full, out=pace)
        reached = np.empty_like(pace)
        wanted = np.zeros((self.branches, pace.shape[1]))
        for branch, rows in self._parts:
            np.add.accumulate(pace[rows], axis=0, out=reached[rows])
            wanted[branch] = reached[rows.stop - 1]
        self._wants = Wants(pace, reached, wanted)
        return self._wants

    def build(self, granted: Sequence[Array] | Array) -> tuple[Array, Array, list[tuple[str, Mask]]]:
        """Do the granted work, first site first, and hand over what is finished.

        Parameters
        ----------
        granted
            Work that can be done in each branch, billion roubles, shape ``(branches, members)``.

        Returns
        -------
        done : array
            Work done in each branch, shape ``(branches, members)``.
        completed : array
            Value of the sites handed over in each branch, of the same shape.
        finished : list
            Named works finished now, with the members in which they are.
        """
        work = self.wants().reached
        self._wants = None  # used up
        done = np.zeros((self.branches, work.shape[1]))
        for branch, rows in self._parts:
            reached = work[rows]
            np.minimum(reached, granted[branch], out=reached)
            done[branch] = reached[-1]
            reached[1:] -= reached[:-1]
        self.done += work
        return done, *self._hand_over()

    def _hand_over(self) -> tuple[Array, list[tuple[str, Mask]]]:
        """Hand over what is finished, and drop the rows that are finished in every member."""
        finished = self.size - self.done < FINISHED * self.size
        completed = np.zeros((self.branches, self.size.shape[1]))
        works: list[tuple[str, Mask]] = []
        kept = list(range(len(self.sites)))
        for row in np.flatnonzero(np.logical_or.reduce(finished, axis=1)).tolist():
            site, ready = self.sites[row], finished[row]
            completed[site.branch] += np.where(ready, self.done[row], 0.0)
            if not site.cohort:
                works.append((site.label, ready))
            self.size[row, ready] = 0.0
            self.done[row, ready] = 0.0
            if not self.size[row].any():
                kept.remove(row)
        if len(kept) < len(self.sites):
            self.sites = [self.sites[row] for row in kept]
            self.size, self.done, self._full = self.size[kept], self.done[kept], self._full[kept]
            self._divide()
        return completed, works

    def frozen(self, branch: int, granted: Array) -> Array:
        """Return the share of a branch's unfinished work that stands on sites where nothing is done."""
        rows = dict(self._parts).get(branch)
        if rows is None:
            return np.zeros(self.size.shape[1])
        wants = self.wants()
        before = wants.reached[rows] - wants.pace[rows]
        idle = np.where(before >= granted, self.done[rows], 0.0)
        return total(idle) / np.maximum(total(self.done[rows]), 1e-12)
