"""The schema of a scenario, made from what the components declare.

Pydantic checks every key, type and bound; ``extra="forbid"`` refuses what is not known. A scenario is frozen:
what was read is what ran, and its hash stands in the manifest of every result.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache, cached_property, lru_cache
from math import inf
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PrivateAttr,
    create_model,
    model_validator,
)

from planmodel.documented import Record
from planmodel.documented.vocabulary import Firmness, Kind
from planmodel.engine.errors import UserError
from planmodel.engine.parameters import Evidence
from planmodel.scenario import registry
from planmodel.scenario.alike import hold_alike
from planmodel.scenario.data import Data, hashes, record_of, with_data
from planmodel.scenario.decrees import Decree, check_decrees
from planmodel.scenario.economy import Economy
from planmodel.scenario.names import hint
from planmodel.scenario.period import STRICT, Period

_MODEL = registry.economy()
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
        check_decrees(self.decrees, self.declared, self.period)
        return self

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
