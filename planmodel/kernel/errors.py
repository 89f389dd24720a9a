"""What can go wrong, by who has to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class PlanmodelError(Exception):
    """Base of all errors that planmodel raises on purpose."""


class UserError(PlanmodelError):
    """An input of the user is wrong: shown as one line, exit status 2, without a traceback."""


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
