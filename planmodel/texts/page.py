"""The page of a text: where each table stands, and every table with the model beside it."""

from __future__ import annotations

import string
import textwrap
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from planmodel.documented import tables as book
from planmodel.experiments.coverage import coverage
from planmodel.experiments.schema import ExperimentFile
from planmodel.show.content import Column
from planmodel.show.markdown import table_of
from planmodel.show.numbers import NONE, percent, short, words
from planmodel.texts.cells import MARKS
from planmodel.texts.sizes import count_still, sizes_from
from planmodel.texts.tally import MEANING, STANDINGS, Tally, tally

Tables = Mapping[str, pd.DataFrame]
WIDTH = 110
ABOUT_BOOK = """\
Each figure of the book's tables and series stands as it is printed, with the median answer of the model and,
in brackets, 5 to 95 % of what is predicted: the draws with the errors of the figure and the declared
discrepancy of the model. A band that holds fewer than nine figures in ten says that the model is off by more
than that. {runs} *Answered* are figures for which the model has a counterpart; *count*
those of them that are a test; *fitted* is how many of these the calibration of the run was fitted to, so that
agreement is no surprise. *Direction* is how many changes, from one figure of a series to the next or printed
as a change, have the right sign. Ranked by standing, then by the share of figures in the band, then by the
median deviation, under `{main}`."""
ABOUT_STATEMENTS = """\
Each statement of the text with a number or a sign, with the answer of the model: the median and 5 to 95 % of
the draws (of the whole model, run `archival`: of what is predicted, errors of figure and model included).
Where the text gives words, what is asked of the model is a sign or a bound, and *kept* says in how many draws
it holds. {counts}"""


def page_of_book(about: ExperimentFile, table: pd.DataFrame) -> str:
    """Return the page of the book: list, marks and a section for each table."""
    main = "archival" if "archival" in runs_of(table) else runs_of(table)[-1]
    runs = " ".join(_of_run(name, table) for name in runs_of(table))
    head = _filled(" ".join(ABOUT_BOOK.format(runs=runs, main=main).split()))
    counts = "\n\n".join(_filled(sentence) for sentence in (standings(table, main), *in_all(table)))
    parts = [
        f"# {about.title}\n",
        head + "\n",
        counts + "\n",
        list_of_tables(table, main),
        STANDING,
        _list(MEANING),
        MARKED,
        marks(),
    ]
    return "\n".join([*parts, *sections(table)])


def page_of_statements(about: ExperimentFile, table: pd.DataFrame) -> str:
    """Return the page of a text without tables: its statements by subject."""
    return f"# {about.title}\n\n" + "\n".join(statements(about, table))


def statements(about: ExperimentFile, table: pd.DataFrame) -> Iterator[str]:
    """Yield what a text states, by subject."""
    whole = tally(table)
    kept = f"{whole.kept} of {whole.bounds} signs and bounds that count are kept by the median"
    counts = f"Of {whole.figures} statements {whole.answered} have an answer; {kept}."
    yield _filled(f"{about.source} " + " ".join(ABOUT_STATEMENTS.format(counts=counts).split())) + "\n"
    for key, rows in by_table(table).items():
        yield f"**{key[:1].upper()}{key[1:]}**\n"
        yield figures(rows, with_lines=True)


def _of_run(name: str, table: pd.DataFrame) -> str:
    """Say of a run without draws that it is one history."""
    rows = table[(table["run"] == name) & (table["mark"] == "") & table["median"].notna()]
    if (rows["draws_low"] != rows["draws_high"]).any():
        return f"`{name}` are draws of that posterior."
    return (
        f"There is no posterior of `{name}` yet: under this name stands the central history of the baseline."
    )


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


STANDING, MARKED = "Where a table stands:\n", "In the column of remarks:\n"


def by_table(table: pd.DataFrame) -> Tables:
    """Return the rows of each table of a text, in its order."""
    return {str(key): rows for key, rows in table.groupby("table", sort=False)}


