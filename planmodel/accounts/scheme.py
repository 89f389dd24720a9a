"""The scheme of accounts that an economy declares: goods and prices, lines of three sides, what enters where.

Rows of ``accounts.csv``, by kind:

- ``prices``: a valuation; ``value`` is its base year, none for the prices paid in the year;
- ``constant``: a convention of the accounts, with unit, source and evidence;
- ``sum``: a name for what ``plus`` adds up and ``less`` takes off;
- ``good``: its ``price`` in the first base year (billion roubles a unit), and the ``index`` of it;
- ``line``: a line of a side (``line`` names the side: origin, use or income);
- ``entry``: quantities of a ``good`` that belong to a line, at all prices or at ``constant`` or ``current``;
- ``rest``: the line of a side that takes what closes it;
- ``growth``: of the accounting of growth, ``plus`` over ``less``; ``value`` is the elasticity of the product
  to it, none for the product itself;
- ``series``: a function of ``accounts.py`` that is recorded in its own name; ``value`` is its kind.
"""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args

from planmodel.engine import Array
from planmodel.engine.axes import Axes
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.on_arithmetic import remade
from planmodel.engine.texts import parsed
from planmodel.engine.units import UnitError, Units

Side = Literal["origin", "use", "income"]
SIDES: tuple[Side, ...] = get_args(Side)
When = Literal["", "constant", "current"]
KINDS = ("prices", "constant", "sum", "good", "line", "entry", "rest", "growth", "series")
RECORDED_AS = ("stock", "flow", "variable")
COLUMNS = (
    *("kind", "name", "line", "good", "plus", "less", "prices"),
    *("price", "index", "unit", "value", "meaning", "source", "evidence"),
)


@dataclass(frozen=True)
class Prices:
    """A valuation: at the prices of a base year, or (no base) at those of the day."""

    name: str
    base: int | None
    unit: str
    meaning: str

    @property
    def when(self) -> When:
        """Which entries it values."""
        return "current" if self.base is None else "constant"


@dataclass(frozen=True)
class Convention:
    """A number that the accounts rest on, and no run changes."""

    name: str
    value: float
    unit: str
    meaning: str
    source: str
    evidence: str


@dataclass(frozen=True)
class Sum:
    """Quantities added up, less others."""

    plus: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True)
class Good:
    """What is valued at one price wherever it stands."""

    name: str
    price: str
    index: str
    meaning: str


@dataclass(frozen=True)
class Entry:
    """Quantities of a good in a line."""

    good: str
    volume: Sum
    when: When


@dataclass
class Line:
    """A line of a side; ``rest`` takes what closes its side at constant prices."""

    side: Side
    name: str
    meaning: str
    entries: list[Entry] = field(default_factory=list)
    rest: bool = False

    def at(self, prices: Prices) -> list[Entry]:
        """Return the entries that a valuation values."""
        return [entry for entry in self.entries if entry.when in ("", prices.when)]

    def stands(self, prices: Prices) -> bool:
        """Tell whether a valuation has this line."""
        return bool(self.at(prices)) or (self.rest and prices.base is not None)

    def series(self, prices: Prices) -> str:
        """Return the name under which it is recorded."""
        return f"{self.side}_{self.name}_{prices.name}"


@dataclass(frozen=True)
class Source:
    """What growth is accounted to: quantities over others, by the elasticity of the product to them."""

    name: str
    meaning: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    elasticity: float | None


@dataclass(frozen=True)
class Series:
    """What the accounts add to a record: a name, what it is, whether it flows, and the year of its prices."""

    name: str
    unit: str
    kind: str
    meaning: str
    base: int | None = None


@dataclass
class Scheme:
    """All that the tables and functions of an economy say of its accounts."""

    file: Path
    prices: dict[str, Prices] = field(default_factory=dict)
    constants: dict[str, Convention] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    goods: dict[str, Good] = field(default_factory=dict)
    lines: dict[tuple[Side, str], Line] = field(default_factory=dict)
    growth: dict[str, Source] = field(default_factory=dict)
    own: dict[str, Series] = field(default_factory=dict)
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    _reads: dict[str, tuple[str, ...]] = field(default_factory=dict)
    volumes: dict[Sum, Sum] = field(default_factory=dict)  # one object for equal sums: each is reckoned once

    def side(self, side: Side, prices: Prices) -> list[Line]:
        """Return the lines of a side that a valuation has, in the order of the table."""
        return [line for line in self.lines.values() if line.side == side and line.stands(prices)]

    @property
    def series(self) -> dict[str, Series]:
        """All series of the accounts by name: the product, every line at every price, and what else is."""
        found = dict(self.own)
        for prices in self.prices.values():
            whole = f"gross national product, {prices.meaning}"
            total = Series(product(prices), prices.unit, "flow", whole, prices.base)
            found[total.name] = total
            for side in SIDES:
                for line in self.side(side, prices):
                    name = line.series(prices)
                    meaning = f"{side}: {line.meaning}, {prices.meaning}"
                    found[name] = Series(name, prices.unit, "flow", meaning, prices.base)
        return found

    def reads(self, function: str) -> tuple[str, ...]:
        """Return the arguments of a function of ``accounts.py``."""
        if function not in self._reads:
            self._reads[function] = tuple(inspect.signature(self.functions[function]).parameters)
        return self._reads[function]


