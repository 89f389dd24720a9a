"""Tables in LaTeX, with the rules of ``booktabs``."""

from __future__ import annotations

from planmodel.show.content import Table

_SIGNS = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def of_table(shown: Table) -> str:
    """Return a table: columns of numbers to the right, all that LaTeX would read as a command escaped."""
    columns = "".join("r" if shown.right(name) else "l" for name in shown.columns)
    lines = [r"\begin{table}", r"\centering"]
    if shown.caption:
        lines.append(rf"\caption{{{escaped(shown.caption)}}}")
    lines += [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _row(shown.headings), r"\midrule"]
    lines += [_row(cell.text for cell in row) for row in shown.rows]
    lines += [r"\bottomrule", r"\end{tabular}"]
    if shown.note:
        lines.append(rf"\par\smallskip\footnotesize {escaped(shown.note)}")
    return "\n".join([*lines, r"\end{table}", ""])


def over_pages(shown: Table) -> str:
    """Return a table that may go over several pages (needs ``longtable`` besides)."""
    columns = "".join("r" if shown.right(name) else "l" for name in shown.columns)
    head = [rf"\begin{{longtable}}{{{columns}}}", r"\toprule", _row(shown.headings), r"\midrule", r"\endhead"]
    rows = [_row(cell.text for cell in row) for row in shown.rows]
    note = [rf"\par\smallskip\footnotesize {escaped(shown.note)}"] if shown.note else []
    return "\n".join([*head, *rows, r"\bottomrule", r"\end{longtable}", *note, ""])


def escaped(text: str) -> str:
    """Return a text that LaTeX prints as it stands."""
    return "".join(_SIGNS.get(sign, sign) for sign in text)


def _row(cells: object) -> str:
    return " & ".join(escaped(str(cell)) for cell in cells) + r" \\"  # type: ignore[attr-defined]
