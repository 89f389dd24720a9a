"""Every figure has references that the bibliography holds; a mistake in its files is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_series_command import run

from planmodel.documented.bibliography import (
    keys_of,
    keys_within,
    read_references,
    read_sources,
    references,
    sources,
)
from planmodel.documented.files import figures
from planmodel.documented.reading import RecordError
from planmodel.scenario import registry

ENTRY = """Comment with { and @ is none of ours.

@book{lorimer_1946,
  author = {Lorimer, {Frank}},
  title = {The Population of the Soviet Union},
  year = {1946},
}
"""


def test_every_figure_has_keys_that_the_bibliography_holds() -> None:
    texts = {row["source"] for row in figures()}
    missing = sorted(texts - sources().keys())
    assert not missing, "a line in sources.csv (and references.bib) is missing for these"
    assert all(key in references() for text in texts for key in keys_of(text))


def test_the_bibliography_holds_nothing_unused() -> None:
    texts = {row["source"] for row in figures()}
    named = [
        parameter.source
        for name in registry.economies()
        for group in registry.economy(name).parameters().values()
        for parameter in group.values()
    ]
    used = {key for text in texts for key in keys_of(text)} | {k for text in named for k in keys_within(text)}
    assert set(references()) == used
    unused = [text for text in sources() if text not in texts and not any(text in one for one in named)]
    assert unused == []


def test_a_work_that_a_size_names_is_found() -> None:
    assert keys_within("form of Allen, Farm to Factory, app. B; size assumed") == ("allen_2003",)
    assert keys_within("ours") == ()


def test_cite_prints_entries_and_pages() -> None:
    status, out, _ = run("cite", "grain_procurement", "--version", "lewin", "--version", "moshkov")
    assert status == 0
    assert "%   1928/29: bettelheim_third_period; lines 2083, 2312 of the scanned text" in out
    assert "% grain_procurement (moshkov)" in out
    assert out.count("@book{bettelheim_third_period,") == 1
    assert "davies" not in out.partition("@")[2]
    everything = run("cite", "grain_procurement")[1]
    assert "@book{davies_wheatcroft_2004," in everything
    assert "page to be checked [recalled]" in everything


def test_what_cite_prints_is_a_bibliography_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "cited.bib"
    file.write_text(run("cite", "deaths")[1], encoding="utf-8")
    found = read_references(file)
    assert {"biraben_1958", "andreev_darskii_kharkova_1993"} <= set(found)
    assert all(found[key] == references()[key] for key in found)


def test_cite_names_what_it_does_not_know() -> None:
    status, out, err = run("cite", "grain_procurment")
    assert (status, out) == (2, "")
    assert err.startswith("error: unknown variable 'grain_procurment'; nearest: grain_procurement")


def test_an_entry_is_said_in_a_line() -> None:
    assert references()["biraben_1958"].line.startswith("Biraben, Jean-Noel, 1958, Essai sur l'evolution")
    assert references()["davies_harrison_wheatcroft_1994"].line.startswith("Davies, R. W.; Harrison, Mark; ")
    assert "Development; " not in references()["davies_1958"].line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "@book{lorimer_1946,",
            "@book{lorimer 1946,",
            "references.bib, line 3: '@book{lorimer 1946,' begins no",
        ),
        ("@book", "@bok", "line 3: unknown type 'bok'; nearest: book"),
        ("  year = {1946},", "  year = 1946,", "line 6: '  year = 1946,' is no field; write two spaces"),
        ("{Frank}", "{Frank", "line 4: '  author = {Lorimer, {Frank},' is no field"),
        ("{Frank}", "Fr}{ank", "line 4: "),
        ("  year", "  author", "line 6: author is given twice"),
        ("  title = {The Population of the Soviet Union},\n", "", "line 6: lorimer_1946 has no title"),
        ("\n}\n", "\n", "lorimer_1946 is not closed by a line with }"),
        ("\n}\n", "\n}\n" + ENTRY, "line 10: lorimer_1946 is already given"),
    ],
)
def test_a_mistake_in_the_bibliography_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = tmp_path / "references.bib"
    file.write_text(ENTRY, encoding="utf-8")
    assert read_references(file)["lorimer_1946"].fields["author"] == "Lorimer, {Frank}"
    assert old in ENTRY
    file.write_text(ENTRY.replace(old, new), encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_references(file)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source,key\n", "line 1: the columns must be source,keys"),
        ("source,keys\nLorimer\n", "line 2: 1 cells, expected 2"),
        ("source,keys\nLorimer,\n", "line 2, column keys: must not be empty"),
        ("source,keys\nLorimer,a\nLorimer,a\n", "line 3, column source: 'Lorimer' is already given"),
        ("source,keys\nLorimer,a b\n", "line 2, column keys: unknown key 'b'"),
    ],
)
def test_a_mistake_in_the_table_of_sources_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sources.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match=r"sources\.csv") as caught:
        read_sources(file, ["a"])
    assert said in str(caught.value)


def test_a_source_without_a_key_is_named() -> None:
    with pytest.raises(
        RecordError, match=r"sources.csv: unknown source 'Hodgman 1955'; nearest: Hodgman 1954"
    ):
        keys_of("Hodgman 1955")


def test_the_entries_are_in_the_order_of_their_keys() -> None:
    assert list(references()) == sorted(references())
