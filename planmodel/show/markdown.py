"""Tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planmodel.show.numbers import NONE, is_number, text_of


def markdown(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; columns that hold nothing but numbers are set to the right."""
    lines = [list(row) for row in rows]
    right = [bool(lines) and all(is_number(row[i]) for row in lines) for i in range(len(heads))]
    cells = [[cell(value) for value in row] for row in lines]
    ruler = [" ---: " if number else " --- " for number in right]
    return "\n".join([
        f"| {' | '.join(heads)} |",
        f"|{'|'.join(ruler)}|",
        *(f"| {' | '.join(row)} |" for row in cells),
    ])  # fmt: skip


def table_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as a paragraph of its own."""
    return markdown(heads, rows) + "\n"


def cell(value: object) -> str:
    """Return a value as a cell: in one line, without what would end it; nothing as a dash."""
    return " ".join(text_of(value).split()).replace("|", "\\|") or NONE
