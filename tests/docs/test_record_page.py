"""The page on the record is that of the record at hand."""

from __future__ import annotations

from programs import program


def test_the_page_is_up_to_date() -> None:
    module = program("generate_record")
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run: make pages"
