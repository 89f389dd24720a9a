"""Shares of evidence are counted as the record has them."""

import pytest
from test_series_command import run

from planmodel import documented
from planmodel.documented.shares import shares_of_themes, shares_of_variables


def test_themes_add_up_to_the_record() -> None:
    *themes, everything = shares_of_themes()
    marks = documented.catalogue()["evidence"].value_counts()
    assert everything[0] == "all"
    assert list(everything[1::2][:1]) == [len(documented.catalogue())]
    assert everything[2::2] == (marks["transcribed"], marks["recalled"], marks["reading"])
    for place in (1, 2, 4, 6):
        assert sum(int(row[place]) for row in themes) == everything[place]


def test_a_variable_is_counted_and_shared() -> None:
    rows = {row[0]: row for row in shares_of_variables("agriculture")}
    mine = documented.series("goats")["evidence"]
    firm = int((mine == "transcribed").sum())
    assert rows["goats"][1:4] == (len(mine), firm, round(100 * firm / len(mine)))
    assert "steel" not in rows


@pytest.mark.parametrize("words", [(), ("--theme", "trade")])
def test_the_command_shows_them(words: tuple[str, ...]) -> None:
    status, out, _ = run("evidence", *words, width=80)
    assert status == 0
    assert ("exports_sterling" in out) == bool(words)
    assert ("all " in out) != bool(words)
    assert max(map(len, out.splitlines())) <= 80


def test_an_unknown_theme_is_refused() -> None:
    status, _, err = run("evidence", "--theme", "trad")
    assert status == 2
    assert err.startswith("error: unknown theme 'trad'; nearest: trade; known: agriculture")
