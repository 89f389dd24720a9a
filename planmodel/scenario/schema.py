"""The schema of a scenario, made from what the components declare.

Pydantic checks every key, type and bound; ``extra="forbid"`` refuses what is not known. A scenario is frozen:
what was read is what ran, and its hash stands in the manifest of every result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, timedelta
from functools import cache, cached_property, lru_cache
from math import inf
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    SerializerFunctionWrapHandler,
    create_model,
    model_serializer,
    model_validator,
)

from planmodel.documented import Record
from planmodel.documented.vocabulary import Firmness, Kind
from planmodel.engine.conditions import ConditionError, condition
from planmodel.engine.decrees import by_member
from planmodel.engine.errors import UserError
from planmodel.engine.parameters import Evidence
from planmodel.scenario import registry
from planmodel.scenario.alike import hold_alike
from planmodel.scenario.data import Data, hashes, record_of, with_data
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.period import STRICT, Period

_MODEL = registry.economy()
Day = date  # where a field is called date
_LONGEST = 36_525  # days: a hundred years
# Of a section only what reads the whole scenario is built, when the first one is read; its defaults are those
# that the tables declare, and were checked there.
_LATER = ConfigDict(**STRICT, defer_build=True)


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


class Work(BaseModel):
    """A named construction work: when it was begun, how large it is, and for which branch."""

    model_config = STRICT
    title: Annotated[str, Field(min_length=3)]
    start: date
    size: Annotated[float, Field(gt=0, le=20)]
    branch: str
    source: Annotated[str, Field(min_length=3)]
    evidence: Evidence
    enabled: bool = True


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
    model: type[BaseModel] = create_model(f"{name}_parameters", __config__=_LATER, **fields)
    return model


@cache
def _section(title: str, kind: str, declared: Economy = _MODEL) -> type[BaseModel]:
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
    else:
        zero = Initial(value=0.0, source="nothing at the start", evidence="assumption")
        fields = {}
        for commodity, accounts in declared.stocks().items():
            stocks = {n: (Initial, Field(zero, description=a.meaning)) for n, a in accounts.items()}
            model = create_model(f"initial_{commodity}", __config__=_LATER, **stocks)  # type: ignore[call-overload]
            fields[commodity] = (model, model.model_construct())
        given = {
            n: (_initial(*v.bounds) | None, Field(None, description=v.meaning))
            for n, v in declared.variables().items()
        }
        group = create_model("initial_variables", __config__=_LATER, **given)  # type: ignore[call-overload]
        fields["variables"] = (group, group.model_construct())
        fields["date"] = (date, Field(declared.opening, description="the day of these stocks and variables"))
    section: type[BaseModel] = create_model(title, __config__=_LATER, **fields)
    return section


def _default(title: str, kind: str) -> BaseModel:
    """Return a section of the model as it is where a scenario says nothing of it."""
    return _section(title, kind).model_construct()


class Layers(tuple[Any, ...]):
    """From what a scenario was laid together; no part of what it is, so that all are equal."""

    def __eq__(self, other: object) -> bool:
        """Tell that scenarios with the same values are the same."""
        return isinstance(other, Layers)

    __hash__ = tuple.__hash__


class ScenarioBase(BaseModel):
    """Everything that defines a run, apart from member numbers and seed.

    ``calibration`` names the fit whose best point the values are, with a hash of them: draws of a posterior
    may take their place.

    ``data`` are figures of the user's own, read from the files that a configuration names: see
    :mod:`planmodel.scenario.data`. ``evidence`` is the least firm mark of figures of the ``record`` that a
    run is compared with; the run itself does not depend on it.

    A ``limiting_case`` may take parameters out of their bounds, which say what history allows: a village
    in which births equal deaths never was, but it must come out as it should.
    """

    model_config = _LATER
    of_economy: ClassVar[Economy] = _MODEL
    economy: Literal["soviet"] = "soviet"
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$")]
    title: str = ""
    description: str = ""
    calibration: Annotated[str, Field(pattern=r"^([A-Za-z0-9_-]+ [0-9a-f]{16})?$")] = ""
    limiting_case: bool = False
    period: Period = Period()
    data: Data = None
    record: dict[str, Annotated[list[str], Field(min_length=1)]] = {}
    evidence: Firmness | None = None
    works: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Work] = {}
    decrees: dict[Annotated[str, Field(pattern=r"^[a-z0-9_]+$")], Decree] = {}
    _layers: Layers = PrivateAttr(default_factory=Layers)  # see planmodel.scenario.origins

    @cached_property
    def documented(self) -> Record:
        """The documented record, together with the figures of ``data``."""
        return record_of(self.data)

    @cached_property
    def declared(self) -> Economy:
        """The economy; it answers to the variables of ``data`` too."""
        return with_data(self.of_economy, self.data)

    @model_validator(mode="after")
    def _begins_with_its_stocks(self) -> Self:
        opening: date = self.initial.date  # type: ignore[attr-defined]
        declared = self.declared.opening
        if opening != declared and not self.limiting_case:
            raise ValueError(
                f"initial.date: {opening} is not the day of the variables, bases and trends that the model "
                f"declares; allowed: {declared}"
            )
        if opening.day != 1:
            raise ValueError(f"initial.date: {opening} is within a month; allowed: {opening.replace(day=1)}")
        self.period.check(opening)
        return self

    @model_validator(mode="after")
    def _record_known(self) -> Self:
        for variable, versions in self.record.items():
            if variable not in self.declared.indicators:
                meant = hint(variable, self.declared.indicators)
                raise ValueError(f"record.{variable}: the model has no such quantity to compare{meant}")
            held = self.documented.versions(variable)
            for version in versions:
                if version not in held:
                    meant = hint(version, held)
                    raise ValueError(f'record.{variable}: "{version}" is not a version of it{meant}')
                mine = self.declared.prices(variable)
                try:
                    hold_alike(f"record.{variable}", self.documented, variable, version, variable, mine)
                except UserError as error:
                    raise ValueError(str(error)) from None
        return self

    @model_validator(mode="after")
    def _works_fit(self) -> Self:
        branches = self.declared.axes.get("branch", ())
        for name, work in self.works.items():
            if work.branch not in branches:
                allowed = ", ".join(f'"{b}"' for b in branches) or "no works in this economy"
                raise ValueError(f'works.{name}.branch: "{work.branch}" is not valid; allowed: {allowed}')
        return self

    @model_validator(mode="after")
    def _openings_read(self) -> Self:
        variables = getattr(getattr(self, "initial", None), "variables", None)
        for name in self.declared.reckoned:
            if getattr(variables, name, None) is not None:
                raise ValueError(
                    f"initial.variables.{name}: has no effect, for it is reckoned anew in the first month "
                    "before anybody reads it; allowed: to leave it out"
                )
        return self

    @model_validator(mode="after")
    def _decrees_fit(self) -> Self:
        known = self.declared.levers()
        issued = {key: decree for key, decree in self.decrees.items() if decree.enabled}
        set_on: dict[tuple[date, str], str] = {}
        for key, decree in issued.items():
            self._issued_within(key, decree)
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
        self._rules_fit(issued)
        return self

    def _issued_within(self, key: str, decree: Decree) -> None:
        """Refuse a decree that is issued outside the period."""
        first, last = self.period.earliest, self.period.end
        for name, day in (("date", decree.date), ("not_before", decree.not_before)):
            if day is not None and not first <= day <= last:
                later = " (or enabled = false)" if day > last else ""
                raise ValueError(
                    f"decrees.{key}.{name}: {day} is outside the period; allowed: {first} to {last}{later}"
                )
        earliest = max(decree.not_before or first, self.period.first_month_end)
        if decree.not_after is not None and decree.not_after < earliest:
            raise ValueError(
                f"decrees.{key}.not_after: {decree.not_after} is before a condition is first looked at; "
                f"allowed: {earliest} or later"
            )

    def _rules_fit(self, issued: dict[str, Decree]) -> None:
        """Refuse conditions that cannot be read, and what would have no effect."""
        for key, decree in issued.items():
            if decree.when is not None:
                try:
                    condition(decree.when, self.declared.published)
                except ConditionError as error:
                    raise ValueError(f"decrees.{key}.when: {error}") from None
            for name in decree.repeals:
                if name == key or name not in self.decrees:
                    others = [other for other in self.decrees if other != key]
                    what = "is this decree itself" if name == key else "is no decree"
                    raise ValueError(f'decrees.{key}.repeals: "{name}" {what}{hint(name, others)}')
        repealed = {name for decree in issued.values() for name in decree.repeals}
        own = by_member(issued)
        for key, decree in issued.items():
            if decree.again and decree.duration is None and key not in repealed:
                raise ValueError(
                    f"decrees.{key}.again: it never ends; allowed: with a duration, or where another decree "
                    "repeals it"
                )
            for lever in decree.effects if key in own else ():
                if lever in self.declared.levers_for_all:
                    raise ValueError(
                        f"decrees.{key}.effects.{lever}: {self.declared.levers_for_all[lever]} asks for this "
                        "lever once for all members; allowed: in a decree with a date that no condition ends"
                    )

    def until(self, end: date) -> Self:
        """Return the scenario cut off after a month, without the decrees that come later.

        Their names are kept in ``period.left_out``.

        Raises
        ------
        ValueError
            If the day is not within the period, or not the last of a month.
        """
        period = self.period.until(end)
        late = [name for name, decree in self.decrees.items() if decree.earliest > end]
        kept = {name: decree for name, decree in self.decrees.items() if name not in late}
        left_out = sorted({*period.left_out, *(name for name in late if self.decrees[name].enabled)})
        period = period.model_copy(update={"left_out": left_out})
        kept = {name: decree.without(late) for name, decree in kept.items()}
        return self.model_copy(update={"period": period, "decrees": kept})

    def __reduce__(self) -> tuple[Any, ...]:
        """Be sent to another process as text: the classes of scenarios are made at run time."""
        return from_json, (self.model_dump_json(exclude_none=True),)

    @property
    def data_hashes(self) -> dict[str, str]:
        """The SHA-256 of each file of figures of the user's own, by name."""
        return hashes(self.data)

    def digest(self) -> str:
        """Return the SHA-256 of the resolved scenario."""
        said = self.model_dump(mode="json")
        for key in (
            "data",
            "evidence",
        ):  # what says nothing of them has the hash of before there were the keys
            if said[key] is None:
                del said[key]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class Scenario(ScenarioBase):
    """A scenario with the sections that the components' declarations make."""

    parameters: _section("Parameters", "parameters") = _default("Parameters", "parameters")  # type: ignore[valid-type]
    switches: _section("Switches", "switches") = _default("Switches", "switches")  # type: ignore[valid-type]
    exogenous: _section("ExogenousInputs", "exogenous")  # type: ignore[valid-type]
    initial: _section("InitialStocks", "initial") = _default("InitialStocks", "initial")  # type: ignore[valid-type]


