"""What stands in the plan document of an economy: quantities that are planned, with what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from planmodel.engine import UserError
from planmodel.scenario.indicators import BETWEEN_YEARS
from planmodel.scenario.names import hint

if TYPE_CHECKING:
    from planmodel.scenario.economy import Economy


@dataclass(frozen=True)
class Planned:
    """A line of the plan document.

    Attributes
    ----------
    title
        What is planned, in words.
    unit
        Of plan and outcome; of a rate a year, the amount of a year.
    plan
        The variable that holds the plan of the year as it stands.
    outcome
        What came of it: an indicator, taken over the year, or a variable, as the year's last month leaves it.
    record
        The variable of the record in which plans as published stand, if any.
    first_month
        Month in which its year begins: July for procurement.
    """

    title: str
    unit: str
    plan: str
    outcome: str
    record: str = ""
    first_month: int = 1


class PlannedEntry(BaseModel):
    """A line of the plan document, as ``economy.toml`` says it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: Annotated[str, Field(min_length=1)]
    plan: str
    outcome: str
    record: str = ""


def planned_of(economy: Economy, entries: Sequence[PlannedEntry], file: object) -> tuple[Planned, ...]:
    """Return the lines of a plan document; each is held to the quantities of the economy.

    Raises
    ------
    UserError
        Naming file, line of the document, what is wrong and what is allowed.
    """
    found = []
    for entry in entries:
        place = f"{file}: plan_document, '{entry.title}'"
        known = economy.variables()
        if entry.plan not in known:
            raise UserError(f"{place}: plan: no variable is called '{entry.plan}'{hint(entry.plan, known)}")
        outcomes = {*economy.indicators, *known}
        if entry.outcome not in outcomes:
            meant = hint(entry.outcome, outcomes)
            raise UserError(f"{place}: outcome: no indicator or variable is called '{entry.outcome}'{meant}")
        of_year = economy.indicators.get(entry.outcome)
        if of_year is not None and of_year.measure in BETWEEN_YEARS:
            raise UserError(
                f"{place}: outcome: '{entry.outcome}' compares years; allowed: an amount or a mean of a year"
            )
        unit, made = (economy.unit_of(name).removesuffix("/year") for name in (entry.plan, entry.outcome))
        if unit != made:
            raise UserError(
                f"{place}: '{entry.plan}' is in {unit}, '{entry.outcome}' in {made}; allowed: one unit"
            )
        first = 1 if of_year is None else of_year.first_month
        found.append(Planned(entry.title, unit, entry.plan, entry.outcome, entry.record, first))
    return tuple(found)
