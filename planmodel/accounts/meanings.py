"""What the names in a scheme of accounts stand for, and what a run must record for them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from planmodel.accounts.scheme import Entry, Line, Prices, Scheme, product
from planmodel.engine.errors import DeclarationError, nearest

if TYPE_CHECKING:
    from planmodel.scenario.economy import Economy

OF_YEAR = "_of_year"  # of a name: its sum over the calendar year, in each of its months
YEARS = "years_since_base"
Recorded = Literal["recorded", "change", "start"]
Kind = (
    Recorded | Literal["function", "sum", "series", "number", "parameter", "input", "lever", "years", "year"]
)


class Meaning(NamedTuple):
    """What a name stands for: its kind, and the name within it (of a parameter: block and name)."""

    kind: Kind
    of: str
    value: float = 0.0


class Meanings:
    """The names of a scheme, within an economy."""

    def __init__(self, scheme: Scheme, economy: Economy) -> None:
        self.scheme, self.economy = scheme, economy
        self.series = scheme.series
        self._needs: dict[str, frozenset[str]] = {}
        self._found: dict[str, Meaning] = {}
        self._flows: dict[str, list[tuple[str, float]]] = {}

    def check(self) -> None:
        """Refuse names that stand for nothing.

        Raises
        ------
        DeclarationError
            Naming file, where the name is read, and the nearest name.
        """
        for name in self.series:
            self.needs(name)
        for name in self.scheme.functions:
            self._behind(name)

    def needs(self, series: str) -> frozenset[str]:
        """Return the recorded quantities that a series of the accounts is made of."""
        if series not in self._needs:
            found: set[str] = set()
            for name in self._names_of(series):
                found |= self._behind(name)
            self._needs[series] = frozenset(found)
        return self._needs[series]

    def _names_of(self, series: str) -> set[str]:
        """Return the names that a series is reckoned from."""
        if series in self.scheme.own:
            return {series}
        prices, lines = self.made_of[series]
        entries: list[Entry] = [entry for line in lines for entry in line.at(prices)]
        names = {name for e in entries for name in (*e.volume.plus, *e.volume.less)}
        goods = [self.scheme.goods[entry.good] for entry in entries]
        return names | {name for good in goods for name in (good.price, good.index)}

    @cached_property
    def made_of(self) -> dict[str, tuple[Prices, list[Line]]]:
        """The lines that each series of a line or a product adds up, and at which prices."""
        scheme, found = self.scheme, {}
        for prices in scheme.prices.values():
            found[product(prices)] = (prices, scheme.side("use", prices))
            for line in scheme.lines.values():
                if line.stands(prices):
                    beside = [*scheme.side("use", prices), *scheme.side(line.side, prices)]
                    found[line.series(prices)] = (prices, beside if line.rest else [line])
        return found

    def _behind(self, name: str) -> set[str]:
        """Return the recorded quantities behind a name."""
        kind, of, _ = self.meaning(name)
        if kind == "recorded":
            return {of}
        if kind in ("change", "start"):
            return {of, *(flow for flow, _ in self.flows_of(of))}
        if kind == "year":
            return self._behind(of)
        if kind == "series":
            return set(self.needs(of))
        if kind == "function":
            return {n for argument in self.scheme.reads(of) for n in self._behind(argument)}
        if kind == "sum":
            total = self.scheme.sums[of]
            return {n for part in (*total.plus, *total.less) for n in self._behind(part)}
        return set()

    def meaning(self, name: str) -> Meaning:
        """Return what a name stands for.

        Raises
        ------
        DeclarationError
            If it stands for nothing, or for parameters of two blocks.
        """
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = self._resolved(name)
        return found

    def _resolved(self, name: str) -> Meaning:
        scheme, economy = self.scheme, self.economy
        head, _, bare = name.partition("_")
        if name == "1":
            return Meaning("number", name, 1.0)
        if name == YEARS:
            return Meaning("years", name)
        if name in scheme.constants:
            return Meaning("number", name, scheme.constants[name].value)
        for kind, known in (("function", scheme.functions), ("sum", scheme.sums)):
            if name in known:
                return Meaning(kind, name)  # type: ignore[arg-type]
        if name in self.made_of:
            return Meaning("series", name)
        if name.endswith(OF_YEAR):
            return Meaning("year", name.removesuffix(OF_YEAR))
        if head in ("change", "start") and bare in self._stocks:
            return Meaning(head, bare)  # type: ignore[arg-type]
        if name in self._recordable or (head == "moved" and bare in self._recordable):
            return Meaning("recorded", name if name in self._recordable else bare)
        if head == "given" and bare in economy.inputs():
            return Meaning("input", bare)
        if head == "lever" and bare in economy.levers():
            return Meaning("lever", bare)
        constant = economy.constants().get(name)
        if constant is not None and isinstance(constant.value, float):
            return Meaning("number", name, constant.value)
        return self._parameter(name)

    def _parameter(self, name: str) -> Meaning:
        blocks = [block for block, group in self.economy.parameters().items() if name in group]
        if len(blocks) == 1:
            return Meaning("parameter", f"{blocks[0]}.{name}")
        if blocks:
            where = " and ".join(blocks)
            raise DeclarationError(f"{self.scheme.file}: '{name}' is a parameter of {where}")
        known = {*self._recordable, *self.scheme.functions, *self.scheme.sums, *self.scheme.constants}
        raise DeclarationError(f"{self.scheme.file}: nothing is called '{name}'.{nearest(name, known)}")

    @cached_property
    def _recordable(self) -> set[str]:
        return set(self.economy.recorded())

    @cached_property
    def _stocks(self) -> Mapping[str, tuple[str, str]]:
        return {f"{c}_{a}": (c, a) for c, held in self.economy.stocks().items() for a in held}

    def flows_of(self, stock: str) -> list[tuple[str, float]]:
        """Return the flows that lead into a stock and out of it, with their signs."""
        if stock not in self._flows:
            commodity, account = self._stocks[stock]
            of = [f for f in self.economy.flows() if f.commodity == commodity]
            into = [(f.name, 1.0) for f in of if f.destination == account]
            self._flows[stock] = into + [(f.name, -1.0) for f in of if f.source == account]
        return self._flows[stock]