def product(prices: Prices) -> str:
    """Return the name under which the product at some prices is recorded."""
    return f"gnp_{prices.name}"


def read_scheme(file: Path, module: ModuleType, axes: Axes, units: Units) -> Scheme:
    """Read a scheme of accounts.

    Parameters
    ----------
    file
        The table.
    module
        Its functions.

    Raises
    ------
    DeclarationError
        Naming file, line and what is wrong.
    """
    scheme = Scheme(file, functions=_functions(module))
    with file.open(newline="", encoding="utf-8") as lines:
        reader = csv.DictReader(lines, skipinitialspace=True)
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
        unknown = [c for c in reader.fieldnames if c not in COLUMNS]
        if unknown:
            raise DeclarationError(f"{file}:1: no column is called '{unknown[0]}': {', '.join(COLUMNS)}")
        for cells in reader:
            row = dict.fromkeys(COLUMNS, "") | {k: (v or "").strip() for k, v in cells.items() if k}
            try:
                _put(scheme, row, axes, units)
            except (DeclarationError, UnitError) as error:
                place = f"{file}:{reader.line_num}: {row['kind']} '{row['name']}'"
                raise DeclarationError(f"{place}: {error}") from None
    return scheme


def _functions(module: ModuleType) -> dict[str, Callable[..., Array]]:
    """Return the functions of a module, with our own arithmetic in the place of NumPy's."""
    own = {n: f for n, f in vars(module).items() if inspect.isfunction(f) and f.__module__ == module.__name__}
    return {name: remade(function, parsed(function), {}) for name, function in own.items()}


def _put(scheme: Scheme, row: Mapping[str, str], axes: Axes, units: Units) -> None:
    """Put a row into a scheme."""
    kind, name, side = row["kind"], row["name"], row["line"]
    if kind not in KINDS:
        raise DeclarationError(f"no such kind.{nearest(kind, KINDS)} Allowed: {', '.join(KINDS)}")
    if row["unit"]:
        units.check(row["unit"])
    if kind == "prices":
        base = int(_number(row)) if row["value"] else None
        scheme.prices[name] = Prices(name, base, row["unit"], row["meaning"])
    elif kind == "constant":
        scheme.constants[name] = Convention(
            name, _number(row), row["unit"], row["meaning"], row["source"], row["evidence"]
        )
    elif kind == "sum":
        scheme.sums[name] = _sum(row, axes)
    elif kind == "good":
        scheme.goods[name] = Good(name, row["price"], row["index"], row["meaning"])
    elif kind == "growth":
        of, elasticity = _sum(row, axes), _number(row) if row["value"] else None
        scheme.growth[name] = Source(name, row["meaning"], of.plus, of.less, elasticity)
    elif kind == "series":
        _one_of("value", row["value"], RECORDED_AS)
        scheme.own[name] = Series(name, row["unit"], row["value"], row["meaning"])
    else:
        _one_of("line", side, SIDES)
        _put_line(scheme, row, side, axes)  # type: ignore[arg-type]


def _put_line(scheme: Scheme, row: Mapping[str, str], side: Side, axes: Axes) -> None:
    """Put a line, an entry of it, or the rest of a side into a scheme."""
    key = (side, row["name"])
    if row["kind"] == "line":
        if key in scheme.lines:
            raise DeclarationError("stands twice")
        scheme.lines[key] = Line(side, row["name"], row["meaning"])
        return
    if key not in scheme.lines:
        known = [name for at, name in scheme.lines if at == side]
        raise DeclarationError(f"no line of {side} is called so.{nearest(row['name'], known)}")
    if row["kind"] == "rest":
        scheme.lines[key].rest = True
        return
    _one_of("good", row["good"], scheme.goods)
    _one_of("prices", row["prices"], get_args(When))
    volume = _sum(row, axes)
    kept = scheme.volumes.setdefault(volume, volume)
    scheme.lines[key].entries.append(Entry(row["good"], kept, row["prices"]))  # type: ignore[arg-type]


def _sum(row: Mapping[str, str], axes: Axes) -> Sum:
    plus, less = (_names(row[column].split(), axes) for column in ("plus", "less"))
    return Sum(plus, less)


def _names(patterns: Sequence[str], axes: Axes) -> tuple[str, ...]:
    return tuple(name for pattern in patterns for name in axes.expand(pattern).names)


def _number(row: Mapping[str, str]) -> float:
    try:
        return float(row["value"])
    except ValueError:
        raise DeclarationError(f"value '{row['value']}' is no number") from None


def _one_of(column: str, value: str, allowed: Any) -> None:
    if value not in allowed:
        shown = ", ".join(word or "(empty)" for word in allowed)
        raise DeclarationError(f"{column} '{value}'.{nearest(value, allowed)} Allowed: {shown}")
