"""The pages on the source texts are those of the record and the lines at hand, with the answers kept."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest
from programs import program

from planmodel.documented.tables import tables
from planmodel.texts.loading import texts

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tables.md"
OTHERS = ROOT / "docs" / "texts.md"


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_tables")


def test_the_pages_are_up_to_date(generate: ModuleType) -> None:
    again = "run: python docs/generate_tables.py --pages"
    assert PAGE.read_text(encoding="utf-8") == generate.tables(), again
    assert OTHERS.read_text(encoding="utf-8") == generate.other_texts(), again


def test_answers_are_kept_of_every_figure(generate: ModuleType) -> None:
    for number in texts():
        assert list(generate.table(number)["number"].unique()) == list(
            range(1, len(generate.cells_of(generate.find_text(number))) + 1)
        )


def test_it_has_a_section_of_each_table_and_its_links_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(tables())
    listed = re.findall(r"^\| (\d+) \| \[.+\]\(#(\w+)\) \|", text, re.MULTILINE)
    assert sorted((int(place), key) for place, key in listed) == list(enumerate(tables(), start=1))
    for page in (PAGE, OTHERS):
        for target in re.findall(r"\]\(([\w./]+)\)", page.read_text(encoding="utf-8")):
            assert (PAGE.parent / target).is_file(), target


def test_prose_is_narrow() -> None:
    for page in (PAGE, OTHERS):
        lines = page.read_text(encoding="utf-8").splitlines()
        assert max(len(line) for line in lines if not line.startswith("|")) <= 110
