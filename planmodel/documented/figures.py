"""Looking up single figures of the record."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from planmodel.documented.vocabulary import NATIONAL

if TYPE_CHECKING:
    import pandas as pd


class MissingFigureError(ValueError):
    """An identity needs a figure that the record does not hold, or holds more than once."""


class Figures:
    """The figures of a table by variable, version and date, whole country unless a territory is named."""

    def __init__(self, record: pd.DataFrame) -> None:
        self._rows: dict[tuple[str, str], list[tuple[str, float, str, str]]] = {}
        columns = ("variable", "version", "date", "value", "kind", "territory")
        for variable, version, date, value, kind, territory in zip(
            *(record[column] for column in columns), strict=True
        ):
            self._rows.setdefault((variable, version), []).append((date, float(value), kind, territory))

    def dated(
        self, variable: str, version: str, *, kind: str | None = None, territory: str | None = None
    ) -> dict[str, float]:
        """Look up one version by date, leaving out dates with several, such as a low and a high one."""
        found = self._by_date(variable, version, kind, territory)
        return {date: values[0] for date, values in found.items() if len(values) == 1}

    def at(
        self,
        variable: str,
        version: str,
        date: object,
        *,
        kind: str | None = None,
        territory: str | None = None,
    ) -> float:
        """Look up one figure.

        Raises
        ------
        MissingFigureError
            If there is none, or several.
        """
        values = self._by_date(variable, version, kind, territory).get(str(date), [])
        if len(values) != 1:
            count = "several figures" if values else "no figure"
            raise MissingFigureError(f"{variable} ({version}) has {count} for {date}")
        return values[0]

    def lacks(
        self,
        variable: str,
        version: str,
        date: str,
        *,
        kind: str | None = None,
        territory: str | None = None,
    ) -> bool:
        """Tell whether there is no figure at all."""
        return date not in self._by_date(variable, version, kind, territory)

    def parts(
        self, variable: str, version: str, date: str, among: Collection[str], *, kind: str | None = None
    ) -> list[float]:
        """Return the figures of those of some territories that have one.

        Raises
        ------
        MissingFigureError
            If none has.
        """
        values = [
            value
            for its_date, value, its_kind, its_territory in self._rows.get((variable, version), [])
            if its_date == date and its_territory in among and kind in (None, its_kind)
        ]
        if not values:
            raise MissingFigureError(f"{variable} ({version}) has no part of the country for {date}")
        return values

    def _by_date(
        self, variable: str, version: str, kind: str | None, territory: str | None
    ) -> dict[str, list[float]]:
        """Gather the figures of one version by date."""
        among = NATIONAL if territory is None else (territory,)
        found: dict[str, list[float]] = {}
        for date, value, its_kind, its_territory in self._rows.get((variable, version), []):
            if its_territory in among and kind in (None, its_kind):
                found.setdefault(date, []).append(value)
        return found
