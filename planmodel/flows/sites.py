"""The sites of one branch: cohorts by quarter and named works, as matrices (site, member).

Work goes to the sites in the order in which they stand: named works first, then the oldest. What is left for
the youngest may be nothing; they are frozen until older ones are finished (D-52).
"""

from __future__ import annotations

import numpy as np

from planmodel.kernel import Array, Mask, total

FINISHED = 1e-9  # share of its size that a site may lack and be called finished


class Sites:
    """Sites of one branch.

    Attributes
    ----------
    labels
        What stands where: a quarter, or the title of a named work.
    size, done
        Size and work done, billion roubles of 1928, shape ``(sites, members)``. A finished site keeps its
        row until it is finished in every member; its size and work are set to zero when it is handed over.
    named
        How many named works stand at the front.
    """

    def __init__(self, members: int) -> None:
        self.labels: list[str] = []
        self.size = np.zeros((0, members))
        self.done = np.zeros((0, members))
        self.named = 0

    def append(self, label: str, size: Array, done: Array | None = None) -> None:
        """Start a cohort behind all others."""
        self._insert(len(self.labels), label, size, done)

    def append_named(self, title: str, size: Array) -> None:
        """Start a named work behind the older named works and before all cohorts."""
        self._insert(self.named, title, size, None)
        self.named += 1

    def _insert(self, place: int, label: str, size: Array, done: Array | None) -> None:
        self.labels.insert(place, label)
        self.size = np.insert(self.size, place, size, axis=0)
        self.done = np.insert(self.done, place, 0.0 if done is None else done, axis=0)

    def pace(self, months: Array) -> Array:
        """Return the work that each site wants this month: size / gestation, or what is left of it."""
        # Into one matrix: temporary ones of all sites and members cost more than the arithmetic.
        left = self.size - self.done
        np.maximum(left, 0.0, out=left)
        return np.minimum(self.size / months, left, out=left)

    def wanted(self, months: Array) -> Array:
        """Return the work that all sites want this month, shape ``(members,)``."""
        return total(self.pace(months)) if self.labels else np.zeros(self.size.shape[1])

    def build(self, granted: Array, months: Array) -> tuple[Array, Array, list[tuple[str, Mask]]]:
        """Do the granted work, first site first, and hand over what is finished.

        Parameters
        ----------
        granted
            Work that can be done in the branch, billion roubles, shape ``(members,)``.
        months
            Gestation when nothing is short.

        Returns
        -------
        done, completed : array
            Work done, and value of the sites handed over.
        finished : list
            Named works finished now, with the members in which they are.
        """
        none = np.zeros(self.size.shape[1])
        if not self.labels:
            return none, none, []
        reached = np.cumsum(self.pace(months), axis=0)
        np.minimum(reached, granted, out=reached)
        self.done[0] += reached[0]
        self.done[1:] += reached[1:] - reached[:-1]
        ready: Mask = (self.size > 0.0) & (self.size - self.done <= FINISHED * self.size)
        completed = total(np.where(ready, self.done, 0.0))
        self.size = np.where(ready, 0.0, self.size)
        self.done = np.where(ready, 0.0, self.done)
        finished = [(self.labels[i], ready[i]) for i in range(self.named) if ready[i].any()]
        self._forget()
        return reached[-1].copy(), completed, finished

    def frozen(self, granted: Array, months: Array) -> Array:
        """Return the share of the unfinished work that stands on sites where nothing is done."""
        if not self.labels:
            return np.zeros(self.size.shape[1])
        pace = self.pace(months)
        before = np.cumsum(pace, axis=0) - pace
        idle = np.where(before >= granted, self.done, 0.0)
        return total(idle) / np.maximum(total(self.done), 1e-12)

    def _forget(self) -> None:
        """Drop the rows that are finished in every member."""
        alive = np.asarray((self.size > 0.0).any(axis=1))
        if alive.all():
            return
        self.named = int(alive[: self.named].sum())
        self.labels = [label for label, keep in zip(self.labels, alive, strict=True) if keep]
        self.size, self.done = self.size[alive], self.done[alive]
