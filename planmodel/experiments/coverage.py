"""Which ready experiments show the figures of a table of the book, and of how many with the model beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from planmodel.documented.tables import BookTable
from planmodel.experiments.points import experiments_with


@dataclass(frozen=True)
class Coverage:
    """How far experiments reproduce a table.

    Attributes
    ----------
    experiments
        Name -> how many of the figures it shows; first the one that shows most.
    shown
        Figures that any of them shows.
    compared
        Figures that stand in any of them with the model beside.
    figures
        Figures of the table that the record holds.
    """

    experiments: dict[str, int]
    shown: int
    compared: int
    figures: int

    @property
    def words(self) -> str:
        """The experiments, with how many figures each shows."""
        return ", ".join(f"{name} ({n} of {self.figures})" for name, n in self.experiments.items())


def coverage(table: BookTable) -> Coverage:
    """Return how far ready experiments reproduce a table."""
    found = [experiments_with(figure) for figure in table.figures]
    counted = Counter(name for names in found for name in names)
    compared = sum(any(names.values()) for names in found)
    return Coverage(dict(counted.most_common()), sum(map(bool, found)), compared, len(found))


def summary(tables: Collection[BookTable]) -> tuple[str, str]:
    """Say in two sentences what record and experiments have of some tables."""
    figures, whole = sum(len(one.figures) for one in tables), sum(one.is_complete for one in tables)
    every = [coverage(one) for one in tables]
    shown = sum(one.shown > 0 for one in every)
    full = sum(one.compared == one.figures > 0 for one in every)
    part = sum(0 < one.compared < one.figures for one in every)
    return (
        f"{len(tables)} tables with {figures} figures; the record holds {whole} of the tables whole.",
        f"Experiments show figures of {shown} tables, with the model beside all of them in {full} and beside "
        f"some in {part}.",
    )
