"""Wholes: what a name stands for outside the blocks in which it is spread along an axis.

Where ``grain.barn`` is spread along ``region``, its rows are ``grain.barn_north`` and ``grain.barn_south``,
and ``grain_barn`` is the country's: the sum of them. Of a variable the table says whether it is their sum or
a mean. An equation of another block reads a whole as an auxiliary; when a month ends it is reckoned, by the
same rule, for whoever looks at the books: results, sums, limits and conditions of decrees.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np

from planmodel.engine.board import Board
from planmodel.engine.equations import Block, Declared, Equation, read_equation
from planmodel.engine.errors import DeclarationError, nearest
from planmodel.engine.ledger import Ledger
from planmodel.engine.memory import matrix
from planmodel.engine.rules import total
from planmodel.engine.spread import MEAN, SUM, Spread
from planmodel.engine.tables import Row
from planmodel.engine.types import Array
from planmodel.engine.types import total as total_of

Kind = Literal["stock", "flow", "variable", "state"]
Adding = Callable[
    [Sequence[Array], Sequence[Sequence[Array]]], Callable[[], None]
]  # sums, and the rows of each
_HEADS = ("moved_", "ever_")
LEAST = 1e-9  # a weight is this at least: a mean by what is nothing everywhere is a plain one


@dataclass(frozen=True)
class Whole:
    """A quantity of the country, and the rows that it is of.

    Attributes
    ----------
    name
        As in results: of a stock ``commodity_account``.
    block
        The block of its rows.
    labels
        Of the axis.
    how
        ``sum``, or ``mean`` by another quantity; empty where the table says neither.
    weight
        Of a mean: the name of what it is weighted by, as an equation reads it.
    shares
        Of what is added up: what each label has of it on the first day; empty where nobody says it.
    """

    name: str
    kind: Kind
    block: str
    axis: str
    labels: tuple[str, ...]
    unit: str
    meaning: str
    how: Literal["sum", "mean", ""] = "sum"
    weight: str = ""
    shares: tuple[float, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of its rows, in the order of the labels."""
        return tuple(f"{self.name}_{label}" for label in self.labels)

    def opening(self, value: float | Array) -> list[float | Array]:
        """Return what its rows are on the first day, when it is this: shares of it where it is their sum.

        Raises
        ------
        DeclarationError
            If nobody says the shares.
        """
        if self.how != "sum":
            return [value] * len(self.labels)
        if not self.shares and np.any(value):
            raise DeclarationError(f"'{self.name}' is spread along {self.axis}, and nothing says its shares")
        return [value * share for share in self.shares] or [0.0] * len(self.labels)

    @property
    def recorded(self) -> bool:
        """Whether results have it."""
        return bool(self.how) and self.kind != "state"


def whole_of(name: str, wholes: Mapping[str, Whole]) -> Whole | None:
    """Return the whole that a name in an equation stands for: a flow is read as what it has moved."""
    head = next((h for h in _HEADS if name.startswith(h) and name.removeprefix(h) in wholes), "")
    found = wholes.get(name.removeprefix(head))
    return found if found is not None and (found.kind == "flow") == bool(head) else None


def wholes_of(blocks: Sequence[Block], spread: Spread) -> dict[str, Whole]:
    """Return the wholes of an economy by name: of all that is spread along an axis that is there.

    Raises
    ------
    DeclarationError
        If something else has the name of one, or a mean is weighted by what is spread along no axis.
    """
    units = {c.name: c.unit for block in blocks for c in block.commodities}
    found: dict[str, Whole] = {}
    for block in blocks:
        made: list[tuple[str, Kind, str, str]] = []
        made += [(f.name, "flow", units[f.commodity], f.meaning) for f in _bare(block).flows]
        for account in (a for a in _bare(block).accounts if a.kind == "stock"):
            name = f"{account.commodity}.{account.name}"
            made.append((name, "stock", units[account.commodity], account.meaning))
        for variable in _bare(block).variables:
            kind: Kind = "variable" if variable.recorded else "state"
            made.append((variable.name, kind, variable.unit, variable.meaning))
        for name, kind, unit, meaning in made:
            axis = spread.axes.by_name.get(spread.known.get(name, ""))
            if axis is not None and not axis.left_out:
                whole = Whole(name.replace(".", "_"), kind, block.name, axis.name, axis.labels, unit, meaning)
                whole = replace(whole, shares=spread.numbers.get(axis.name, {}).get(name, ()))
                found[whole.name] = _told(whole, spread.told[name])
    _check(blocks, found, spread)
    return found


def _bare(block: Block) -> Declared:
    return block.bare or block.declared


def _told(whole: Whole, row: Row) -> Whole:
    """Return a whole as its row has it: stocks and flows are added up, variables as the row says."""
    if whole.kind in ("stock", "flow") or row["to"] == SUM:
        return whole
    if row["to"].startswith(MEAN):
        return replace(whole, how="mean", weight=row["to"].removeprefix(MEAN).strip())
    return replace(whole, how="")


