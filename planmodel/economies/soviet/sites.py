"""The sites of all branches, as matrices (site, member): large ones one by one, the others by quarter.

Work that is granted to a branch goes to the sites on the list of shock works before all others, and there and
elsewhere to the furthest first (:mod:`planmodel.engine.serving`). Who gets little is frozen, and goes on when
work is granted again (D-52, D-56).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

import numpy as np

from planmodel.economies.soviet.works import News, Works
from planmodel.engine import Array, total
from planmodel.engine.clock import Process
from planmodel.engine.component import Context
from planmodel.engine.queues import Queues
from planmodel.engine.serving import ENDED, HALTED, LEFT, TOGETHER, Manner, Outcome, Queue, Wanted

FINISHED = 1e-9  # share of its size that a site may lack and be called finished
FIRST = 0.0  # place in the list of a named work: before all others
Branch = Literal[
    "metal_and_fuel", "engineering", "consumer_goods", "agriculture", "transport", "housing_and_services"
]
BRANCHES: tuple[str, ...] = get_args(Branch)  # as along the axis ``branch``


class Site(NamedTuple):
    """Where a site stands among the others (in the order of these values) and what it is.

    Attributes
    ----------
    branch
        Number of the branch.
    cohort
        False for a named work, which stands before all others.
    number
        Running number of the beginning, so that the oldest come first.
    place
        In the list of shock works: on it where this is below how far the list reaches; ``TOGETHER`` for what
        stands for all sites of a quarter but the large ones, of which the reach itself is the share.
    label
        A quarter, or the title of a named work.
    """

    branch: int
    cohort: bool
    number: int
    place: float
    label: str


def manner_of(*values: float | Array) -> Manner:
    """Return how work is given out, of what a procedure is given: a value, or one a member."""
    return Manner(*(np.ravel(value) for value in values))


class Sites:
    """Sites of all branches, those of one branch together.

    Attributes
    ----------
    sites
        What stands, in order: a finished site stands until it is finished in every member; its size and work
        are set to zero when it is handed over.
    reach
        How far the list of shock works reaches, by branch and member.
    manner
        How work is given out within a branch.
    works
        The named ones: they have a process each.
    """

    def __init__(self, members: int, branches: int = len(BRANCHES)) -> None:
        self.branches, self.members = branches, members
        self.sites: list[Site] = []
        self.works = Works(members)
        self.reach = np.zeros((branches, members))
        self.manner = manner_of(*np.zeros(len(Manner._fields)))
        # Of each site, the number of its row in the queues: a site changes its place in the order alone.
        self._rows: list[int] = []
        self._begun = 0
        self._wanted: Wanted | None = None  # while no site has changed
        self._unfree: list[int] | None = (
            None  # where those stand that prisoners build; while none has changed
        )
        self._queues: Queue = Queues(branches, members, FINISHED)

    @property
    def size(self) -> Array:
        """Size of each site, billion roubles of 1928, shape ``(sites, members)``."""
        return self._queues.read("size", self._rows)

    @property
    def done(self) -> Array:
        """Work done on each site, billion roubles of 1928, shape ``(sites, members)``."""
        return self._queues.read("done", self._rows)

    @property
    def full(self) -> Array:
        """What each site can take in a month, billion roubles of 1928, shape ``(sites, members)``."""
        return self._queues.read("full", self._rows)

    def compile(self, queues: Callable[[int, float], Queue]) -> None:
        """Have work be given out by compiled code."""
        size, done, full = self.size, self.done, self.full
        self._queues = queues(self.branches, FINISHED)
        self._rows = self._queues.put(size, done, full)
        self._divide()

    def processes(self, context: Context) -> Iterator[Process]:
        """Yield a process for each named work that stands or is to come."""
        standing = {site.number: site.label for site in self.sites if not site.cohort}
        return self.works.processes(context, standing)

    def save(self) -> dict[str, Any]:
        """Return all that another stock of sites needs to go on as this one would."""
        return {
            "branch": np.array([site.branch for site in self.sites], dtype=int),
            "cohort": np.array([site.cohort for site in self.sites], dtype=bool),
            "number": np.array([site.number for site in self.sites], dtype=int),
            "place": np.array([site.place for site in self.sites], dtype=float),
            "label": [site.label for site in self.sites],
            "size": self.size,
            "done": self.done,
            "full": self.full,
            "reach": self.reach.copy(),
            "begun": self._begun,
            "works": self.works.save(),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from what was saved."""
        rows = (saved[name] for name in ("branch", "cohort", "number", "place", "label"))
        self.sites = [
            Site(int(b), bool(c), int(n), float(p), str(label))
            for b, c, n, p, label in zip(*rows, strict=True)
        ]
        self._queues.free(self._rows)
        self._rows = self._queues.put(saved["size"], saved["done"], saved["full"])
        self.reach = np.array(saved["reach"], dtype=float)
        self._begun = int(saved["begun"])
        self.works.restore(saved["works"])
        self._divide()

    def begin(
        self,
        branches: Sequence[int],
        label: str,
        size: Array,
        months: Array,
        done: Array | None = None,
        places: Sequence[float] | None = None,
        named: bool = False,
    ) -> int:
        """Start sites, each behind the older ones of its branch; named works before all others.

        Parameters
        ----------
        branches
            Number of the branch of each.
        label
            A quarter, or the title of a named work.
        size, done
            Size and work done, billion roubles, shape ``(sites, members)``.
        months
            Gestation when nothing is short, of the same shape.
        places
            In the list of shock works, see :class:`Site`; unless given each stands for many.
        named
            Whether it is a named work.

        Returns
        -------
        int
            The number that they all have.
        """
        self._begun += 1
        if places is None:
            places = [FIRST if named else TOGETHER] * len(branches)
        # The pace while much is left is size / gestation.
        rows = self._queues.put(size, np.zeros_like(size) if done is None else done, size / months)
        for branch, place, row in zip(branches, places, rows, strict=True):
            site = Site(branch, not named, self._begun, place, label)
            at = bisect_right(self.sites, site)
            self.sites.insert(at, site)
            self._rows.insert(at, row)
        self._divide()
        return self._begun

    def _divide(self) -> None:
        """Tell who gives out work which sites stand."""
        self._wanted = self._unfree = None
        ends = [bisect_left(self.sites, (b,)) for b in range(self.branches + 1)]
        named = [at for at, site in enumerate(self.sites) if not site.cohort]
        places = np.array([site.place for site in self.sites])
        self._queues.stand(self._rows, ends, places, named)

    def wanted(self) -> Wanted:
        """Return the work that the sites of each branch want this month, and what of it is on the list."""
        if self._wanted is None:
            self._wanted = self._queues.wanted(self.reach, self.manner)
        return self._wanted

    def of_inmates(self) -> tuple[Array, Array]:
        """Return the prisoners that standing works call for, million, and the work that these works want."""
        if self._unfree is None:
            of = self.works.inmates
            self._unfree = [at for at, site in enumerate(self.sites) if site.number in of]
        if not self._unfree:
            return np.zeros(self.members), np.zeros(self.members)
        rows = [self._rows[at] for at in self._unfree]
        inmates = np.array([[self.works.inmates[self.sites[at].number]] for at in self._unfree])
        size, done, full = (self._queues.read(name, rows) for name in ("size", "done", "full"))
        called = np.where(size > 0.0, inmates, 0.0)
        return total(called), total(np.minimum(np.maximum(size - done, 0.0), full))

    def build(self, granted: Array, reach: Array, today: date) -> Outcome:
        """Do the granted work, and hand over what is finished.

        Parameters
        ----------
        granted
            Work that can be done in each branch, billion roubles, shape ``(branches, members)``.
        reach
            How far the list of shock works reaches from now on, of the same shape.
        today
            The last day of the month.
        """
        self.wanted()  # where a site has begun since
        outcome = self._queues.serve(granted, self.reach, reach, self.manner)
        self.reach = np.array(reach)
        self._wanted = Wanted(outcome.wanted, outcome.listed)
        marks = outcome.marks
        self.works.hear(
            [
                News(self.sites[at].number, bool(marks[at] & ENDED), bool(marks[at] & HALTED), what)
                for at, what in outcome.told.items()
            ],
            today,
        )
        gone = np.flatnonzero(marks & LEFT == 0).tolist()
        if gone:
            self._queues.free([self._rows[at] for at in gone])
            for at in reversed(gone):
                del self.sites[at], self._rows[at]
            wanted = self._wanted  # of what has gone nothing was left
            self._divide()
            self._wanted = wanted
        self.works.leave({site.number for site in self.sites if not site.cohort})
        return outcome
