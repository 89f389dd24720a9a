"""One table on a screen, on a page and in Markdown: the same cells, and nothing read as markup."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from planmodel.show.content import (
    Column,
    Columns,
    Note,
    Page,
    Result,
    Section,
    Table,
    Text,
    listed,
    table,
    without,
)
from planmodel.show.html import render
from planmodel.show.markdown import of_table
from planmodel.show.numbers import percent
from planmodel.show.screen import show
from planmodel.show.sheets import write_result

HOSTILE = "[red]a|b[/red] <b>"


@pytest.fixture
def drawn() -> Table:
    frame = pd.DataFrame({"what": [HOSTILE, "c"], "share": [0.25, float("nan")], "years": [1928, 12345]})
    columns: Columns = {
        "what": "what",
        "share": Column("part", percent),
        "years": "years",
        "absent": "absent",
    }
    return table(frame, columns, "A table", quiet=[1])


def printed(*blocks: Table | Text | Note) -> str:
    out = io.StringIO()
    show(Console(file=out, width=80, highlight=False), blocks)
    return out.getvalue()


def test_every_medium_shows_the_same_cells(drawn: Table) -> None:
    assert [[cell.text for cell in row] for row in drawn.rows] == [
        [HOSTILE, "25 %", "1928"],
        ["c", "-", "12,345"],
    ]
    screen, text = printed(drawn), of_table(drawn)
    page = render(Page("t", "s", (Section("a", "A", (drawn,)),)))
    for said in ("25 %", "1928", "12,345", "part"):
        assert said in screen
        assert said in text
        assert said in page
    assert "absent" not in screen + text + page


def test_nothing_is_read_as_markup(drawn: Table) -> None:
    assert HOSTILE in printed(drawn)
    assert "a\\|b" in of_table(drawn)
    assert "&lt;b&gt;" in render(Page("t", "s", (Section("a", "A", (drawn, Text(HOSTILE))),)))


def test_what_begins_with_a_number_is_sorted_by_it() -> None:
    rows = listed([("10.5 (25)",), ("-2 to 3",), ("-",)], [Column("range", right=True)]).rows
    assert [row[0].order for row in rows] == ["10.5", "-2.0", ""]
    assert all(row[0].number for row in rows)


def test_a_screen_leaves_out_what_it_has_no_room_for() -> None:
    wide = listed([(1, 2)], ["a", Column("b", wide=True)])
    assert wide.on_screen().headings == ("a",)
    assert wide.headings == ("a", "b")
    assert without(wide, "a").headings == ("b",)


def test_tables_stand_apart_and_sentences_together(drawn: Table) -> None:
    lines = printed(Text("one"), Text("two"), drawn, Text("explained", quiet=True), Note("mark")).splitlines()
    assert lines[:3] == ["one", "two", ""]
    assert lines[-3:] == ["explained", "", "Note: mark"]


def test_a_result_is_written_whole(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1.5]})
    result = Result("r", tables={"a": frame, "none": None}, manifest={"what": "a test"})
    write_result(result, tmp_path / "out", "a test")
    assert pd.read_csv(tmp_path / "out" / "a.csv").equals(frame)
    assert not (tmp_path / "out" / "none.csv").exists()
    assert "a test" in (tmp_path / "out" / "manifest.json").read_text()
