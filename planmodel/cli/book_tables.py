"""``planmodel series tables``: the tables of the book, what the record holds of them, who shows them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from rich.text import Text

from planmodel.documented.screen import marked, print_marks
from planmodel.documented.tables import BookTable
from planmodel.documented.vocabulary import NATIONAL
from planmodel.experiments.coverage import coverage, summary
from planmodel.show.content import Column, listed
from planmodel.show.screen import print_table, rich_table

if TYPE_CHECKING:
    from rich.console import Console

_NUMBERS = ("figures", "transcribed", "shown", "with model")


def print_list(out: Console, tables: Collection[BookTable]) -> None:
    """Print all tables, a line each, and how many there are of what."""
    rows = []
    for one in tables:
        by = coverage(one)
        numbers = (one.held, one.transcribed, by.shown, by.compared)
        rows.append((one.key, one.lines, *numbers, one.title, ", ".join(by.experiments)))
    heads = ("key", "lines", *_NUMBERS, "title", "experiments")
    columns = [Column(head, right=head in _NUMBERS) for head in heads]
    print_table(out, rich_table(listed(rows, columns)))
    out.print()
    for sentence in summary(tables):
        out.print(sentence, markup=False)
    out.print("The figures of one: planmodel series tables KEY", style="dim")


def print_one(out: Console, one: BookTable) -> None:
    """Print the figures of a table, and what was calculated from them."""
    out.print(Text(one.title, style="bold"))
    out.print(f"Lines {one.lines} of the scanned text; cites {one.cites}", markup=False, style="dim")
    heads = ("variable", "version", "date", Column("value", right=True), "unit", "note")
    for caption, figures in (("", one.figures), ("Calculated from it", one.calculated)):
        if figures:
            out.print()
            print_table(out, rich_table(listed(map(_line, figures), heads, caption)))
    print_marks(out, (word for row in (*one.figures, *one.calculated) for word in _words(row)))
    out.print()
    if not one.is_complete:
        out.print(f"The book prints {one.count} figures; the record holds {len(one.figures)}", markup=False)
    out.print(f"Shown by experiments: {coverage(one).words or 'none'}", markup=False)


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    where = () if row["territory"] in NATIONAL else (row["territory"],)
    note = "; ".join(filter(None, (*where, row["note"])))
    return row["variable"], row["version"], row["date"], marked(row["value"], *_words(row)), row["unit"], note


def _words(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["kind"], row["evidence"], row["confidence"]
