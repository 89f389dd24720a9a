"""The runner of mutants on a small project: what it tells of each mutant, and when it does not begin."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_mutants import LISTS, Mutant, Suite, load, report, try_all

CODE = "def double(x):\n    return 2 * x\n\n\ndef half(x):\n    return x / 2\n"
TEST = "from planmodel import double\n\n\ndef test_double():\n    assert double(2) == 4\n"
MUTANTS = (
    Mutant("killed", "planmodel/__init__.py", "2 * x", "3 * x"),
    Mutant("survived", "planmodel/__init__.py", "x / 2", "x / 3"),
    Mutant("equivalent", "planmodel/__init__.py", "2 * x", "x * 2", "it is"),
    Mutant("stale: gone", "planmodel/__init__.py", "4 * x", "3 * x"),
    Mutant("stale: twice", "planmodel/__init__.py", "return", "yield"),
    Mutant("stale: no file", "planmodel/other.py", "x", "y"),
    Mutant("stale, though equivalent", "planmodel/__init__.py", "4 * x", "x * 4", "it is"),
    Mutant("broken", "planmodel/__init__.py", "def double", "def !double"),
)


def project(folder: Path, test: str = TEST) -> Path:
    for name, text in (("planmodel/__init__.py", CODE), ("tests/test_double.py", test)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "pyproject.toml").write_text("[tool.pytest.ini_options]\n", encoding="utf-8")
    return folder


def suite(*mutants: Mutant, least: float = 0.5) -> Suite:
    return Suite("small", ("tests",), least, {}, mutants)


def test_each_mutant_is_told_for_what_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verdicts = try_all(suite(*MUTANTS), project(tmp_path), 60.0, 2)
    assert list(verdicts.values()) == [m.what.replace(",", ":").partition(":")[0] for m in MUTANTS]
    assert (tmp_path / "planmodel/__init__.py").read_text(
        encoding="utf-8"
    ) == CODE  # the checkout is left alone
    assert not report(suite(*MUTANTS), verdicts)
    said = capsys.readouterr().out
    assert "small: 1 of 2 killed, 50%; at least 50% is asked for" in said
    assert "1 survived, 1 equivalent, 4 stale, 1 broken" in said
    assert "  survived: planmodel/__init__.py: survived" in said
    in_order = {mutant: verdicts[mutant] for mutant in MUTANTS[:3]}
    assert report(suite(*MUTANTS[:3]), in_order)
    assert not report(suite(*MUTANTS[:3], least=0.6), in_order)


def test_nothing_is_tried_where_the_tests_do_not_pass_unbroken(tmp_path: Path) -> None:
    """Else every mutant would count as killed."""
    failing = project(tmp_path, TEST.replace("== 4", "== 5"))
    with pytest.raises(SystemExit, match="tests of the unbroken code do not pass"):
        try_all(suite(*MUTANTS), failing, 60.0, 1)


@pytest.mark.parametrize("name", ["engine", "economy"])
def test_the_lists_are_read_and_name_tests_that_exist(name: str) -> None:
    found = load(LISTS / f"{name}.toml")
    root = LISTS.parents[1]
    assert all((root / test).exists() for test in (*found.tests, *found.first.values()))
    assert len(found.mutants) >= {"engine": 100, "economy": 25}[name]
