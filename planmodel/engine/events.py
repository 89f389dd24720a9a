"""The log of what happened, on which day, in which members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from planmodel.engine.types import Mask

Day = date  # the name of a field, below


@dataclass(frozen=True)
class Event:
    """Something that happened on a day in some members (``None``: in all).

    ``later`` is how many days later it happened in each of them; None: on the day in all.
    """

    date: date
    kind: str
    text: str
    members: Mask | None = None
    later: np.ndarray | None = None

    def days(self) -> list[tuple[Day, Mask | None]]:
        """Return the days on which it happened, with the members in which it did."""
        if self.later is None:
            return [(self.date, self.members)]
        there = np.ones(self.later.shape, dtype=bool) if self.members is None else self.members
        days = np.unique(self.later[there]).tolist()
        return [(self.date + timedelta(days=n), there & (self.later == n)) for n in days]


class EventLog:
    """Events in the order in which they happened."""

    def __init__(self, members: int) -> None:
        self._members = members
        self.events: list[Event] = []

    def add(
        self, day: date, kind: str, text: str, members: Mask | None = None, later: np.ndarray | None = None
    ) -> None:
        """Log an event; nothing is logged if it happened in no member. See :class:`Event`."""
        if members is None or np.count_nonzero(members):  # several times as fast as any()
            self.events.append(Event(day, kind, text, None if members is None else members.copy(), later))

    def save(self) -> dict[str, Any]:
        """Return the state, as :meth:`restore` takes it."""
        some = [event.members for event in self.events if event.members is not None]
        later = [event.later for event in self.events if event.later is not None]
        return {
            "events": [
                [e.date.isoformat(), e.kind, e.text, e.members is not None, e.later is not None]
                for e in self.events
            ],
            "members": np.array(some, dtype=bool).reshape(len(some), self._members),
            "later": np.array(later, dtype=np.uint8).reshape(len(later), self._members),
        }

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from a state: what is logged from now on comes after."""
        rows, days = iter(saved["members"]), iter(saved["later"])
        self.events = [
            Event(
                date.fromisoformat(day),
                kind,
                text,
                np.array(next(rows)) if partly else None,
                np.array(next(days)) if own else None,
            )
            for day, kind, text, partly, own in saved["events"]
        ]

    def table(self, member: int | None = None) -> pd.DataFrame:
        """Return the events as a table, of one member (by position) or of all.

        Returns
        -------
        DataFrame
            Columns date, kind, text, share_of_members; sorted by date, kind and text.
        """
        rows = []
        for event in self.events:
            if member is not None and event.members is not None and not event.members[member]:
                continue
            for day, members in event.days():
                if member is None or members is None or members[member]:
                    share = 1.0 if members is None else float(np.mean(members))
                    rows.append((day, event.kind, event.text, share))
        table = pd.DataFrame(rows, columns=["date", "kind", "text", "share_of_members"])
        return table.sort_values(["date", "kind", "text"], kind="stable", ignore_index=True)
