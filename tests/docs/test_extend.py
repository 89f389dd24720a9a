"""docs/extend.md is followed in a copy of the package: what it adds is known, and no other file changes."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from extending import PARTS, Page, Section

ROOT = Path(__file__).parents[2]
SOVIET = "planmodel/economies/soviet"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    copy = tmp_path_factory.mktemp("copy")
    for part in PARTS:
        left_out = shutil.ignore_patterns("__pycache__", "images", "*.png", "archival.nc")
        shutil.copytree(ROOT / part, copy / part, ignore=left_out)
    return Page(ROOT / "docs" / "extend.md", copy, tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def done(page: Page) -> dict[str, Section]:
    return page.follow()


@pytest.mark.parametrize(
    ("section", "files"),
    [
        ("A flow", {f"{SOVIET}/livestock.csv", f"{SOVIET}/livestock.py"}),
        ("A sector", {f"{SOVIET}/peat.csv", f"{SOVIET}/peat.py"}),
        ("A parameter", {f"{SOVIET}/livestock.csv", f"{SOVIET}/livestock.py"}),
        ("A scenario", set()),
        ("An experiment", set()),
        (
            "A documented series",
            {
                "planmodel/documented/variables.toml",
                "planmodel/documented/record/industry.csv",
                f"{SOVIET}/indicators.csv",
            },
        ),
        ("An economy", set()),
    ],
)
def test_a_section_touches_these_files_and_no_other(
    section: str, files: set[str], done: dict[str, Section]
) -> None:
    assert done[section].touched == files


def test_the_schema_knows_what_was_added(done: dict[str, Section]) -> None:
    assert "livestock.spoilt = 0.02  [0 to 0.2]" in done["A flow"].printed[0]
    assert "peat.peat_a_year = 5.3 million tonnes/year  [1 to 20]" in done["A sector"].printed[0]
    assert "livestock.litters_lost = 0  [0 to 0.5]" in done["A parameter"].printed[0]
    assert "parameters.livestock.litters_lost" in done["A scenario"].printed[1]
    assert "Peat (million tonnes)" in done["A documented series"].printed[0]
    assert "peat" in done["A documented series"].printed[1]
    assert "Balance of grain, 1930" in done["An economy"].printed[-1]


def read(page: Page, run: str, quantity: str) -> list[float]:
    with (page.here / "out" / run / "monthly.csv").open(encoding="utf-8") as lines:
        return [float(row[quantity]) for row in csv.DictReader(lines)]


def test_what_was_added_is_in_the_results(page: Page, done: dict[str, Section]) -> None:
    assert min(read(page, "spoilt", "milk_spoilt")) > 0.0
    assert sum(read(page, "peat", "peat_cut")) == pytest.approx(5.3)
    plain, fewer = read(page, "peat", "pigs_household"), read(page, "litters", "pigs_household")
    assert fewer[11] < plain[11]
    assert "pigs in July" in (page.here / "out" / "experiments" / "pigs" / "table.csv").read_text()


def test_the_documentation_follows(page: Page, done: dict[str, Section]) -> None:
    made = page.python(str(page.copy / "docs" / "generate_equations.py"))
    assert made.returncode == 0, made.stderr
    pages = page.copy / "docs" / "equations"
    livestock, peat = ((pages / f"{name}.md").read_text(encoding="utf-8") for name in ("livestock", "peat"))
    for name, text in (("spoilt", livestock), ("litters_lost", livestock), ("peat_a_year", peat)):
        assert f"`{name}`" in text
    assert "peat" in (pages / "index.md").read_text(encoding="utf-8")


def test_a_message_names_what_was_added(page: Page, done: dict[str, Section]) -> None:
    (page.here / "wrong.toml").write_text(
        'extends = "baseline"\n[parameters.peat]\npeat_a_yaer = 1.0\n', encoding="utf-8"
    )
    said = page.python("-c", "from planmodel import load; load('wrong.toml')").stderr
    assert "parameters.peat.peat_a_yaer: unknown key; did you mean 'peat_a_year'?" in said
