"""Rows of a table, one a label: of the axes that braces name, and of the axis over which their block holds.

A block over ``region`` has one row a region of each of its stocks, flows, variables, inputs, draws and
events, though its table does not say so. Braces around the name of the axis, at the end of a name, do the
same for a row of any block. What is so spread has a whole, that of the country: see
:mod:`planmodel.engine.wholes`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from planmodel.engine.axes import Axes
from planmodel.engine.choices import BOUNDS, MORE, SHARE, VALUE, Choice, Labelled, bound, read_labelled

if TYPE_CHECKING:
    from planmodel.engine.tables import Row

ONE = "one"  # in the column ``to``: the row is one for the country, whatever its block is over
SUM, MEAN = "sum", "mean by "  # in that column: what of the rows of a variable is the country's
_KINDS = ("stock", "flow", "variable", "state", "lag", "input", "draw", "event")
_NUMBERED = ("stock", "variable", "state", "parameter")
_WHOLE = ("stock", "flow", "variable", "state")
_TOLD = ("stock", "variable", "state", "input", "draw", "event")  # whose column ``to`` is asked here


class Spread:
    """Which rows of an economy are spread along which axis.

    Parameters
    ----------
    rows
        Of all tables of the economy.
    axes
        Of the economy; along one that is left out, rows are what they are without it.
    over
        By block, the axis over which it holds.
    choices
        Axes that the economy may do without: they have wholes too, and a table of what differs.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        axes: Axes,
        over: Mapping[str, str],
        choices: Sequence[Choice] = (),
    ) -> None:
        self.axes, self.over = axes, over
        self.chosen = tuple(dict.fromkeys([*over.values(), *(choice.axis for choice in choices)]))
        self.known: dict[str, str] = {}  # axis of each spread account, flow and variable, by its bare name
        self.told: dict[str, Row] = {}  # the row of each
        self.inputs: dict[str, str] = {}  # bare names of spread inputs, by name
        self.more: dict[str, dict[str, float]] = {}  # of these, what a label has beyond the country, by date
        numbered: dict[str, dict[str, str]] = {}  # by axis, what may have numbers of its labels: their kind
        for row in rows:
            if row["to"] and row["kind"] != "flow":
                _check_told(row)
            if row["kind"] in _WHOLE and (axis := self.along(row)):
                for name in axes.expand(_bare(row, axis)).names:
                    self.known[name], self.told[name] = axis, row
            if row["kind"] in _NUMBERED and (axis := self.along(row)):
                names = [_prefix(row) + name for name in axes.expand(_bare(row, axis)).names]
                numbered.setdefault(axis, {}).update(dict.fromkeys(names, SHARE if _added(row) else VALUE))
            if row["kind"] == "input" and (axis := self.along(row)):
                numbered.setdefault(axis, {})[f"{_bare(row, axis)}."] = MORE
        self.numbers: Labelled = {
            c.axis: read_labelled(c.table, c.axis, axes.by_name[c.axis].labels, numbered.get(c.axis, {}))
            for c in choices
            if c.there and c.table.is_file()
        }

    @property
    def there(self) -> bool:
        """Whether there is an axis along which something is spread."""
        return any(not self.axes.by_name[axis].left_out for axis in self.known.values())

    def along(self, row: Row) -> str:
        """Return the axis along which a row is spread; empty if along none."""
        written = [axis for axis in self.chosen if row["name"].endswith(f"_{{{axis}}}")]
        over = self.over.get(row["block"], "")
        if written or not over or row["kind"] not in _KINDS:
            return next(iter(written), "")
        if row["kind"] == "lag":
            of = self.axes.expand(row["from"], row["name"]).names
            return over if all(name in self.known for name in of) else ""
        return "" if row["kind"] != "flow" and row["to"] == ONE else over

    def expanded(self, row: Row) -> list[Row]:
        """Return one row a label of the axes in the name, and of that along which it is spread."""
        axes, axis = self.axes, self.along(row)
        pattern = f"{_bare(row, axis)}_{{{axis}}}" if axis else row["name"]
        names = axes.expand(pattern).names
        columns = {
            column: list(axes.expand(row[column], pattern).names if "{" in row[column] else ())
            or [row[column]] * len(names)
            for column in ("from", "to", "meaning", "value", *BOUNDS)
        }
        left_out = not axis or axes.by_name[axis].left_out
        labels = ("",) * len(names) if left_out else axes.expand(f"{{{axis}}}", pattern).names
        for column in ("from", "to") if row["kind"] in ("flow", "lag") else ():
            columns[column] = [
                self._end(row, end, label) for end, label in zip(columns[column], labels, strict=True)
            ]
        if not left_out:
            words = [label.replace("_", " ") for label in labels]
            if f"{{{axis}" not in row["meaning"]:
                columns["meaning"] = [f"{m}, {w}" for m, w in zip(columns["meaning"], words, strict=True)]
            self._put_values(row, axis, names, labels, columns["value"])
            self._put_bounds(row, axis, names, labels, columns)
            if row["kind"] == "input":
                bare = zip(names, labels, strict=True)
                self.inputs |= {name: name.removesuffix(f"_{label}") for name, label in bare}
                self._put_differences(axis, names, labels)
        return [
            row.changed({"name": name} | {column: cells[at] for column, cells in columns.items()})
            for at, name in enumerate(names)
        ]

    def _end(self, row: Row, name: str, label: str) -> str:
        """Return the account that a flow leads from or to, or what a lag is of, at a label."""
        axis = self.known.get(name, "")
        if not axis or self.axes.by_name[axis].left_out:
            return name
        if not label:
            raise row.refuse(
                f"'{name}' is spread along {axis}; allowed: {name}_{{{axis}}} and a name that ends with "
                f"_{{{axis}}}, or a block over {axis}"
            )
        return f"{name}_{label}"

    def _put_differences(self, axis: str, names: Iterable[str], labels: Iterable[str]) -> None:
        """Note what inputs have at a label beyond those of the country."""
        places = self.axes.by_name[axis].labels
        for name, label in zip(names, labels, strict=True):
            for given, numbers in self.numbers.get(axis, {}).items():
                of, _, when = given.rpartition(".")
                if of == name.removesuffix(f"_{label}"):
                    self.more.setdefault(name, {})[when] = numbers[places.index(label)]

    def _put_values(
        self, row: Row, axis: str, names: Iterable[str], labels: Iterable[str], cells: list[str]
    ) -> None:
        """Put in the values that are given by label."""
        if row["kind"] not in _NUMBERED:
            return
        given, places = self.numbers.get(axis, {}), self.axes.by_name[axis].labels
        added = row["kind"] != "stock" and _added(row)
        for at, (name, label) in enumerate(zip(names, labels, strict=True)):
            found = given.get(_prefix(row) + name.removesuffix(f"_{label}"))
            whole = row.number("value", 0.0) if added else 1.0
            if found is not None:
                cells[at] = repr(whole * found[places.index(label)])
            elif added and whole:
                raise row.refuse(f"value = {row['value']} is that of all; nothing says its shares by {axis}")

    def _put_bounds(
        self, row: Row, axis: str, names: Sequence[str], labels: Iterable[str], columns: dict[str, list[str]]
    ) -> None:
        """Put in the bounds of a parameter that are given by label."""
        given, places = self.numbers.get(axis, {}), self.axes.by_name[axis].labels
        for at, (name, label) in enumerate(zip(names, labels, strict=True)):
            for end in BOUNDS:
                found = given.get(bound(end, _prefix(row) + name.removesuffix(f"_{label}")))
                if found is not None:
                    columns[end][at] = repr(found[places.index(label)])


def _added(row: Row) -> bool:
    """Tell whether the whole of a row is the sum of what is spread."""
    return row["kind"] == "stock" or row["to"] == SUM


def _prefix(row: Row) -> str:
    """Return what stands before the name of a row in a table of what differs between labels."""
    return f"{row['block']}." if row["kind"] == "parameter" else ""


def _bare(row: Row, axis: str) -> str:
    """Return the name of a row without the axis along which it is spread."""
    return row["name"].removesuffix(f"_{{{axis}}}")


def _check_told(row: Row) -> None:
    """Refuse what the column ``to`` says where that is nothing known."""
    if row["kind"] not in _TOLD:
        return
    words = [ONE, SUM, f"{MEAN}NAME"] if row["kind"] in ("variable", "state") else [ONE]
    if row["to"] not in words[:2] and not (len(words) > 1 and row["to"].startswith(MEAN)):
        raise row.refuse(f"to = '{row['to']}'; allowed: nothing, {', '.join(words)}")
