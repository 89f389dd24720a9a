"""The folder of an economy: what its ``economy.toml`` says, and the tables beside it.

``economy.toml`` says the phases of a month and the seasons of a year, the day of its stocks and bases, what a
run of it shows, and limits of plausibility. Chapters (a module of equations and a table each) are found by
themselves; it may say in which order a reader meets them.
``indicators.csv``, where there is one, has the totals that economists compare; ``figures.toml`` the figures;
``accounts.csv`` and ``accounts.py`` the accounts of the nation.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from planmodel.accounts.scheme import Scheme, read_scheme
from planmodel.engine import DeclarationError, Phase, Season, UserError
from planmodel.engine.axes import Axes
from planmodel.engine.choices import Choice
from planmodel.engine.equations import Block
from planmodel.engine.folder import chapters_of, load_axes, load_blocks, module_of
from planmodel.engine.limits import Limit
from planmodel.engine.units import STANDARD, UnitError, Units
from planmodel.scenario.choices import RESERVED, Version, parted
from planmodel.scenario.economy import Balance, Economy
from planmodel.scenario.explain import Layer, explain
from planmodel.scenario.indicators import Compared, Indicator, Measure
from planmodel.scenario.names import hint
from planmodel.scenario.plan_document import PlannedEntry, planned_of
from planmodel.scenario.toml import read_toml

FILE = "economy.toml"
PRIORS = "priors.csv"  # densities of what is estimated: they decide no number of a run
_WORD = r"^[a-z0-9_]+$"
_STRICT = ConfigDict(extra="forbid", frozen=True)
_COLUMNS = (
    "name", "title", "unit", "measure", "parts", "over", "less", "first_month", "theme", "given", "prices",
)  # fmt: skip


class PhaseEntry(BaseModel):
    """A step of the month."""

    model_config = _STRICT
    name: str
    days: list[Annotated[int, Field(ge=0, le=31)]] = [0]


class SeasonEntry(BaseModel):
    """Months in which a phase has a name of its own."""

    model_config = _STRICT
    name: str
    phase: str
    months: list[Annotated[int, Field(ge=1, le=12)]]


class LimitEntry(BaseModel):
    """A range that no reading of the record leaves."""

    model_config = _STRICT
    name: str
    parts: list[str]
    over: list[str] = []
    low: float
    high: float
    unit: str
    why: str
    span: Literal["month", "year", "mean"] = "month"


class ComparedEntry(BaseModel):
    """A quantity by which scenarios are compared."""

    model_config = _STRICT
    name: str
    title: str
    unit: str
    parts: Annotated[list[str], Field(min_length=1)]
    since_start: bool = False


class BalanceEntry(BaseModel):
    """A balance: the commodity it is drawn from, and its year; of money, who creates and withdraws it."""

    model_config = _STRICT
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
    commodity: str
    first_month: Annotated[int, Field(ge=1, le=12)] = 1
    shown: int | None = None
    creator: str = ""


class VersionEntry(BaseModel):
    """A key of scenarios that says whether an axis is there."""

    model_config = _STRICT
    axis: str
    without: Annotated[str, Field(pattern=_WORD)]
    along: Annotated[str, Field(pattern=_WORD)]
    usual: str = ""


class ApartEntry(BaseModel):
    """An equation whose units do not meet, and why that is right."""

    model_config = _STRICT
    equation: str
    why: Annotated[str, Field(min_length=1)]


class EconomyFile(BaseModel):
    """What ``economy.toml`` says."""

    model_config = _STRICT
    title: str
    opening: date
    chapters: list[str] = []
    phases: Annotated[list[PhaseEntry], Field(min_length=1)]
    seasons: list[SeasonEntry] = []
    shown: list[str] = []
    themes: list[str] = []
    monthly_paths: bool = False
    limits: list[LimitEntry] = []
    compared: list[ComparedEntry] = []
    compared_years: list[int] = []
    shown_years: list[int] = []
    balances: list[BalanceEntry] = []
    reading: str = ""
    reckoned: list[str] = []
    units_apart: list[ApartEntry] = []
    plan_document: list[PlannedEntry] = []
    versions: dict[Annotated[str, Field(pattern=_WORD)], VersionEntry] = {}


def read_economy(folder: Path, name: str) -> Economy:
    """Read an economy from its folder; its modules are run.

    Parameters
    ----------
    name
        Its name, which may say what is chosen of it: see :mod:`planmodel.scenario.choices`.

    Raises
    ------
    UserError
        Naming file, place and what is wrong.
    """
    file = folder / FILE
    tree = read_toml(file)
    try:
        said = EconomyFile.model_validate(tree)
    except ValidationError as error:
        raise UserError(explain(error, [Layer(str(file), tree)], EconomyFile)) from None
    try:
        chapters = chapters_of(folder, said.chapters)
        if not chapters:
            raise UserError(
                f"{file}: no chapter beside it; allowed: a module of equations and its table (.csv)"
            )
        versions, choices = _chosen(said, folder, parted(name)[1])
        blocks = load_blocks(folder, chapters, said.opening, choices=choices)
        shared = blocks[0].shared if blocks else None
        axes = shared.axes if shared else load_axes(folder, chapters)
        units = shared.units if shared else STANDARD
        _hold_to_units(said, units)
        accounts = _accounts(folder, axes, units)
    except (DeclarationError, UnitError, SyntaxError, OSError) as error:
        raise UserError(f"{folder}: {error}") from None
    declared = Economy(
        name,
        [block for block in blocks if any(f.phase for f in block.functions)],
        [Phase(p.name, tuple(p.days)) for p in said.phases],
        said.opening,
        [Season(s.name, s.phase, tuple(s.months)) for s in said.seasons],
        shown=said.shown,
        limits=[_limit(entry, axes) for entry in said.limits],
        indicators=read_indicators(folder / "indicators.csv", axes, units),
        title=said.title,
        folder=folder,
        themes=said.themes,
        compared=[
            Compared(c.name, c.title, c.unit, _names(c.parts, axes), c.since_start) for c in said.compared
        ],
        compared_years=said.compared_years,
        shown_years=said.shown_years,
        balances=[_balance(entry, blocks, file) for entry in said.balances],
        reading=" ".join(said.reading.split()),
        reckoned=said.reckoned,
        monthly_paths=said.monthly_paths,
        axes={axis.name: axis.labels for axis in axes.by_name.values() if not axis.left_out},
        units_apart={entry.equation: entry.why for entry in said.units_apart},
        accounts=accounts,
        versions=versions,
    )
    declared.planned = planned_of(declared, said.plan_document, file)
    if declared.accounts is not None:
        try:
            declared.accounts.check()
        except DeclarationError as error:
            raise UserError(str(error)) from None
    for key, names, known in (
        ("shown", said.shown, set(declared.recordable())),
        ("reckoned", said.reckoned, set(declared.variables())),
    ):
        for named in names:
            if named not in known:
                raise UserError(f"{file}: {key}: no quantity is called '{named}'{hint(named, known)}")
    if not folder.resolve().is_relative_to(Path(__file__).parents[1]):
        check_dimensions(declared)  # of the ready economies a test does it: it takes a second or two
    return declared


def _chosen(said: EconomyFile, folder: Path, chosen: Mapping[str, str]) -> tuple[list[Version], list[Choice]]:
    """Return the choices that scenarios have, and which axes are there as it was chosen."""
    versions, choices = [], []
    for key, entry in said.versions.items():
        place = f"{folder / FILE}: versions.{key}"
        version = Version(key, entry.axis, entry.without, entry.along, entry.usual or entry.without)
        if key in RESERVED:
            raise UserError(f"{place}: is a key that all scenarios have; allowed: another name")
        if version.usual not in version.allowed or version.without == version.along:
            raise UserError(f"{place}.usual: '{version.usual}'; allowed: one of two words, {version.allowed}")
        if chosen.get(key, version.usual) not in version.allowed:
            raise UserError(f"{place}: '{chosen[key]}'; allowed: {', '.join(version.allowed)}")
        versions.append(version)
        there = chosen.get(key, version.usual) == version.along
        choices.append(Choice(entry.axis, there, folder / f"{key}.csv"))
    for key in chosen.keys() - said.versions.keys():
        known = hint(key, said.versions) or "; allowed: none"
        raise UserError(f"{folder / FILE}: versions: the economy has no choice '{key}'{known}")
    return versions, choices


def _accounts(folder: Path, axes: Axes, units: Units) -> Scheme | None:
    """Read the scheme of accounts of an economy; None where there is none."""
    file = folder / "accounts.csv"
    return read_scheme(file, module_of(folder, file.stem), axes, units) if file.is_file() else None


def _balance(entry: BalanceEntry, blocks: Sequence[Block], file: Path) -> Balance:
    known = {c.name: c for block in blocks for c in block.commodities}
    if entry.commodity not in known:
        meant = hint(entry.commodity, known)
        raise UserError(f"{file}: balances.{entry.name}: no commodity is called '{entry.commodity}'{meant}")
    unit = known[entry.commodity].unit
    return Balance(entry.name, entry.commodity, unit, entry.first_month, entry.shown, entry.creator)


def check_dimensions(economy: Economy) -> tuple[int, tuple[str, ...]]:
    """Run the equations of an economy on units; return how many meet, and what procedures were not checked.

    Raises
    ------
    UserError
        With place, text, names and units of all that does not meet.
    """
    from planmodel.engine.dimensions import hold_to_dimensions

    try:
        return hold_to_dimensions(economy.shared, economy.units_apart)
    except DeclarationError as error:
        raise UserError(str(error)) from None


def _hold_to_units(said: EconomyFile, units: Units) -> None:
    """Refuse units of limits and comparisons that are not written as in the vocabulary."""
    limits = [(entry.name, entry.unit) for entry in said.limits]
    for name, unit in limits + [(entry.name, entry.unit) for entry in said.compared]:
        try:
            units.check(unit)
        except UnitError as error:
            raise UnitError(f"{FILE}: {name}: {error}") from None


def _limit(entry: LimitEntry, axes: Axes) -> Limit:
    parts, over = _names(entry.parts, axes), _names(entry.over, axes)
    return Limit(entry.name, parts, entry.low, entry.high, entry.unit, entry.why, entry.span, over)


def _names(patterns: Sequence[str], axes: Axes) -> tuple[str, ...]:
    """Return names, one a label of the axes in a pattern."""
    return tuple(name for pattern in patterns for name in axes.expand(pattern).names)


def read_indicators(file: Path, axes: Axes, units: Units) -> tuple[Indicator, ...]:
    """Read the indicators of an economy; none where there is no table of them.

    Raises
    ------
    UserError
        Naming file, line and what is wrong.
    """
    if not file.is_file():
        return ()
    found = []
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines, skipinitialspace=True)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        unknown = [c for c in reader.fieldnames if c not in _COLUMNS]
        if unknown:
            raise UserError(f"{file}:1: no column is called '{unknown[0]}'; allowed: {', '.join(_COLUMNS)}")
        for cells in reader:
            row: dict[str, Any] = {key: (value or "").strip() for key, value in cells.items() if key}
            place = f"{file}:{reader.line_num}: {row.get('name', '')}"
            if row["measure"] not in get_args(Measure):
                allowed = ", ".join(get_args(Measure))
                raise UserError(f"{place}: measure '{row['measure']}'; allowed: {allowed}")
            try:
                units.check(row["unit"])
                parts, over, less = (_names(row[c].split(), axes) for c in ("parts", "over", "less"))
            except (DeclarationError, UnitError) as error:
                raise UserError(f"{place}: {error}") from None
            month = int(row["first_month"] or 1)
            found.append(
                Indicator(
                    row["name"], row["title"], row["unit"], row["measure"], parts, over, less, month,
                    row["theme"], row["given"], row.get("prices", ""),
                )
            )  # fmt: skip
    return tuple(found)
