"""What is shown on a screen of any width: a number is never cut, broken or left out.

A table that is too wide is broken into parts below each other, each with the columns of names that come
first. What does not fit even so is printed wider than the screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import replace

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text as RichText

from planmodel.show import content
from planmodel.show.content import Block, Commands, Note, Text


def show(console: Console, blocks: Iterable[Block]) -> None:
    """Print blocks from top to bottom, tables apart from what is before and after them."""
    before: Block | None = None
    for block in blocks:
        explained = isinstance(before, content.Table) and isinstance(block, Text) and block.quiet
        if before is not None and not explained and _apart(before, block):
            console.print()
        if isinstance(block, content.Table):
            print_table(console, rich_table(block))
        elif isinstance(block, Text):
            console.print(block.text, markup=False, style="dim" if block.quiet else None)
        elif isinstance(block, Note):
            console.print(f"Note: {block.text}", markup=False)
        elif isinstance(block, Commands):
            console.print("\n".join(block.lines), markup=False)
        before = block


def _say(console: Console, text: object) -> None:
    """Print what stands above or below a table over the width of the screen, not over that of the table."""
    if text is not None:
        console.print(RichText(_plain(text), style="italic"))


def _apart(before: Block, block: Block) -> bool:
    """Tell whether a line is left free between two blocks: not between sentences of one kind."""
    quiet = [isinstance(one, Text) and one.quiet for one in (before, block)]
    tables = any(isinstance(one, content.Table) for one in (before, block))
    return tables or quiet[0] != quiet[1]


def rich_table(table: content.Table) -> Table:
    """Return a table as Rich has it; what it holds is no markup."""
    table = table.on_screen()
    made = Table(
        title=RichText(table.caption) if table.caption else None,
        caption=RichText(table.note) if table.note else None, box=None, pad_edge=False,
    )  # fmt: skip
    for name, column in table.columns.items():
        made.add_column(RichText(column.heading), justify="right" if table.right(name) else "left")
    for place, row in enumerate(table.rows):
        style = "dim" if place in table.quiet else None
        made.add_row(*(RichText(cell.text) for cell in row), style=style)
    return made


def print_table(console: Console, table: Table) -> None:
    """Print a table so that every number in it stands whole.

    Columns set to the right hold numbers; others hold words, and may be broken between them. Columns before
    the first of numbers are repeated in each part.
    """
    if not table.columns:
        return
    if sum(map(_natural, table.columns)) + _padding(table, len(table.columns)) > console.width:
        table.padding = (0, 1, 0, 0)  # one space between columns in place of two
    parts = _parts(table, console.width)
    screen = console
    _say(screen, table.title)
    needed = max(_width(part) for part in parts)
    if needed > console.width:  # a console of its own, since rich cuts what is wider than the screen
        console = Console(
            file=console.file, width=needed, highlight=False, quiet=console.quiet,
            force_terminal=console.is_terminal, no_color=console.no_color,
        )  # fmt: skip
    for number, part in enumerate(parts):
        if number:
            console.print()
        console.print(part)
    _say(screen, table.caption)


def _parts(table: Table, width: int) -> list[Table]:
    """Break a table into parts that fit a width as far as they can, and set the widths of their columns."""
    columns = table.columns
    first = next((i for i, column in enumerate(columns) if column.justify == "right"), None)
    groups: list[list[Column]] = []
    if first is None or _least(table, columns) <= width:
        groups = [list(columns)]
    else:
        labels, left = list(columns[:first]), list(columns[first:])
        while left:
            group = [left.pop(0)]
            while left and _least(table, [*labels, *group, left[0]]) <= width:
                group.append(left.pop(0))
            groups.append([*labels, *group])
    return [_part(table, group, width) for group in groups]


def _part(table: Table, columns: Sequence[Column], width: int) -> Table:
    """Return a table of some columns, words broken only where there is no room."""
    widths = [_narrowest(column) for column in columns]
    room = width - sum(widths) - _padding(table, len(columns))
    for i, column in enumerate(columns):
        more = min(max(room, 0), _natural(column) - widths[i])
        widths[i] += more
        room -= more
    part = copy(table)
    part.title = part.caption = None
    part.columns = [
        replace(c, _index=i, width=widths[i], no_wrap=widths[i] >= _natural(c), overflow="fold")
        for i, c in enumerate(columns)
    ]
    return part


def _width(table: Table) -> int:
    widths = sum(column.width or 0 for column in table.columns)
    return max(widths + sum(table.padding[1::2]) * len(table.columns), 1)


def _least(table: Table, columns: Sequence[Column]) -> int:
    return sum(map(_narrowest, columns)) + _padding(table, len(columns))


def _padding(table: Table, columns: int) -> int:
    """Return what lies between and beside so many columns."""
    return sum(table.padding[1::2]) * (columns if table.pad_edge else columns - 1)


def _narrowest(column: Column) -> int:
    """Return the least width of a column: of numbers its whole lines, of words its longest word."""
    if column.justify == "right":
        return _natural(column)
    return max((len(word) for text in _texts(column) for word in text.split()), default=1)


def _natural(column: Column) -> int:
    return max((len(line) for text in _texts(column) for line in text.split("\n")), default=1) or 1


def _texts(column: Column) -> list[str]:
    return [_plain(cell) for cell in (column.header, *column.cells)]


def _plain(cell: object) -> str:
    if isinstance(cell, RichText):
        return cell.plain
    return RichText.from_markup(cell).plain if isinstance(cell, str) else str(cell)
