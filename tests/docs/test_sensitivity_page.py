"""What the pages on sensitivity and attribution show is valid, and the shares they print sum up."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_calls import planmodel

from planmodel.scenario.configurations import ready_files
from planmodel.sensitivity.load import load_analysis, prepare

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "sensitivity.md").read_text(encoding="utf-8")
ATTRIBUTION = (DOCS / "attribution.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(FILES)))
def test_the_analyses_shown_are_valid(number: int, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(FILES[number], encoding="utf-8")
    assert prepare(load_analysis(file), file).size > 0


def test_the_example_has_as_many_members_as_the_page_says(tmp_path: Path) -> None:
    file = tmp_path / "harvest.toml"
    file.write_text(FILES[0], encoding="utf-8")
    about = prepare(load_analysis(file), file)
    assert f"{about.size:,} members" in PAGE
    assert str(about.members["base"].scenario.period.end) == "1934-12-31"


def test_ready_analyses_are_told_of_and_exist() -> None:
    table = PAGE.partition("## Ready analyses")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", table)) == set(ready_files("sensitivity"))
    for name in re.findall(r"^planmodel sensitivity (\w+)(?: |$)", PAGE + ATTRIBUTION, re.MULTILINE):
        assert name in ready_files("sensitivity")


@pytest.mark.parametrize("option", ["--draws", "--samples", "--workers", "--force"])
def test_options_exist(option: str) -> None:
    assert option in PAGE
    assert option in planmodel("sensitivity", "--help").out


def test_shares_on_the_page_sum_to_the_whole() -> None:
    tables = re.findall(r"^\| --- .*?\n((?:\|.*\n)+)", ATTRIBUTION, re.MULTILINE)
    assert len(tables) >= 7
    told = 0
    for table in tables:
        shares = re.findall(r"^\| [^|]+ \| (-?\d+) % ", table, re.MULTILINE)
        if shares:
            told += 1
            assert sum(map(int, shares)) == pytest.approx(100, abs=0.5 * len(shares) + 1)
            assert len(shares) == table.count("\n")
    assert told > 0
