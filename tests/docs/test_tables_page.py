"""The page on the tables of the book is that of the record at hand."""

from __future__ import annotations

import re
from pathlib import Path

from programs import program

from planmodel.documented.tables import tables

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "tables.md"


def test_the_page_is_up_to_date() -> None:
    module = program("generate_tables")
    assert PAGE.read_text(encoding="utf-8") == module.page(), "run: make pages"


def test_it_has_a_section_of_each_table_and_its_links_lead_somewhere() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == list(tables())
    assert set(re.findall(r"\]\(#(\w+)\)", text)) == set(tables())
    for target in re.findall(r"\]\(([\w./]+)\)", text):
        assert (PAGE.parent / target).is_file(), target
