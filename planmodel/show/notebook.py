"""What a notebook shows of a result: a line or two, and a table without a style of its own."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from planmodel.show.content import Table

_MOST_ROWS = 60


def fragment(table: Table | None, lines: Iterable[str] = ()) -> str:
    """Return lines and a table as HTML; all that they hold is escaped."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return said if table is None else said + _table(table)


def _table(table: Table) -> str:
    rights = [table.right(name) for name in table.columns]
    head = _row("th", table.headings, rights)
    rows = [_row("td", [cell.text for cell in row], rights) for row in table.rows[:_MOST_ROWS]]
    left = len(table.rows) - len(rows)
    more = f"<p>... and {left} more rows</p>" if left > 0 else ""
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    note = f"<p><small>{escape(table.note)}</small></p>" if table.note else ""
    return f"<table>{caption}<thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>{more}{note}"


def _row(tag: str, cells: Iterable[str], rights: Iterable[bool]) -> str:
    made = (
        f'<{tag} style="text-align: {"right" if right else "left"}">{escape(cell)}</{tag}>'
        for cell, right in zip(cells, rights, strict=True)
    )
    return f"<tr>{''.join(made)}</tr>"
