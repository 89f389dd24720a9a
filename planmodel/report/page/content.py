"""What a page is made of before it is HTML: sections of text, notes, tables, figures and commands.

Everything here is plain text; the template escapes it. Nothing here may hold markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from planmodel.show.numbers import NONE, is_number, text_of


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
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
    """What a cell shows, and what it is sorted by where that is a number or a date."""

    text: str
    order: str = ""
    number: bool = False

    @property
    def style(self) -> str:
        """How it is set: a number to the right, a long word broken, long text not too narrow."""
        if self.number:
            return "number"
        if max(map(len, self.text.split()), default=0) > 24:
            return "long"
        return "prose" if len(self.text) > 40 else ""


@dataclass(frozen=True)
class Table:
    """A table that sorts by any column."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False  # shown when it is asked for
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Figure:
    """A picture within the page: ``source`` is a data URI, ``alt`` says in words what it shows."""

    title: str
    alt: str
    source: str
    sheet: bool = False  # several plots on one sheet: must not be made small


@dataclass(frozen=True)
class Figures:
    """Figures beside each other where there is room."""

    heading: str
    figures: tuple[Figure, ...]
    kind: ClassVar[str] = "figures"


Block = Text | Note | Commands | Table | Figures


@dataclass(frozen=True)
class Section:
    """A headed part of the page."""

    anchor: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """The whole page."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def cell(value: Any, shown: Callable[[float], str] | None = None) -> Cell:
    """Return the cell of a value: numbers are sorted as numbers, all else as text."""
    text = text_of(value, shown)
    if not is_number(value):
        return Cell(text)
    return Cell(NONE if np.isnan(value) else text, "" if np.isnan(value) else repr(float(value)), number=True)


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    caption: str,
    shown: Mapping[str, Callable[[float], str]] | None = None,
    folded: bool = False,
) -> Table:
    """Return a table of those columns that the frame has.

    Parameters
    ----------
    frame
        What to show.
    columns
        Name of a column -> its heading; columns that the frame lacks are left out.
    caption
        What the table holds.
    shown
        Name of a column -> how its numbers are written, where not by :func:`number`.
    folded
        Whether it is shown only when it is asked for.
    """
    held = [name for name in columns if name in frame.columns]
    ways = shown or {}
    rows = tuple(
        tuple(cell(value, ways.get(name)) for name, value in zip(held, row, strict=True))
        for row in frame[held].itertuples(index=False, name=None)
    )
    return Table(caption, tuple(columns[name] for name in held), rows, folded)


def pairs(rows: Sequence[tuple[str, Any]], caption: str, headings: tuple[str, str]) -> Table:
    """Return a table of two columns."""
    return Table(caption, headings, tuple((Cell(name), cell(str(value))) for name, value in rows))
