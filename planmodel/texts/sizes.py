"""Which sizes of the model were read from lines of the book: where they are, agreement is no test."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from planmodel.documented.tables import spans
from planmodel.experiments.load import experiments_folder
from planmodel.scenario import registry
from planmodel.scenario.finding import find_scenario
from planmodel.scenario.toml import read_toml

_LINES = re.compile(r"\blines? (\d[\d, -]*\d|\d)")
_OWN = "baseline"  # whose file names sources of dates, stocks and series


def sizes_from(lines: str) -> list[str]:
    """Return the parameters, constants and entries of the baseline whose source names some of the lines."""
    wanted = spans(lines)
    return [
        name
        for name, cited in _cited().items()
        if any(first <= b and a <= last for first, last in cited for a, b in wanted)
    ]


@cache
def _cited() -> Mapping[str, tuple[tuple[int, int], ...]]:
    """Return the lines of the book that sizes cite, by name of the size."""
    found = {}
    for name, source in (*_declared(), *_of_baseline("", read_toml(find_scenario(_OWN)))):
        cited = [span for text in _LINES.findall(source) for span in spans(text.strip(", "))]
        if cited:
            found[name] = tuple(cited)
    return found


def _declared() -> Iterator[tuple[str, str]]:
    economy = registry.economy()
    for block, parameters in economy.parameters().items():
        for name, one in parameters.items():
            yield f"{block}.{name}", one.source
    for name, constant in economy.constants().items():
        yield name, constant.source


def _of_baseline(place: str, tree: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if key == "source" and isinstance(value, str):
            yield place, value
        elif isinstance(value, Mapping):
            yield from _of_baseline(f"{place}.{key}".lstrip("."), value)


@cache
def count_still() -> Mapping[str, str]:
    """Return why figures count although a size was read from lines of their table, by table."""
    file = experiments_folder() / "texts" / "002" / "counts.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        return {row["table"]: row["why"] for row in csv.DictReader(stream)}
