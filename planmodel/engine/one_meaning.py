"""One name, one meaning: what a function is called, no row of a table and no other function is called.

An auxiliary and a function of the calendar are read by their bare names in all blocks, as rows are. If both
had one name, a reader would get the one or the other, or be refused far from either.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planmodel.engine.axes import Axes
from planmodel.engine.equations import Block, Equation
from planmodel.engine.errors import DeclarationError
from planmodel.engine.spread import Spread
from planmodel.engine.tables import Row

_READ = (
    "constant", "by_month", "stock", "source", "sink", "flow", "variable", "state", "lag", "lever", "input",
)  # fmt: skip
_REMEDY = "a name stands for one thing; allowed: another name for one of the two"


def hold_to_one_meaning(blocks: Sequence[Block], rows: Sequence[Row], spread: Spread) -> None:
    """Refuse a function that has the name of something else.

    Parameters
    ----------
    blocks
        All blocks of the economy.
    rows
        Of all its tables: one may stand for several names, along axes.
    spread
        How they do.

    Raises
    ------
    DeclarationError
        With the places of both.
    """
    functions: dict[str, Equation] = {}
    for function in (f for b in blocks for f in b.functions if not f.phase):
        other = functions.setdefault(function.name, function)
        if other.block != function.block:
            raise DeclarationError(f"{function.place}: {other.place} has this name too; {_REMEDY}")
    shared = {name: row for row in rows if row["kind"] in _READ for name in _names(row, spread)}
    for block in blocks:  # the names of parameters are those of their block
        own = [row for row in rows if row["kind"] == "parameter" and row["block"] == block.name]
        known = shared | {name: row for row in own for name in _names(row, spread)}
        for function in functions.values():
            row = _row_of(function.name, known, spread.axes)
            if row is not None:
                kind = row["kind"].replace("_", " ")
                raise DeclarationError(
                    f"{function.place}: {row.place}, {kind} '{row['name']}', has this name too; {_REMEDY}"
                )


def _names(row: Row, spread: Spread) -> list[str]:
    """Return the names by which equations know a row: ``commodity_account``, if it is an account."""
    return [expanded["name"].replace(".", "_") for expanded in spread.expanded(row)]


def _row_of(name: str, known: Mapping[str, Row], axes: Axes) -> Row | None:
    """Return the row of a name, or the first of those for which it stands together, along an axis."""
    family = None if name in known else axes.family(name, known.__contains__)
    return known.get(family.names[0] if family else name)
