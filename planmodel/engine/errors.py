"""What can go wrong, by who has to mend it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


class PlanmodelError(Exception):
    """Base of all errors that planmodel raises on purpose."""


class UserError(PlanmodelError):
    """An input of the user is wrong: shown as one line, exit status 2, without a traceback.

    What a user wrote may stand in the message, whatever it is: it is cut where it is too long for a screen,
    and control characters are written as escapes.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__("\n".join(_shown(line) for line in message.split("\n")))


class StateError(UserError):
    """A saved state is not one, or does not fit the simulation that was to go on from it."""


_LONGEST_LINE = 1200  # characters
_LONGEST_WORD = 400


def _shown(line: str) -> str:
    line = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    line = re.sub(rf"\S{{{_LONGEST_WORD},}}", lambda word: f"{word[0][: _LONGEST_WORD // 2]}...", line)
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 3]}..."


class DeclarationError(PlanmodelError):
    """A component declares something impossible (a flow between unknown accounts, a name used twice)."""


class ConservationError(PlanmodelError):
    """Something appeared or vanished outside a declared flow."""


class NegativeStockError(PlanmodelError):
    """A stock or a flow is negative or not a number."""


class EquationError(PlanmodelError):
    """The arithmetic of an equation failed for one or more members: names component, month and member."""


class ProcessError(PlanmodelError):
    """A process of a component broke off, whoever the members are: a fault of the component."""


def nearest(name: str, allowed: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the nearest allowed name, or an empty string."""
    close = difflib.get_close_matches(name, list(allowed), n=1, cutoff=0.6)
    return f" Did you mean '{close[0]}'?" if close else ""


def same_names(what: str, saved: Iterable[str], here: Iterable[str]) -> None:
    """Refuse a state that has other names, or the same in another order.

    Raises
    ------
    StateError
        Naming those that only one of them has.
    """
    there, now = list(saved), list(here)
    if there == now:
        return
    gone, new = (sorted(set(a) - set(b)) for a, b in ((there, now), (now, there)))
    parts = [f"has the {what}s {few(gone)}, which there are not now"] if gone else []
    parts += [f"lacks the {what}s {few(new)}"] if new else []
    raise StateError(f"the state {' and '.join(parts) or f'has its {what}s in another order'}")


def few(names: Iterable[str], most: int = 6) -> str:
    """Return the first of some names, and how many more there are."""
    listed = list(names)
    more = len(listed) - most
    return f"{', '.join(listed[:most])}{f' and {more} more' if more > 0 else ''}"
