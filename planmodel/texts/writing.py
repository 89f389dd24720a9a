"""What the folder of a text holds besides table and overview: its page, and a figure and a table each."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planmodel.documented.tables import tables as book_tables
from planmodel.experiments.schema import ExperimentFile
from planmodel.texts.figures import draw_table
from planmodel.texts.page import by_table, page_of_book, page_of_statements

PAGE = "page.md"


def write_more(about: ExperimentFile, is_book: bool, table: pd.DataFrame, folder: Path) -> None:
    """Write the page of a text, and for each of its tables a CSV, numbered; of the book a figure too."""
    from planmodel.experiments.reproduce import picture

    page = page_of_book(about, table) if is_book else page_of_statements(about, table)
    (folder / PAGE).write_text(page, encoding="utf-8")
    for place, (key, rows) in enumerate(by_table(table).items(), start=1):
        name = f"{place:02d}_{key.replace(' ', '_')}"
        text = rows.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        if is_book and rows["median"].notna().any():
            sheet = draw_table(rows, book_tables()[key].title)
            (folder / f"{name}.png").write_bytes(picture(sheet))
