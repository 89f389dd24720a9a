"""Identities that the series themselves must satisfy, and the places where they are known not to.

An identity compares a left-hand side with a right-hand side at every date where both are known. One that
must hold fails the check when a residual exceeds its tolerance. A documented disagreement carries the reason
why its two sides differ; it is reported, and fails only when the two sides come to agree, since its reason
then no longer describes the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planmodel.documented.accounts_of_industry import INDUSTRY_AND_MONEY
from planmodel.documented.accounts_of_people import PEOPLE_AND_VILLAGE
from planmodel.documented.accounts_of_regions import REGIONS
from planmodel.documented.agreements import AGREEMENTS
from planmodel.documented.catalogue import catalogue
from planmodel.documented.disagreements import DISAGREEMENTS
from planmodel.documented.figures import Comparison, Figures

if TYPE_CHECKING:
    import pandas as pd

HOLDS = "holds"
FAILS = "FAILS"
DISAGREES = "disagrees, as documented"
AGREES_NOW = "AGREES, against the documented reason"


@dataclass(frozen=True)
class Identity:
    """One comparison of two sides of the record.

    Attributes
    ----------
    name
        Short name.
    statement
        The comparison in words, left side first.
    tolerance
        Largest residual that still counts as agreement, in the unit of the two sides.
    sides
        Gives date, left and right side for a set of figures.
    reason
        Why the two sides differ, for a documented disagreement; empty for an identity that must hold.
    """

    name: str
    statement: str
    tolerance: float
    sides: Callable[[Figures], Sequence[Comparison]]
    reason: str = ""

    def table(self, figures: Figures) -> pd.DataFrame:
        """Tabulate date, left, right, residual and whether the two sides agree."""
        import pandas as pd

        rows = pd.DataFrame(self.sides(figures), columns=["date", "left", "right"])
        rows["residual"] = rows["left"] - rows["right"]
        # A residual equal to the tolerance agrees, whatever the last bit of a float says.
        rows["holds"] = rows["residual"].abs() <= self.tolerance * (1 + 1e-9) + 1e-12
        return rows


IDENTITIES: tuple[Identity, ...] = tuple(
    Identity(*declared)
    for declared in (*PEOPLE_AND_VILLAGE, *REGIONS, *INDUSTRY_AND_MONEY, *AGREEMENTS, *DISAGREEMENTS)
)


def check(record: pd.DataFrame | None = None, identities: Iterable[Identity] = IDENTITIES) -> pd.DataFrame:
    """Check the identities.

    Parameters
    ----------
    record
        Table of figures as given by `catalogue`; the record itself by default.
    identities
        What to check; all by default.

    Returns
    -------
    DataFrame
        One row a checked date: identity, date, left, right, residual, tolerance, holds, status, ok, reason.
        ``ok`` is false for an identity that fails and for a documented disagreement that is none.
    """
    import pandas as pd

    figures = Figures(catalogue() if record is None else record)
    tables = []
    for identity in identities:
        rows = identity.table(figures)
        rows.insert(0, "identity", identity.name)
        rows["tolerance"] = identity.tolerance
        good, bad = (DISAGREES, AGREES_NOW) if identity.reason else (HOLDS, FAILS)
        rows["ok"] = rows["holds"] != bool(identity.reason)
        rows["status"] = [good if ok else bad for ok in rows["ok"]]
        rows["reason"] = identity.reason
        tables.append(rows)
    return pd.concat(tables, ignore_index=True)
