"""Write tables.md, the tables of the book: ``python docs/generate_tables.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from planmodel.documented.catalogue import unit
from planmodel.documented.tables import BookTable, tables
from planmodel.documented.vocabulary import NATIONAL
from planmodel.experiments.coverage import coverage, summary
from planmodel.show.markdown import table_of

PAGE = Path(__file__).with_name("tables.md")

HEAD = """\
# The tables of the book

Generated from the record by `docs/generate_tables.py`; do not edit. C. Bettelheim, *Class Struggles in the
USSR, Third Period, Part One*, prints figures in {number} tables and series, many of them within sentences.
Lines are those of the scanned text that we hold; notes to several chapters are lost in it, and with them the
sources.

```bash
planmodel series tables
planmodel series tables grain_balance
```

{record}
{experiments}

*Shown* counts the figures that an experiment sets out, *with model* those for which the model has an answer
on the same dates. That is no agreement: how far model and record agree is told by the
[experiments](experiments.md). Most tables that none shows are of quantities that the model has not. Not
counted is what an experiment takes from another version of a series.
"""


def page() -> str:
    """Return the page."""
    every = tables().values()
    record, experiments = summary(every)
    parts = [HEAD.format(number=len(every), record=record, experiments=experiments)]
    heads = ("Table", "Lines", "Figures", "Transcribed", "Shown", "With model", "Experiments")
    parts.append(table_of(heads, map(_line, every)))
    parts += [part for one in every for part in _section(one)]
    return "\n".join(parts)


def _line(one: BookTable) -> tuple[object, ...]:
    by = coverage(one)
    names = ", ".join(f"[{name}](../experiments/{name}/README.md)" for name in by.experiments)
    link = f"[{one.title}](#{one.key})"
    return link, one.lines, one.held, one.transcribed, by.shown, by.compared, names


def _section(one: BookTable) -> Iterator[str]:
    yield f"## {one.key}\n\n{one.title}. Lines {one.lines}; cites {one.cites}.\n"
    rows = []
    for figure in one.figures:
        where = "" if figure["territory"] in NATIONAL else figure["territory"]
        about = "; ".join(filter(None, (where, _doubt(figure["confidence"]), figure["note"])))
        names = (figure["variable"], figure["version"], figure["date"], f"{figure['value']:.7g}")
        rows.append((*names, unit(figure["variable"]), figure["kind"].replace("_", " "), about))
    yield table_of(("Variable", "Version", "Date", "Value", "Unit", "Kind", "Note"), rows)


def _doubt(confidence: str) -> str:
    return {"ocr_doubt": "doubtful in the scan", "contested": "contested"}.get(confidence, "")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
