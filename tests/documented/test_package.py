"""The data package says of the tables what is true, and the tables are the record."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_series_command import run

from planmodel import documented
from planmodel.documented import package as package_module
from planmodel.documented.bibliography import references
from planmodel.documented.files import figures
from planmodel.documented.reading import RecordError

FILES = "datapackage.json, figures.csv, references.bib, territories.csv, variables.csv"
READERS: dict[str, Callable[[str], object]] = {"number": float, "date": date.fromisoformat, "string": str}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package") / "record"
    status, out, _ = run("package", str(folder), width=1000)
    assert status == 0
    assert out == f"Written: {folder}/ ({FILES})\n"
    return folder


def about(package: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return said


def table(package: Path, name: str) -> list[dict[str, str]]:
    with (package / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_it_holds_the_whole_record(package: Path) -> None:
    record, rows = documented.catalogue(), table(package, "figures.csv")
    assert [float(row["value"]) for row in rows] == record["value"].tolist()
    for column in ("variable", "version", "date", "source", "place", "evidence", "note"):
        assert [row[column] for row in rows] == record[column].tolist()
    assert [row["variable"] for row in table(package, "variables.csv")] == list(documented.variables().index)


def test_every_cell_is_as_its_column_is_described(package: Path) -> None:
    tables = [one for one in about(package)["resources"] if one["path"].endswith(".csv")]
    assert [one["name"] for one in tables] == ["figures", "variables", "territories"]
    for resource in tables:
        rows = table(package, resource["path"])
        fields = resource["schema"]["fields"]
        assert [field["name"] for field in fields] == list(rows[0])
        for field in fields:
            limits = field.get("constraints", {})
            read = READERS[field["type"]]
            for row in rows:
                cell = row[field["name"]]
                assert cell or not limits.get("required"), (field["name"], row)
                assert not cell or read(cell) is not None
                assert not cell or cell in limits.get("enum", [cell]), (field["name"], cell)
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)


def test_tables_and_references_hang_together(package: Path) -> None:
    said = about(package)
    rows = table(package, "figures.csv")
    assert {row["variable"] for row in rows} == {row["variable"] for row in table(package, "variables.csv")}
    assert {row["territory"] for row in rows} <= {
        row["territory"] for row in table(package, "territories.csv")
    }
    assert {key for row in rows for key in row["references"].split()} <= set(references())
    assert len(said["sources"]) == len(references())
    assert (package / "references.bib").read_text(encoding="utf-8").count("\n@") == len(references())
    assert [licence["name"] for licence in said["licenses"]] == ["CC-BY-4.0"]
    assert "free" in said["description"]
    assert said["record_sha256"] == documented.sha256()


def test_frictionless_finds_it_valid(package: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason="frictionless is not among what is installed")
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_only_a_package_is_replaced(package: Path, tmp_path: Path) -> None:
    status, _, err = run("package", str(package), width=1000)
    assert status == 2
    assert err == f"error: FOLDER {package}: exists; allowed: another folder, or --force to replace it\n"
    assert run("package", str(package), "--force")[0] == 0
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    status, _, err = run("package", str(tmp_path), "--force", width=1000)
    assert status == 2
    assert "--force will not replace it" in err
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_source_without_reference_is_refused_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {**figures()[0], "source": "An unknown work"}
    monkeypatch.setattr(package_module, "figures", lambda: [row])
    with pytest.raises(RecordError, match="unknown source 'An unknown work'"):
        package_module.write_package(tmp_path / "record")
    assert list(tmp_path.iterdir()) == []
