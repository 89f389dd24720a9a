"""The sections of a scenario, made from what the components declare."""

from __future__ import annotations

from datetime import date
from functools import cache
from math import inf
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    create_model,
    model_serializer,
    model_validator,
)

from planmodel.documented.vocabulary import Kind
from planmodel.engine.parameters import Evidence
from planmodel.scenario import registry
from planmodel.scenario.economy import Economy
from planmodel.scenario.period import STRICT

MODEL = registry.economy()
# Of a section only what reads the whole scenario is built, when the first one is read; its defaults are those
# that the tables declare, and were checked there.
LATER = ConfigDict(**STRICT, defer_build=True)


class Initial(BaseModel):
    """What an account holds on the day of the opening stocks, and how we know."""

    model_config = STRICT
    value: Annotated[float, Field(ge=0)]
    source: Annotated[str, Field(min_length=3)]
    evidence: Evidence


class Exogenous(BaseModel):
    """A dated series that the model reads: from the record, or given here with its source.

    ``reading``: ``year`` takes the value of the calendar year, ``interpolate`` draws a line between dates
    (a calendar-year value stands at mid-year). Before the first and after the last date the nearest holds,
    and a note says so. ``territory`` and ``kind`` choose among several figures of a date in the record.
    ``unit`` is that of the values; where the model expects another they are converted. ``scale`` is a pure
    number. ``replace`` takes the table whole, in place of what a scenario below says of the series.
    """

    model_config = STRICT
    series: str | None = None
    version: str | None = None
    territory: str | None = None
    kind: Kind | None = None
    values: dict[Annotated[str, Field(pattern=r"^\d{4}(-\d{2}-\d{2})?$")], float] | None = None
    unit: str | None = None
    source: str | None = None
    evidence: Evidence | None = None
    reading: Literal["year", "interpolate"] = "interpolate"
    scale: float = 1.0
    replace: bool = Field(default=False, exclude=True)

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.series is None) == (self.values is None):
            raise ValueError("give either series (with version) or values (with unit and source)")
        if self.series is not None and self.version is None:
            raise ValueError("a series of the record needs its version")
        if self.values is None:
            return self
        for key in ("version", "territory", "kind"):
            if getattr(self, key) is not None:
                raise ValueError(f".{key}: belongs to a series of the record; allowed: with series")
        if not (self.values and self.unit and self.source and self.evidence):
            raise ValueError("values need unit, source and evidence, and at least one value")
        days: dict[date, str] = {}
        for text in self.values:
            try:
                day = date(int(text), 7, 1) if len(text) == 4 else date.fromisoformat(text)
            except ValueError:
                raise ValueError(f".values.{text}: there is no such day") from None
            if days.setdefault(day, text) != text:
                raise ValueError(f".values.{text}: '{days[day]}' stands for the same day, {day}")
        return self


class Work(BaseModel):
    """A named construction work: when it was begun, how large it is, and for which branch.

    It begins on its ``start``, or in each member on the day on which a ``decree`` takes effect there. What
    prisoners build says how many million (``inmates``); ``years`` to build it are those of its branch unless
    they are said.
    """

    model_config = STRICT
    title: Annotated[str, Field(min_length=3)]
    start: date | None = None
    decree: str | None = None
    size: Annotated[float, Field(gt=0, le=20)]
    branch: str
    years: Annotated[float, Field(gt=0.1, le=20)] | None = None
    inmates: Annotated[float, Field(gt=0, le=1)] | None = None
    source: Annotated[str, Field(min_length=3)]
    evidence: Evidence
    enabled: bool = True

    @model_validator(mode="after")
    def _dated_or_decreed(self) -> Self:
        if self.start is None and self.decree is None:
            raise ValueError("says neither start nor decree; allowed: one of the two")
        if self.start is not None and self.decree is not None:
            raise ValueError(".decree: there is a start too; allowed: one of the two")
        return self

    @model_serializer(mode="wrap")
    def _what_is_said(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what only some works say: one with a start is written as it always was."""
        said: dict[str, Any] = dump(self)
        return {key: value for key, value in said.items() if value is not None}


@cache
def _initial(low: float, high: float) -> type[Initial]:
    """Make the schema of an opening value within bounds."""
    if (low, high) == (0.0, inf):
        return Initial
    bound = Field(ge=low) if high == inf else Field(ge=low, le=high)
    return create_model(f"Initial_{low:g}_{high:g}", __base__=Initial, value=(Annotated[float, bound], ...))


@cache
def _group(declared: Economy, name: str, bounded: bool = True) -> type[BaseModel]:
    """Make the schema of one component's parameters from their declarations."""
    fields: dict[str, Any] = {
        key: (
            Annotated[
                float,
                Field(
                    ge=p.bounds[0] if bounded else None,
                    le=p.bounds[1] if bounded else None,
                    description=f"{p.meaning} [{p.unit}]; {p.source} ({p.evidence})",
                ),
            ],
            p.default,
        )
        for key, p in declared.parameters()[name].items()
    }
    model: type[BaseModel] = create_model(f"{name}_parameters", __config__=LATER, **fields)
    return model


@cache
def section_of(title: str, kind: str, declared: Economy = MODEL) -> type[BaseModel]:
    """Make the schema of a whole section from the declarations of an economy."""
    fields: dict[str, Any]
    if kind in ("parameters", "unbounded parameters"):
        bounded = kind == "parameters"
        groups = {name: _group(declared, name, bounded) for name in declared.parameters()}
        fields = {name: (group, group.model_construct()) for name, group in groups.items()}
    elif kind == "switches":
        fields = {n: (bool, Field(True, description=s.meaning)) for n, s in declared.switches().items()}
    elif kind == "exogenous":
        fields = {n: (Exogenous, Field(description=i.meaning)) for n, i in declared.inputs().items()}
        own = declared.inputs_of_labels
        fields |= {n: (Exogenous | None, Field(None, description=i.meaning)) for n, i in own.items()}
    else:
        zero = Initial(value=0.0, source="nothing at the start", evidence="assumption")
        fields = {}
        for commodity, accounts in declared.stocks().items():
            stocks = {n: (Initial, Field(zero, description=a.meaning)) for n, a in accounts.items()}
            model = create_model(f"initial_{commodity}", __config__=LATER, **stocks)  # type: ignore[call-overload]
            fields[commodity] = (model, model.model_construct())
        given = {
            n: (_initial(*v.bounds) | None, Field(None, description=v.meaning))
            for n, v in declared.variables().items()
        }
        group = create_model("initial_variables", __config__=LATER, **given)  # type: ignore[call-overload]
        fields["variables"] = (group, group.model_construct())
        fields["date"] = (date, Field(declared.opening, description="the day of these stocks and variables"))
    section: type[BaseModel] = create_model(title, __config__=LATER, **fields)
    return section


def default_of(title: str, kind: str) -> BaseModel:
    """Return a section of the model as it is where a scenario says nothing of it."""
    return section_of(title, kind).model_construct()
