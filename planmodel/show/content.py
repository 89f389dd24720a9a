"""What is shown, before it is put on a screen, a page or in a file.

A :class:`Result` is what a method hands on: what is read from top to bottom (sentences, tables, figures), the
tables whole for other programs, how its figures are drawn, and the manifest. Everything here is plain text;
nothing may hold markup, and each renderer escapes what its medium would read as such.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from planmodel.show.numbers import NONE, Writer, is_number, text_of
from planmodel.show.plot import data_uri

_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+(?:e[+-]?\d+)?")


@dataclass(frozen=True)
class Text:
    """A paragraph; a quiet one explains, and is set back on a screen."""

    text: str
    quiet: bool = False
    kind: ClassVar[str] = "text"


@dataclass(frozen=True)
class Note:
    """A paragraph that the reader must not miss: a doubt, or what is missing."""

    text: str
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Commands:
    """Lines to give to a shell."""

    lines: tuple[str, ...]
    kind: ClassVar[str] = "commands"


@dataclass(frozen=True)
class Cell:
    """What a cell shows, and what it is sorted by where that is a number."""

    text: str
    order: str = ""
    number: bool = False

    @property
    def style(self) -> str:
        """How it is set on a page: a number to the right, a long word broken, long text not too narrow."""
        if self.number:
            return "number"
        if max(map(len, self.text.split()), default=0) > 24:
            return "long"
        return "prose" if len(self.text) > 40 else ""


@dataclass(frozen=True)
class Column:
    """A column of a table as it is shown.

    Attributes
    ----------
    heading
        Above it.
    write
        How its numbers are written, where not by their type.
    right
        Whether it is set to the right as numbers are; None: as its values tell.
    wide
        Whether a screen has no room for it.
    """

    heading: str
    write: Writer | None = None
    right: bool | None = None
    wide: bool = False


Columns = Mapping[str, str | Column]  # name in a frame -> heading, or how it is shown


@dataclass(frozen=True)
class Table:
    """A data frame and how its columns are shown.

    Attributes
    ----------
    caption
        What it holds.
    frame
        The values.
    columns
        Name of a column -> how it is shown; columns of the frame that are not here are not shown.
    note
        Below it.
    folded
        Whether a page shows it only when it is asked for.
    quiet
        Positions of the rows that a screen sets back.
    """

    caption: str
    frame: pd.DataFrame
    columns: Mapping[str, Column]
    note: str = ""
    folded: bool = False
    quiet: Collection[int] = ()
    kind: ClassVar[str] = "table"

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of all columns."""
        return tuple(column.heading for column in self.columns.values())

    @property
    def rows(self) -> tuple[tuple[Cell, ...], ...]:
        """The cells of all columns, row by row."""
        rights = [self.right(name) for name in self.columns]
        return tuple(
            tuple(
                _cell(value, column, right)
                for value, column, right in zip(row, self.columns.values(), rights, strict=True)
            )
            for row in self.frame[list(self.columns)].itertuples(index=False, name=None)
        )

    def right(self, name: str) -> bool:
        """Tell whether a column is set to the right."""
        right = self.columns[name].right
        if right is not None:
            return right
        known = [value for value in self.frame[name] if value is not None]
        return bool(known) and all(map(is_number, known))

    def on_screen(self) -> Table:
        """Return the table without the columns that a screen has no room for."""
        kept = {name: column for name, column in self.columns.items() if not column.wide}
        return replace(self, columns=kept)


@dataclass(frozen=True)
class Figure:
    """A picture within a page: ``source`` is a data URI, ``alt`` says in words what it shows."""

    title: str
    alt: str
    source: str
    sheet: bool = False  # several plots on one sheet: must not be made small
    small: bool = (
        False  # one of some that are compared with each other: four beside each other, if there is room
    )


@dataclass(frozen=True)
class Figures:
    """Figures beside each other where there is room."""

    heading: str
    figures: tuple[Figure, ...]
    kind: ClassVar[str] = "figures"


Block = Text | Note | Commands | Table | Figures


@dataclass(frozen=True)
class Section:
    """A headed part of a page."""

    anchor: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole page."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def _draws_nothing(_: Path) -> None:
    """Draw no figure."""


@dataclass(frozen=True)
class Result:
    """What a method came to.

    Attributes
    ----------
    title
        What it is called.
    blocks
        What is read, from top to bottom.
    tables
        Name of a file -> a whole table for other programs; an empty one is not written.
    draw
        Draws the figures into a folder.
    manifest
        How the result came about, and what is needed to make it again.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    tables: Mapping[str, pd.DataFrame | None] = field(default_factory=dict)
    draw: Callable[[Path], Any] = _draws_nothing
    manifest: Mapping[str, Any] = field(default_factory=dict)


def table(
    frame: pd.DataFrame,
    columns: Columns,
    caption: str = "",
    ways: Mapping[str, Writer] | None = None,
    folded: bool = False,
    *,
    note: str = "",
    quiet: Collection[int] = (),
) -> Table:
    """Return a table of those columns that the frame has.

    Parameters
    ----------
    frame
        What to show.
    columns
        Name of a column -> its heading, or how it is shown; columns that the frame lacks are left out.
    caption, note, folded, quiet
        See :class:`Table`.
    ways
        Name of a column -> how its numbers are written, where a heading alone is given.
    """
    ways = ways or {}
    shown = {
        name: column if isinstance(column, Column) else Column(column, ways.get(name))
        for name, column in columns.items()
        if name in frame.columns
    }
    return Table(caption, frame, shown, note, folded, quiet)


def listed(
    rows: Iterable[Sequence[Any]],
    headings: Sequence[str | Column],
    caption: str = "",
    folded: bool = False,
    **about: Any,
) -> Table:
    """Return a table of rows, one value a heading: see :func:`table`."""
    columns = {str(place): heading for place, heading in enumerate(headings)}
    frame = pd.DataFrame([list(row) for row in rows], columns=list(columns), dtype=object)
    return table(frame, columns, caption, folded=folded, **about)


def without(shown: Table, *headings: str) -> Table:
    """Return a table without some of its columns."""
    kept = {name: column for name, column in shown.columns.items() if column.heading not in headings}
    return replace(shown, columns=kept)


def sheets(folder: Path, words: Callable[[Path], tuple[str, str]]) -> tuple[Block, ...]:
    """Take in the pictures of a folder, or say that there are none.

    Parameters
    ----------
    folder
        Where the PNG files are.
    words
        Gives title and alternative text of a file.
    """
    found = tuple(
        Figure(*words(file), data_uri("image/png", file.read_bytes()), sheet=True)
        for file in sorted(folder.glob("*.png"))
    )
    return (Figures("", found),) if found else (Text("No figures."),)


def _cell(value: Any, column: Column, right: bool) -> Cell:
    """Return the cell of a value: numbers, and what begins with one to the right, are sorted as numbers."""
    if is_number(value) and value != value:
        return Cell(NONE, number=True)
    text = text_of(value, column.write)
    if is_number(value):
        return Cell(text, repr(float(value)), number=True)
    found = _NUMBER.match(text) if right else None
    return Cell(text, repr(float(found[0].replace(",", ""))) if found else "", right)
