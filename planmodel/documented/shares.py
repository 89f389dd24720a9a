"""How firm the record is: figures transcribed, recalled and read out of words, by theme and by variable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from planmodel.documented.catalogue import variables
from planmodel.documented.files import figures
from planmodel.documented.vocabulary import EVIDENCE

HEADS = ("figures", *(head for word in EVIDENCE for head in (word, "%")))
Shares = list[tuple[str | int, ...]]


def shares_of_themes() -> Shares:
    """Return a row a theme, and one of the whole record: its name, then a number for each of `HEADS`."""
    theme = variables()["theme"]
    rows = _counted((str(theme[row["variable"]]), row["evidence"]) for row in figures())
    return [*rows, *_counted(("all", row["evidence"]) for row in figures())]


def shares_of_variables(theme: str) -> Shares:
    """Return a row a variable of a theme: see :func:`shares_of_themes`."""
    mine = set(variables().query("theme == @theme").index)
    return _counted((row["variable"], row["evidence"]) for row in figures() if row["variable"] in mine)


def _counted(marks: Iterable[tuple[str, str]]) -> Shares:
    """Count pairs of a name and a mark of evidence, and reckon the shares of the marks, in whole per cent."""
    counts: dict[str, Counter[str]] = {}
    for name, evidence in marks:
        counts.setdefault(name, Counter())[evidence] += 1
    return [
        (
            name,
            count.total(),
            *(n for word in EVIDENCE for n in (count[word], round(100 * count[word] / count.total()))),
        )
        for name, count in sorted(counts.items())
    ]
