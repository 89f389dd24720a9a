"""The sites of all branches: cohorts by quarter and named works, as matrices (site, member).

Work goes to the sites of a branch in the order in which they stand: named works first, then the oldest. What
is left for the youngest may be nothing; they are frozen until older ones are finished (D-52).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, get_args

import numpy as np

from planmodel.engine import Array, Mask, total
from planmodel.engine.memory import fill, matrix, put

if TYPE_CHECKING:
    from planmodel.engine.compiled.queues import Queues

_MORE = 64  # rows by which the matrices of sites grow at least
ENDED = 1  # of what compiled queues say of a site: finished, and nowhere left to be built
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
        What stands, in order: a finished site stands until it is finished in every member; its size and work
        are set to zero when it is handed over.
    """

    def __init__(self, members: int, branches: int = len(BRANCHES)) -> None:
        self.branches, self.members = branches, members
        self.sites: list[Site] = []
        self._rows: list[int] = []  # of each site: sites change their place in the order, not in memory
        self._free: list[int] = []
        # Size, work done, and size / gestation: the pace while much is left.
        self._size, self._done, self._full = (matrix(0, members) for _ in range(3))
        self._begun = 0
        self._named: set[str] = set()  # keys of the named works that have begun
        self._parts: dict[int, slice] = {}
        self._wants: Wants | None = None  # while no site has changed
        self._queues: Queues | None = None  # compiled

    @property
    def size(self) -> Array:
        """Size of each site, billion roubles of 1928, shape ``(sites, members)``."""
        return self._size[self._rows]

    @property
    def done(self) -> Array:
        """Work done on each site, billion roubles of 1928, shape ``(sites, members)``."""
        return self._done[self._rows]

    def compile(self, queues: Callable[[int, float], Queues]) -> None:
        """Have work be given out by compiled code."""
        self._queues = queues(self.branches, FINISHED)
        self._divide()

    def save(self) -> dict[str, Any]:
        """Return all that another stock of sites needs to go on as this one would."""
        return {
            "branch": np.array([site.branch for site in self.sites], dtype=int),
            "cohort": np.array([site.cohort for site in self.sites], dtype=bool),
            "number": np.array([site.number for site in self.sites], dtype=int),
            "label": [site.label for site in self.sites],
            "size": self.size,
            "done": self.done,
            "full": self._full[self._rows],
            "begun": self._begun,
            "named": sorted(self._named),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        rows = zip(saved["branch"], saved["cohort"], saved["number"], saved["label"], strict=True)
        self.sites = [Site(int(b), bool(c), int(n), str(label)) for b, c, n, label in rows]
        self._free += self._rows
        self._rows = self._put(saved["size"], saved["done"], saved["full"])
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
        rows = self._put(size, np.zeros_like(size) if done is None else done, size / months)
        for branch, row in zip(branches, rows, strict=True):
            site = Site(branch, not named, self._begun, label)
            at = bisect_right(self.sites, site)
            self.sites.insert(at, site)
            self._rows.insert(at, row)
        self._divide()

    def _put(self, size: Array, done: Array, full: Array) -> list[int]:
        """Put sites into free rows of the matrices; the matrices grow where there are none."""
        held = len(self._size)
        if len(self._free) < len(size):
            more = held + max(len(size), _MORE)
            for name in ("_size", "_done", "_full"):
                grown = matrix(more, self.members)
                grown[:held] = getattr(self, name)
                fill(grown)
                setattr(self, name, grown)
            self._free += range(held, more)
        rows = [self._free.pop() for _ in size]
        for kept, given in ((self._size, size), (self._done, done), (self._full, full)):
            put(kept, rows, given)
        return rows

    def _divide(self, only_gone: bool = False) -> None:
        """Find the sites of each branch that has some; whether only finished ones have gone."""
        self._wants = None
        branches = [branch for branch, *_ in self.sites]
        ends = [bisect_left(branches, b) for b in range(self.branches + 1)]
        parts = {b: slice(*both) for b, both in enumerate(pairwise(ends))}
        self._parts = {b: rows for b, rows in parts.items() if rows.stop > rows.start}
        if self._queues is not None:
            rows = np.array(self._rows, dtype=np.int64)
            places = [m.ctypes.data + m.strides[0] * rows for m in (self._size, self._done, self._full)]
            named = [at for at, site in enumerate(self.sites) if not site.cohort]
            self._queues.stand(np.array(places), np.array(ends), named, only_gone=only_gone)

    def wanted(self) -> Array:
        """Return the work that all sites of each branch want this month, shape ``(branches, members)``."""
        return self.wants().wanted if self._queues is None else self._queues.wanted()

    def wants(self) -> Wants:
        """Return the work that sites want this month."""
        if self._wants is None:
            pace = np.minimum(np.maximum(self.size - self.done, 0.0), self._full[self._rows])
            reached = np.empty_like(pace)
            wanted = np.zeros((self.branches, self.members))
            for branch, rows in self._parts.items():
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
        if self._queues is None:
            done = self._serve(granted)
            completed, finished, gone = self._hand_over()
        else:
            done, completed, marks, ended = self._queues.serve(np.asarray(granted))
            finished = [(self.sites[at].label, mask) for at, mask in ended.items()]
            gone = np.flatnonzero(marks == ENDED).tolist()
        self._wants = None  # used up
        for at in reversed(gone):
            self._free.append(self._rows.pop(at))
            del self.sites[at]
        if gone:
            self._divide(only_gone=True)
        return done, completed, finished

    def _serve(self, granted: Sequence[Array] | Array) -> Array:
        """Do the granted work: return what is done in each branch."""
        work = self.wants().reached
        done = np.zeros((self.branches, self.members))
        for branch, rows in self._parts.items():
            reached = work[rows]
            np.minimum(reached, granted[branch], out=reached)
            done[branch] = reached[-1]
            reached[1:] -= reached[:-1]
        self._done[self._rows] += work
        return done

    def _hand_over(self) -> tuple[Array, list[tuple[str, Mask]], list[int]]:
        """Hand over what is finished: value by branch, named works, who is finished in all members."""
        finished = self.size - self.done < FINISHED * self.size
        completed = np.zeros((self.branches, self.members))
        works: list[tuple[str, Mask]] = []
        gone = []
        for at in np.flatnonzero(np.logical_or.reduce(finished, axis=1)).tolist():
            site, row, ready = self.sites[at], self._rows[at], finished[at]
            completed[site.branch] += np.where(ready, self._done[row], 0.0)
            if not site.cohort:
                works.append((site.label, ready))
            self._size[row, ready] = 0.0
            self._done[row, ready] = 0.0
            if not self._size[row].any():
                gone.append(at)
        return completed, works, gone

    def frozen(self, branch: int, granted: Array) -> Array:
        """Return the share of a branch's unfinished work that stands on sites where nothing is done."""
        rows = self._parts.get(branch)
        if rows is None:
            return np.zeros(self.members)
        if self._queues is not None:
            return self._queues.idle(branch, granted)
        wants, done = self.wants(), self.done[rows]
        before = wants.reached[rows] - wants.pace[rows]
        idle = np.where(before >= granted, done, 0.0)
        return total(idle) / np.maximum(total(done), 1e-12)