@cache
def schema_of(economy: str, limiting: bool = False) -> type[Scenario]:
    """Return the schema of the scenarios of an economy: the same sections, from its own declarations.

    Parameters
    ----------
    economy
        Name of a ready economy, or path of its folder.
    limiting
        Whether parameters may leave their bounds: for the tests of limits, not for history.
    """
    parameters = "unbounded parameters" if limiting else "parameters"
    if economy == registry.DEFAULT:
        if not limiting:
            return Scenario
        free = _section("UnboundedParameters", parameters)
        default = _default("UnboundedParameters", parameters)
        return create_model("LimitingCase", __base__=Scenario, parameters=(free, default))
    declared = registry.economy(economy)
    sections = {kind: _section(f"{kind}_{economy}", kind, declared) for kind in ("switches", "initial")}
    sections["parameters"] = _section(f"parameters_{economy}", parameters, declared)
    inputs = _section(f"exogenous_{economy}", "exogenous", declared)
    schema: type[Scenario] = create_model(  # type: ignore[call-overload]
        f"Scenario_{declared.folder.name}",
        __base__=Scenario,
        economy=(Literal[economy], ...),
        exogenous=(inputs, ... if declared.inputs() else inputs.model_construct()),
        **{kind: (section, section.model_construct()) for kind, section in sections.items()},
    )
    schema.of_economy = declared
    return schema


@lru_cache(maxsize=8)  # of a chunk that is sent, the scenario is that of the chunk before
def from_json(text: str) -> Scenario:
    """Return a scenario that was written as JSON, as another process is sent it."""
    said = json.loads(text)
    return schema_of(said["economy"], said["limiting_case"]).model_validate_json(text)
