"""The numbers that the README tells are those of the pages that it points to."""

from __future__ import annotations

import re

import pytest
from programs import DOCS

README = " ".join((DOCS.parent / "README.md").read_text(encoding="utf-8").split())


def told(pattern: str) -> list[int]:
    found = re.search(pattern, README)
    assert found is not None, pattern
    return [int(number) for number in found.groups()]


def row(page: str, begins: str) -> list[str]:
    """Return the cells of the row of a table of a page."""
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if line.startswith(begins))
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_shares_that_hold_are_those_of_the_page_on_robustness() -> None:
    [number] = told(r"of draws of all (\d+) sizes")
    fitted = told(
        r"in (\d+) % of draws of the fitted sizes within 5 % of their ranges and in (\d+) % within 10 %"
    )
    every = told(r"guesses of single regions among them, in (\d+) % and (\d+) %")
    facts = told(r"all fifteen facts together in (\d+) % and in (\d+) % of the draws within 5 %")
    page = {
        (who, within): row("robustness.md", f"| {who} | {within} % |")
        for who in (f"all {number}", "the 79 fitted")
        for within in (5, 10)
    }
    percent = {key: [int(cell.removesuffix(" %")) for cell in cells[2:6]] for key, cells in page.items()}
    assert fitted == [percent["the 79 fitted", 5][0], percent["the 79 fitted", 10][0]]
    assert every == [percent[f"all {number}", 5][0], percent[f"all {number}", 10][0]]
    assert facts == [percent["the 79 fitted", 5][3], percent[f"all {number}", 5][3]]


def test_falls_of_investment_are_those_of_the_baseline() -> None:
    falls = told(r"falls of investment in 1933 \(by (\d+) %\) and 1937 \(by (\d+) %")
    cells = row("baseline.md", "| baseline | -")
    assert falls == [-int(cells[1]), -int(cells[3])]


def test_the_slope_of_the_famine_is_that_of_its_page() -> None:
    (slope,) = told(r"One per cent of all harvests moves the dead of the famine by (\d+) %")
    assert slope == pytest.approx(-float(row("famine.md", "| All harvests at once |")[1]), abs=0.51)