def list_of_tables(table: pd.DataFrame, run: str) -> str:
    """Return all tables of the book with where they stand, those that agree best first.

    Ranked are standings, then the share of figures that count within the band, then the median deviation.
    """
    lines = []
    for place, (key, rows) in enumerate(by_table(table[table["run"] == run]).items(), start=1):
        found = tally(rows)
        inside = found.within / found.counted if found.counted else -1.0
        off = found.median if np.isfinite(found.median) else np.inf
        title = f"[{book.table(key).title}](#{key})"
        lines.append(
            ((STANDINGS.index(found.standing), -inside, off, place), (place, title, *counted(found)))
        )
    heads = (Column("No.", right=True), "Table", *COUNTS)
    return table_of(heads, [cells for _, cells in sorted(lines, key=lambda line: line[0])])


COUNTS = (
    "Stands",
    "Figures",
    "Answered",
    "Count",
    "Fitted",
    "In band",
    "In draws",
    "Median off",
    "Direction",
)


def counted(found: Tally) -> tuple[object, ...]:
    """Return the counts of a table as cells."""
    inside = f"{found.within} of {found.counted}" if found.counted else ""
    draws = f"{found.within_draws} of {found.counted}" if found.counted else ""
    ways = f"{found.right} of {found.directions}" if found.directions else ""
    off = percent(found.median, none="")
    numbers = (found.figures, found.answered, found.counted, found.fitted)
    return found.standing, *numbers, inside, draws, off, ways


def standings(table: pd.DataFrame, run: str) -> str:
    """Say how many tables stand where."""
    found = [tally(rows).standing for rows in by_table(table[table["run"] == run]).values()]
    said = [f"{found.count(word)} {word}" for word in STANDINGS if word in found]
    return f"{len(found)} tables: {'; '.join(said)}."


def in_all(table: pd.DataFrame) -> Iterator[str]:
    """Yield a sentence a run: how far all figures that count agree."""
    for run in runs_of(table):
        found = tally(table[table["run"] == run])
        if not found.counted:
            continue
        yield (
            f"`{run}`: of {found.figures} figures {found.answered} have an answer and {found.counted} "
            f"count, of which {found.fitted} were fitted; {found.within} lie in the band, "
            f"{found.within_draws} in that of the draws alone; median deviation {percent(found.median)}; "
            f"{found.right} of {found.directions} changes go the right way; {found.kept} of {found.bounds} "
            "bounds are kept."
        )


def runs_of(table: pd.DataFrame) -> list[str]:
    """Return the runs of a text, in order."""
    return list(dict.fromkeys(table["run"]))


def sections(table: pd.DataFrame) -> Iterator[str]:
    """Yield a section for each table of the book."""
    for place, (key, rows) in enumerate(by_table(table).items(), start=1):
        one = book.table(key)
        yield (
            f"## {key}\n\n"
            + _filled(f"**{place}. {one.title}.** Lines {one.lines}; cites {one.cites}.")
            + "\n"
        )
        yield _filled(" ".join(_agreement(rows))) + "\n"
        yield from (_filled(said) + "\n" for said in _about(one))
        yield figures(rows)


def _agreement(rows: pd.DataFrame) -> Iterator[str]:
    for run in runs_of(rows):
        found = tally(rows[rows["run"] == run])
        if run == runs_of(rows)[0]:
            answers = f"{found.answered} of {found.figures} figures have an answer"
            yield f"{found.standing.capitalize()}: {answers}."
        if not found.counted:
            if np.isfinite(found.median):
                yield f"`{run}`: median deviation {percent(found.median)}, which is no test."
            continue
        said = f"`{run}`: {found.within} of {found.counted} that count within the band"
        said += f", median deviation {percent(found.median)}" if np.isfinite(found.median) else ""
        said += f", {found.right} of {found.directions} changes the right way" if found.directions else ""
        yield f"{said}."


def _about(one: book.BookTable) -> Iterator[str]:
    if one.scan:
        yield f"Scan: {one.scan}."
    if shown := coverage(one).experiments:
        yield f"Shown by the experiments {', '.join(f'`{name}`' for name in shown)}."
    if sizes := sizes_from(one.lines):
        names = ", ".join(f"`{name}`" for name in sizes)
        why = count_still().get(one.key)
        still = f" Figures count still: {why}." if why else ""
        yield f"Sizes read from these lines: {names}.{still}"


