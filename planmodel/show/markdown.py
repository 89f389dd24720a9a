"""Tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planmodel.show.content import Column, Table, listed
from planmodel.show.numbers import NONE, Writer, text_of


def markdown(heads: Sequence[str | Column], rows: Iterable[Sequence[object]]) -> str:
    """Return a table; columns that hold nothing but numbers are set to the right."""
    return of_table(listed(rows, heads))


def table_of(heads: Sequence[str | Column], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as a paragraph of its own."""
    return markdown(heads, rows) + "\n"


def of_table(shown: Table, code: str = "") -> str:
    """Return a table; what stands in the column ``code`` is a name of the code."""
    ruler = (" ---: " if shown.right(name) else " --- " for name in shown.columns)
    lines = [f"| {' | '.join(shown.headings)} |", f"|{'|'.join(ruler)}|"]
    for row in shown.rows:
        cells = (cell(one.text) for one in row)
        said = (
            f"`{text}`" if name == code else text for name, text in zip(shown.columns, cells, strict=True)
        )
        lines.append(f"| {' | '.join(said)} |")
    return "\n".join(lines)


def cell(value: object, write: Writer | None = None) -> str:
    """Return a value as a cell: in one line, without what would end it; nothing as a dash."""
    return " ".join(text_of(value, write).split()).replace("|", "\\|") or NONE
