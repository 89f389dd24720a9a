"""The tables of the book: all 41 stand whole in the record, and a wrong file is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from planmodel import documented
from planmodel.documented.reading import RecordError
from planmodel.documented.tables import BookTable, read_tables, spans_of, tables

GOOD = """
[grain]
title = "Grain"
lines = "2080-2089, 2312"
cites = "Lewin"
[grain.printed]
grain_harvest = { lewin = 5 }
"""


def test_there_are_forty_one_and_none_is_empty() -> None:
    assert len(tables()) == 41
    assert all(one.figures for one in tables().values())


@pytest.mark.parametrize("one", tables().values(), ids=tables())
def test_a_table_is_whole(one: BookTable) -> None:
    """The counts were taken from the text: a figure that the record loses fails here."""
    held = [(row["variable"], row["version"]) for row in one.figures]
    for variable, wanted in one.printed.items():
        for version, count in wanted.items():
            number = count if isinstance(count, int) else len(count)
            assert held.count((variable, version)) == number, (variable, version)
    assert one.is_complete
    assert len(one.figures) == one.count == one.transcribed


@pytest.mark.parametrize("one", tables().values(), ids=tables())
def test_what_else_stands_in_its_lines_was_calculated(one: BookTable) -> None:
    """A figure that is printed and forgotten in ``tables.toml`` would be none of these."""
    for row in one.calculated:
        said = row["kind"] == "derived" or "calculated" in row["place"] or row["evidence"] == "reading"
        assert said, (row["variable"], row["version"], row["date"])


def test_no_table_lies_in_another_and_they_follow_the_text() -> None:
    ends = [span for one in tables().values() for span in spans_of(f"lines {one.lines} of the scanned text")]
    assert all(before[1] < after[0] for before, after in zip(sorted(ends), sorted(ends)[1:], strict=False))
    firsts = [spans_of(f"lines {one.lines} of the scanned text")[0][0] for one in tables().values()]
    assert firsts == sorted(firsts)


def test_a_lost_figure_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    known = tables()["grain_balance"]
    one = BookTable(known.key, known.title, "2080-2086", known.cites, known.printed)
    assert not one.is_complete
    assert one.held == "12 of 15"


def test_places_are_read() -> None:
    assert spans_of("lines 7-9, 12 of the scanned text; cites 44") == [(7, 9), (12, 12)]
    assert spans_of("line 12 of the scanned text; chained") == [(12, 12)]
    assert spans_of("line 12 of the text") == []
    assert spans_of("page to be checked") == []


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "tables.toml").write_text(GOOD, encoding="utf-8")
    one = read_tables(tmp_path / "tables.toml")["grain"]
    assert {row["date"] for row in one.figures} == {"1928", "1930", "1931", "1935", "1939"}
    assert {row["variable"] for row in one.calculated} >= {"grain_procurement", "grain_procurement_share"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('cites = "Lewin"\n', "", "[grain]: cites is missing"),
        ("cites =", "sites =", "[grain]: unknown field 'sites'; nearest: cites"),
        ('"Grain"', "3", "[grain], title: 3 is not allowed; allowed: a text"),
        (
            "2080-2089",
            "2089-2080",
            "[grain], lines: '2089-2080, 2312' is not allowed; allowed: such as 12-15",
        ),
        (
            "grain_harvest =",
            "grain_harvst =",
            "printed.grain_harvst: unknown variable 'grain_harvst'; nearest",
        ),
        ("lewin =", "levin =", "printed.grain_harvest: unknown version 'levin'; nearest: lewin"),
        ("= 5", "= 0", "printed.grain_harvest.lewin: 0 is not allowed; allowed: a number from 1, or dates"),
        ("= 5", '= ["1929"]', "printed.grain_harvest.lewin: no figure for '1929'; allowed: 1928, 1930"),
        ("= 5", '= ["1928", "1928"]', "is not allowed; allowed: dates, each once"),
        ("{ lewin = 5 }", "5", "printed.grain_harvest: 5 is not allowed; allowed: versions"),
        ("[grain.printed]", "[grain.printed", "tables.toml: "),
    ],
)
def test_a_wrong_file_is_refused(old: str, new: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "tables.toml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as error:
        read_tables(file)
    assert str(error.value).startswith("tables.toml")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_commanders_dismissed_are_no_more_than_there_were() -> None:
    record = documented.catalogue().set_index("variable")["value"]
    ranks = [name for name in record.index if f"{name}_purged" in record.index]
    assert len(ranks) == 6
    assert all(record[f"{name}_purged"] <= record[name] for name in ranks)