def figures(rows: pd.DataFrame, with_lines: bool = False) -> str:
    """Return the figures of a table as a table, with notes below it.

    With ``with_lines`` each is a statement with its lines, asked of one run, which stands beside it.
    """
    runs = runs_of(rows)
    letters = _letters(list(dict.fromkeys(note for note in rows["note"] if note)))
    lines = []
    for _, mine in rows.groupby("number", sort=False):
        first, by_run = mine.iloc[0], {row["run"]: row for _, row in mine.iterrows()}
        said: list[str] = [answer(by_run[run]) if run in by_run else NONE for run in runs]
        why = first["counted"] or first["mark"]
        fitted = [run for run in runs if run in by_run and by_run[run]["fitted"] == "yes"]
        notes = ["" if why in ("at least", "at most") else why]
        notes += [_holds(by_run, runs)] if first["holds"] == first["holds"] else []
        notes += ["fitted" if len(fitted) == len(runs) else f"fitted in {fitted[0]}"] if fitted else []
        remark = "; ".join(filter(None, notes))
        remark += f" ({letters[first['note']]})" if first["note"] else ""
        dates = str(first["dates"]).replace("..", " to ")
        figure = (printed(first), unit_in_words(first["printed"]))
        if with_lines:
            run = f"`{first['run']}`" if first["expression"] else ""
            what = ", ".join(filter(None, (first["title"], dates)))
            lines.append((first["lines"], what, *figure, run, answer(first), remark.strip()))
        else:
            lines.append((first["title"], dates, *figure, *said, remark.strip()))
    text = Column("Text", right=True)
    heads: tuple[str | Column, ...] = (
        ("Lines", "Statement", text, "Unit", "Run", "Model", "Remark") if with_lines
        else ("Figure", "Dates", text, "Unit", *(f"`{run}`" for run in runs), "Remark")
    )  # fmt: skip
    below = "\n".join(_filled(f"- ({letter}) {note}", "  ") for note, letter in letters.items())
    return table_of(heads, lines) + (f"\n{below}\n" if below else "")


def _holds(by_run: Mapping[str, pd.Series], runs: Sequence[str]) -> str:
    """Say in how many draws a bound is kept; of a single history, whether it is."""
    said = [percent(by_run[run]["holds"]) for run in runs if run in by_run]
    return f"kept in {' and '.join(said)} of draws"


def _letters(notes: Sequence[str]) -> dict[str, str]:
    return dict(zip(notes, string.ascii_lowercase, strict=False))


def printed(row: pd.Series) -> str:
    """Return a figure as the text prints it: a number, a range, or one end."""
    low, high = row["scale"] * row["documented_low"], row["scale"] * row["documented_high"]
    if np.isnan(low):
        return "in words"
    of_record = row["version"] != ""
    if np.isinf(low):
        return f"{'at most' if of_record else 'below'} {exact(high)}"
    if np.isinf(high):
        return f"{'at least' if of_record else 'above'} {exact(low)}"
    return exact(low) if low == high else f"{exact(low)} to {exact(high)}"


def exact(value: float) -> str:
    """Return a number with the digits that it is printed with."""
    return f"{value:.6g}"


def unit_in_words(unit: str) -> str:
    """Return a unit; that of a pure number is none."""
    return "" if unit == "1" else words(unit)


def answer(row: pd.Series) -> str:
    """Return the median in the unit of the print, and the band of what is predicted."""
    if not np.isfinite(row["median"]):
        return NONE
    scaled = [row["scale"] * row[name] for name in ("median", "low", "high")]
    if row["mark"] == "base":
        return short(scaled[0])
    return f"{short(scaled[0])} ({short(scaled[1])} to {short(scaled[2])})"


def marks() -> str:
    """Return what the remarks mean, as a list."""
    return _list(MARKS)


def _list(meanings: Mapping[str, str]) -> str:
    return "\n".join(f"- *{word}*: {meaning}" for word, meaning in meanings.items()) + "\n"