def _check(blocks: Sequence[Block], wholes: Mapping[str, Whole], spread: Spread) -> None:
    """Refuse weights that are none, and names that would stand for two things."""
    for whole in (w for w in wholes.values() if w.weight):
        weight = whole_of(whole.weight, wholes)
        if weight is None or weight.axis != whole.axis:
            near = nearest(whole.weight, wholes)
            raise spread.told[whole.name].refuse(
                f"to = '{MEAN}{whole.weight}': nothing that is spread along {whole.axis} has this name.{near}"
            )
    taken = {name: f"variable '{name}'" for b in blocks for v in b.variables if (name := v.name)}
    taken |= {f"{a.commodity}_{a.name}": f"account '{a.name}'" for b in blocks for a in b.accounts}
    taken |= {f.name: f.place for b in blocks for f in b.functions if not f.phase}
    for name in wholes.keys() & taken.keys():
        raise DeclarationError(f"{taken[name]}: its name is that of what is spread along {wholes[name].axis}")


def untold(name: str, wholes: Mapping[str, Whole]) -> str:
    """Say why a name that is spread stands for nothing of the country; empty if it is not spread."""
    whole = whole_of(name, wholes)
    if whole is None:
        return ""
    return (
        f" It is spread along {whole.axis}, and its row does not say what the country's is; allowed: "
        f"{SUM} or {MEAN}NAME in its column to, or to read {name}_{whole.axis}"
    )


# ---- rules, as the auxiliaries that they make --------------------------------------------------------------


def _summed(rows):  # type: ignore[no-untyped-def]
    """Add up all labels."""
    return total(rows, "axis")


def _averaged(rows, weights):  # type: ignore[no-untyped-def]
    """Return a weighted mean of all labels."""
    weight = np.maximum(weights, 1e-9)  # LEAST, as a text that is compiled must say it
    return total(rows * weight, "axis") / total(weight, "axis")


@cache  # chunk after chunk reads the same
def reading(whole: Whole, name: str) -> Equation:
    """Return the auxiliary by which equations read a whole under a name (``moved_...``, if it is a flow)."""
    made = read_equation(_summed if whole.how == "sum" else _averaged, whole.block, "auxiliary")
    names = {"rows": f"{name}_{whole.axis}", "weights": f"{whole.weight}_{whole.axis}", made.name: name}
    tree = _Renamed(names, whole.axis).visit(copy.deepcopy(made.tree))
    return replace(made, name=name, reads=tuple(names[n] for n in made.reads), tree=tree)


class _Renamed(ast.NodeTransformer):
    """Puts names, and that of an axis, in the places of those of a rule."""

    def __init__(self, names: Mapping[str, str], axis: str) -> None:
        self.names, self.axis = names, axis

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name = self.names[node.name]
        return self.generic_visit(node)

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.arg = self.names[node.arg]
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        node.id = self.names.get(node.id, node.id)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        node.value = self.axis if node.value == "axis" else node.value
        return node


# ---- at the end of a month ---------------------------------------------------------------------------------


class Wholes:
    """The wholes of a chunk of members that somebody looks at when a month ends.

    Parameters
    ----------
    known
        All wholes of the economy.
    ledger, board
        The books that hold their rows.
    wanted
        Names of what is looked at, among others; None for all.
    """

    def __init__(
        self, known: Mapping[str, Whole], ledger: Ledger, board: Board, wanted: Collection[str] | None = None
    ) -> None:
        self.known = known
        self.kept = [w for w in known.values() if w.recorded and (wanted is None or w.name in wanted)]
        self.values = matrix(len(self.kept), ledger.members)
        self._row = {w.name: row for w, row in zip(self.kept, self.values, strict=True)}
        held = {f"{c}_{a}": ledger.stock(c, a) for c, a in ledger.held()} if self.kept else {}

        def row(name: str) -> Array:
            if name in board.variables:
                return board[name]
            return held[name] if name in held else ledger.moved(name.removeprefix("moved_"))

        self._rows = [[row(name) for name in w.parts] for w in self.kept]
        self._means = [_Mean(w, row) for w in self.kept if w.weight]
        self._add: Callable[[], None] | None = None

    def compile(self, adding: Adding) -> None:
        """Have those that are sums be added up by compiled code."""
        plain = [at for at, whole in enumerate(self.kept) if not whole.weight]
        if plain:
            self._add = adding([self.values[at] for at in plain], [self._rows[at] for at in plain])

    def row(self, name: str) -> Array | None:
        """Return where a whole is written down month after month; None if nothing has this name."""
        return self._row.get(name)

    def reckon(self) -> None:
        """Reckon all that is looked at, from the books as they are now."""
        if self._add is not None:
            self._add()
        else:
            for whole, value, rows in zip(self.kept, self.values, self._rows, strict=True):
                if not whole.weight:
                    value[:] = total_of(rows)
        for mean in self._means:
            self._row[mean.name][:] = mean.now()


class _Mean:
    """A mean of labels, weighed by a quantity of theirs."""

    def __init__(self, whole: Whole, row: Callable[[str], Array]) -> None:
        self.name = whole.name
        self._values = together([row(name) for name in whole.parts])
        weights = [row(f"{whole.weight}{name.removeprefix(whole.name)}") for name in whole.parts]
        self._weights = together(weights)

    def now(self) -> Array:
        """Return the mean of today, shape ``(members,)``."""
        weights = np.maximum(self._weights, LEAST)
        return total_of(self._values * weights) / total_of(weights)


def together(rows: Sequence[Array]) -> Array | list[Array]:
    """Return rows as one matrix that shows them, if they lie at equal distances; else as they are."""
    places = [row.ctypes.data for row in rows]
    apart = {after - before for before, after in pairwise(places)}
    if len(apart) != 1 or min(apart) <= 0:
        return list(rows)
    return np.lib.stride_tricks.as_strided(rows[0], (len(rows), len(rows[0])), (*apart, rows[0].itemsize))
