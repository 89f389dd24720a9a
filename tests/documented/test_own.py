"""Figures of a user's own: forms of tables, units, what is refused, and that nothing leaks."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from planmodel import documented, record
from planmodel.documented import RecordError

LATHES = "# variable: lathes; title: Lathes made; unit: thousand tonnes; measure: flow; model: steel\n"
FORMS = {
    "long": "variable,date,value,unit\nsteel,1931,5600,thousand tonnes\nsteel,1932,5900,thousand tonnes\n",
    "semicolons": "variable;date;value;unit\nsteel;1931;5.6;million tonnes\nsteel;1932;5.9;million tonnes\n",
    "years_down": "year,steel [thousand tonnes],pigs [million head]\n1931,5600,\n1932,5900,\n",
    "years_across": "variable,unit,1931,1932,1933\nsteel,thousand tonnes,5600,5900,\n",
    "unit_in_name": "variable,1931,1932\nsteel [thousand tonnes],5600,5900\n",
}


def written(folder: Path, text: str, name: str = "mine.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("form", FORMS)
def test_a_table_is_read_in_every_plain_form(form: str, tmp_path: Path) -> None:
    found = record.add(written(tmp_path, FORMS[form])).series("steel", "mine")
    assert dict(zip(found["date"], found["value"], strict=True)) == {"1931": 5.6, "1932": 5.9}
    assert set(found["unit"]) == {"million tonnes"}
    assert set(found["evidence"]) == {"own"}
    assert set(found["source"]) == {"mine.csv"}


def test_a_frame_and_a_file_of_stata_are_read(tmp_path: Path) -> None:
    frame = pd.DataFrame({"year": [1931, 1932], "steel": [5.6, 5.9]}).astype({"steel": "float32"})
    frame.to_stata(tmp_path / "s.dta", write_index=False, variable_labels={"steel": "Steel [million tonnes]"})
    assert list(record.add(tmp_path / "s.dta").series("steel", "s")["value"]) == [5.6, 5.9]
    named = frame.astype(float).rename(columns={"steel": "steel [million tonnes]"}).set_index("year")
    assert list(record.add(named, name="f").series("steel", "f")["date"]) == ["1931", "1932"]


def test_excel_without_its_reader_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ImportError("no openpyxl")

    monkeypatch.setattr(pd, "read_excel", missing)
    (tmp_path / "mine.xlsx").write_bytes(b"")
    with pytest.raises(RecordError, match=r"mine.xlsx: to read Excel needs openpyxl; allowed: pip install"):
        record.add(tmp_path / "mine.xlsx")


def test_sheets_of_excel_are_read_below_their_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = pd.DataFrame(
        [[LATHES.strip(), None], ["year", "lathes [thousand tonnes]"], [1931.0, 5600], [1932, 5900]]
    )
    monkeypatch.setattr(pd, "read_excel", lambda *_, **__: {"one": sheet, "empty": pd.DataFrame()})
    (tmp_path / "mine.xlsx").write_bytes(b"")
    assert list(record.add(tmp_path / "mine.xlsx").series("lathes")["value"]) == [5600.0, 5900.0]
    monkeypatch.setattr(pd, "read_excel", lambda *_, **__: {"one": sheet, "two": sheet})
    with pytest.raises(RecordError, match="sheets with something in them: one, two; allowed: one"):
        record.add(tmp_path / "mine.xlsx")


def test_a_new_variable_is_declared_above_or_beside(tmp_path: Path) -> None:
    rows = "variable,date,value,unit\nlathes,1931,5.6,million tonnes\n"
    above = record.add(written(tmp_path, LATHES + rows))
    beside = written(tmp_path, rows, "other.csv")
    declared = (
        '[lathes]\ntitle = "Lathes made"\nunit = "thousand tonnes"\nmeasure = "flow"\nmodel = "steel"\n'
    )
    (tmp_path / "other.toml").write_text(declared, encoding="utf-8")
    for found in (above, record.add(beside)):
        assert found.variables().loc["lathes", "title"] == "Lathes made"
        assert list(found.series("lathes")["value"]) == [5600.0]
        assert found.model_of("lathes") == "steel"
    (tmp_path / "other.toml").write_text('extends = "baseline"\ndata = ["other.csv"]\n', encoding="utf-8")
    with pytest.raises(RecordError, match="unknown variable 'lathes'"):  # it is a scenario
        record.add(beside)


LONG = "variable,date,value,unit\n"
MALFORMED = {
    "another_unit": (
        LONG + "steel,1931,5.6,million head\n",
        "mine.csv, line 2, column unit: 'million head' does not convert into 'million tonnes'; steel is "
        "measured "
        "in 'million tonnes'",
    ),
    "no_unit_known": (
        LONG + "steel,1931,5.6,million tones\n",
        "mine.csv, line 2, column unit: 'million tones' is no unit that is known here, for 'tones'. Did "
        "you mean "
        "'tonnes'?; steel is measured in 'million tonnes'",
    ),
    "no_number": (LONG + "steel,1931,five,million tonnes\n", "mine.csv, line 2, column value: 'five' is "
    "not a number"),
    "no_date": (
        "# a comment\n" + LONG + "steel,31,5.6,million tonnes\n",
        "mine.csv, line 3, column date: '31' is not a date; write 1930, 1930-07-01, 1930/31, 1928..1932 or "
        "1932-06-01..1933-06-01",
    ),
    "no_value": (LONG + "steel,1931,,million tonnes\n", "mine.csv, line 2, column value: must not be empty"),
    "no_column": ("variable,date,value\nsteel,1931,5.6\n",
                  "mine.csv, line 1, column unit: is missing; needed are variable, date, value, unit"),
    "not_declared": (
        LONG + "stel,1931,5.6,million tonnes\n",
        "mine.csv, line 2, column variable: unknown variable 'stel'; nearest: steel, state_loans; "
        "a new one is declared above "
        "the columns: # variable: stel; title: ...; unit: ...; measure: ... (stock, flow, average, "
        "index, share, "
        "target)",
    ),
    "twice": (
        LONG + "steel,1931,5.6,million tonnes\nsteel,1931,5.7,million tonnes\n",
        "mine.csv, line 3, column date: steel / mine / 1931 / USSR boundary unclear / estimate is "
        "already given in "
        "line 2",
    ),
    "version_of_the_record": (
        "variable,date,value,unit,version\nsteel,1931,5.6,million tonnes,official\n",
        "mine.csv, line 2, column version: official is a version of steel in the record; allowed: a name "
        "of your own",
    ),
    "masquerade": (
        "variable,date,value,unit,evidence\nsteel,1931,5.6,million tonnes,transcribed\n",
        "mine.csv, line 2, column evidence: unknown evidence 'transcribed'; known: own",
    ),
    "no_unit_in_head": (
        "year,steel\n1931,5.6\n",
        "mine.csv, line 1, column steel: has no unit; allowed: name [unit], as in steel [million tonnes]",
    ),
    "cells": (LONG + "steel,1931,5,6,million tonnes\n", "mine.csv, line 2: 5 cells, expected 4"),
    "form": (
        "a,b\n1,2\n",
        "mine.csv, line 1: its form cannot be told; allowed: a row a figure (columns variable, date, "
        "value, unit); "
        "years down (a column year, and name [unit] for each variable); or years across (columns "
        "variable, unit, "
        "and a year each)",
    ),
    "declaration": (
        "# variable: lathes; title: Lathes; unit: tonnes\n" + LONG + "lathes,1931,5,tonnes\n",
        "mine.csv, line 1, [lathes]: measure is missing; needed are title, unit, measure",
    ),
    "declared_already": (
        "# variable: steel; title: Steel; unit: tonnes; measure: flow\n" + LONG + "steel,1931,5,tonnes\n",
        "mine.csv: variable steel is in the record already; allowed: another name, or its figures without a "
        "declaration",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_what_is_malformed_is_refused_with_its_place(case: str, tmp_path: Path) -> None:
    text, message = MALFORMED[case]
    with pytest.raises(RecordError) as raised:
        record.add(written(tmp_path, text))
    assert str(raised.value) == message


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.csv").write_bytes(LONG.encode() + "été,1931,1,tonnes\n".encode("latin-1"))
    for name, message in (
        ("nowhere.csv", f"{tmp_path}/nowhere.csv: no such file"),
        ("latin.csv", "latin.csv, line 2: is not in UTF-8; allowed: save it as such"),
    ):
        with pytest.raises(RecordError) as raised:
            record.add(tmp_path / name)
        assert str(raised.value) == message
    with pytest.raises(RecordError, match=r"mine.ods: '.ods' is not read; allowed: .csv, .xlsx, .dta"):
        record.add(written(tmp_path, "", "mine.ods"))


def test_the_record_itself_stays_as_it_was(tmp_path: Path) -> None:
    before = documented.versions("steel")
    mine = record.add(written(tmp_path, FORMS["long"]))
    assert mine.versions("steel") == sorted([*before, "mine"])
    assert documented.versions("steel") == record.versions("steel") == before
    again = record.add(tmp_path / "mine.csv")
    assert again == mine
    assert hash(again) == hash(mine)
    assert mine != record
    assert "own" not in set(documented.catalogue()["evidence"])
