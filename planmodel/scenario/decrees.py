"""Decrees of a scenario: on a date or by a condition, what they set, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from planmodel.engine.conditions import ConditionError, condition
from planmodel.engine.decrees import by_member
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.period import STRICT, Period

Day = date  # where a field is called date
_LONGEST = 36_525  # days: a hundred years


class Decree(BaseModel):
    """A decree: its day or its condition, what it was, and which levers of policy it sets.

    It is issued on its ``date``, or in each member at the end of the first month in which ``when`` holds
    there. See docs/decrees.md for the grammar and the rules.
    """

    model_config = STRICT
    date: Day | None = None
    when: str | None = None
    title: Annotated[str, Field(min_length=3)]
    source: Annotated[str, Field(min_length=3)]
    effects: dict[str, float] = {}
    delay: Annotated[int, Field(ge=0, le=_LONGEST)] = 0
    duration: Annotated[int, Field(ge=1, le=_LONGEST)] | None = None
    not_before: Day | None = None
    not_after: Day | None = None
    again: bool = False
    repeals: list[str] = []
    enabled: bool = True

    @model_validator(mode="after")
    def _dated_or_ruled(self) -> Self:
        if self.date is None and self.when is None:
            raise ValueError("says neither date nor when; allowed: one of the two")
        if self.date is None:
            return self
        if self.when is not None:
            raise ValueError(".when: there is a date too; allowed: one of the two")
        for key in ("not_before", "not_after", "again"):
            if getattr(self, key):
                raise ValueError(f".{key}: belongs to a decree with a condition; allowed: with when")
        return self

    @property
    def earliest(self) -> Day:
        """The day before which it is not issued: its date, or the first day of its condition."""
        return self.date or self.not_before or Day.min

    def without(self, gone: Collection[str]) -> Decree:
        """Return it as it is where some others are not there."""
        if not set(gone) & set(self.repeals):
            return self
        return self.model_copy(update={"repeals": [name for name in self.repeals if name not in gone]})

    @model_serializer(mode="wrap")
    def _what_is_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what only some decrees say: one with a date alone is written as it always was."""
        said: dict[str, Any] = dump(self)
        for key in ("date", "when", "delay", "duration", "not_before", "not_after", "again", "repeals"):
            if key in said and not said[key]:
                del said[key]
        return said


def check_decrees(decrees: Mapping[str, Decree], declared: Economy, period: Period) -> None:
    """Refuse decrees that do not fit an economy, the days of a run, or each other.

    Raises
    ------
    ValueError
        Naming the key, the value and what is allowed.
    """
    issued = {key: decree for key, decree in decrees.items() if decree.enabled}
    repealed = {name for decree in issued.values() for name in decree.repeals}
    set_on: dict[tuple[date, str], str] = {}
    for key, decree in issued.items():
        _within(key, decree, period)
        _sets_levers(key, decree, declared, set_on)
        _says_a_condition(key, decree, declared)
        _repeals_others(key, decree, decrees)
        if decree.again and decree.duration is None and key not in repealed:
            raise ValueError(
                f"decrees.{key}.again: it never ends; allowed: with a duration, or where another decree "
                "repeals it"
            )
    own = by_member(issued)
    for key, decree in issued.items():
        for lever in decree.effects if key in own else ():
            if lever in declared.levers_for_all:
                where = declared.levers_for_all[lever]
                raise ValueError(
                    f"decrees.{key}.effects.{lever}: {where} asks for this lever once for all members; "
                    "allowed: in a decree with a date that no condition ends"
                )


def _within(key: str, decree: Decree, period: Period) -> None:
    """Refuse a decree that is issued outside the period."""
    first, last = period.earliest, period.end
    for name, day in (("date", decree.date), ("not_before", decree.not_before)):
        if day is not None and not first <= day <= last:
            later = " (or enabled = false)" if day > last else ""
            raise ValueError(
                f"decrees.{key}.{name}: {day} is outside the period; allowed: {first} to {last}{later}"
            )
    earliest = max(decree.not_before or first, period.first_month_end)
    if decree.not_after is not None and decree.not_after < earliest:
        raise ValueError(
            f"decrees.{key}.not_after: {decree.not_after} is before a condition is first looked at; "
            f"allowed: {earliest} or later"
        )


def _sets_levers(key: str, decree: Decree, declared: Economy, set_on: dict[tuple[date, str], str]) -> None:
    """Refuse what is no lever, is out of its bounds, or is set by another decree on the same day."""
    known = declared.levers()
    for lever, value in decree.effects.items():
        place = f"decrees.{key}.effects.{lever}"
        if lever not in known:
            raise ValueError(f"{place}: no such lever of policy{hint(lever, known)}")
        low, high = known[lever].bounds
        if not low <= value <= high:
            raise ValueError(f"{place}: {value:g} is out of bounds; allowed: {low:g} to {high:g}")
        if decree.date is None:
            continue
        begins = decree.date + timedelta(days=decree.delay)
        other = set_on.setdefault((begins, lever), key)
        if other != key:
            same = f"decrees.{other} sets this lever on the same day, {begins}"
            raise ValueError(f"{place}: {value:g} is not valid; {same}")


def _says_a_condition(key: str, decree: Decree, declared: Economy) -> None:
    """Refuse a condition that cannot be read."""
    if decree.when is not None:
        try:
            condition(decree.when, declared.published)
        except ConditionError as error:
            raise ValueError(f"decrees.{key}.when: {error}") from None


def _repeals_others(key: str, decree: Decree, decrees: Mapping[str, Decree]) -> None:
    """Refuse to repeal what is no decree, or itself."""
    for name in decree.repeals:
        if name == key or name not in decrees:
            what = "is this decree itself" if name == key else "is no decree"
            others = [other for other in decrees if other != key]
            raise ValueError(f'decrees.{key}.repeals: "{name}" {what}{hint(name, others)}')
