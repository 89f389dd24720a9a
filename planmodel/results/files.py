"""Tables in the files of other programs, by the ending: CSV, Parquet, Excel, Stata, LaTeX."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from planmodel.engine.errors import UserError
from planmodel.extras import need
from planmodel.show import latex
from planmodel.show.content import Table
from planmodel.storage import write_whole
from planmodel.storage.files import WriteError

LONGEST_NAME = 32  # letters of a name in Stata
_LONGEST_LABEL = 80  # letters of a label in Stata
_ROWS_OF_A_PAGE = 400  # of a table that is to be printed


class Writable:
    """Something that can be written into the files of other programs.

    ``frame`` are its values, one row a case; ``labels`` say what each column is; ``shown`` is how it is
    printed.
    """

    frame: pd.DataFrame
    labels: Mapping[str, str]

    def shown(self) -> Table:
        """Return the table as it is shown and printed."""
        raise NotImplementedError

    def to(self, file: str | Path) -> Path:
        """Write a file by its ending: .csv, .parquet, .xlsx, .dta, .tex; return it.

        Raises
        ------
        UserError
            If the ending is another, or a package is missing that writes such files.
        """
        path = Path(file)
        write = _WRITERS.get(path.suffix.lower())
        if write is None:
            raise UserError(
                f"{path}: no kind of file ends in '{path.suffix}'; allowed: {', '.join(_WRITERS)}"
            )
        content = write(self)
        try:
            write_whole(path, content)
        except WriteError as error:
            raise UserError(str(error)) from None
        return path

    def to_csv(self, file: str | Path) -> Path:
        """Write a file of values separated by commas."""
        return self.to(_ending(file, ".csv"))

    def to_parquet(self, file: str | Path) -> Path:
        """Write a Parquet file; the labels are in its metadata (``attrs`` of the frame)."""
        return self.to(_ending(file, ".parquet"))

    def to_excel(self, file: str | Path) -> Path:
        """Write an Excel file: a sheet of values, and one that says what the columns are."""
        return self.to(_ending(file, ".xlsx"))

    def to_stata(self, file: str | Path) -> Path:
        """Write a Stata file: names within 32 letters, whole names and units in the labels."""
        return self.to(_ending(file, ".dta"))

    def to_latex(self, file: str | Path | None = None) -> str:
        """Return the table in LaTeX (needs ``booktabs``), and write it if a file is given."""
        if file is not None:
            self.to(_ending(file, ".tex"))
        return _latex(self).decode()


def _ending(file: str | Path, ending: str) -> Path:
    path = Path(file)
    if path.suffix.lower() != ending:
        raise UserError(f"{path}: ends in '{path.suffix}'; allowed: {ending}")
    return path


def _csv(table: Writable) -> bytes:
    return table.frame.to_csv(index=False).encode()


def _parquet(table: Writable) -> bytes:
    need("a Parquet file", "pyarrow")
    written = table.frame.copy()
    written.attrs = {"labels": dict(table.labels)}
    file = io.BytesIO()
    written.to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()


def _excel(table: Writable) -> bytes:
    need("an Excel file", "openpyxl")
    file = io.BytesIO()
    about = pd.DataFrame({"column": list(table.labels), "meaning": list(table.labels.values())})
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        table.frame.to_excel(book, sheet_name="values", index=False)
        about.to_excel(book, sheet_name="columns", index=False)
    return file.getvalue()


def _stata(table: Writable) -> bytes:
    names = stata_names(list(table.frame.columns))
    written = table.frame.rename(columns=names)
    labels = {names[name]: _label(name, names[name], table.labels.get(name, "")) for name in names}
    file = io.BytesIO()
    written.to_stata(file, write_index=False, version=118, variable_labels=labels)
    return file.getvalue()


def _latex(table: Writable) -> bytes:
    shown = table.shown()
    if len(shown.frame) > _ROWS_OF_A_PAGE:
        raise UserError(
            f"LaTeX: {len(shown.frame)} rows are no table to print; allowed: up to {_ROWS_OF_A_PAGE}, "
            "of fewer quantities or years"
        )
    return latex.of_table(shown).encode()


_WRITERS: dict[str, Callable[[Writable], bytes]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".dta": _stata,
    ".tex": _latex,
}


def stata_names(names: list[str]) -> dict[str, str]:
    """Return names within the letters that Stata allows, each once: words are cut, the longest first."""
    found: dict[str, str] = {}
    for name in names:
        short = _shortened("".join(c if c.isalnum() or c == "_" else "_" for c in name))
        number = 1
        while short in found.values():
            number += 1
            end = f"_{number}"
            short = short[: LONGEST_NAME - len(end)].rstrip("_") + end
        found[name] = short
    return found


def _shortened(name: str) -> str:
    """Cut the longest word by a letter until a name fits, so that all its words can still be read."""
    words = name.split("_")
    while len("_".join(words)) > LONGEST_NAME:
        longest = max(range(len(words)), key=lambda place: len(words[place]))
        words[longest] = words[longest][:-1]
    return "_".join(words)


def _label(name: str, short: str, label: str) -> str:
    """Return a label of Stata: of a name that was cut, the whole of it too."""
    text = label if name == short else f"{name}: {label}"
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 3] + "..."
