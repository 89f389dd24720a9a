"""The page on what of the texts is in: it is of today, and a row that says more than holds is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
from programs import program

ESSENTIAL = re.compile(r"^\| ([A-D]-\d+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    return program("generate_coverage")


@pytest.fixture(scope="module")
def now(generate: ModuleType) -> Any:
    return generate.known()


@pytest.fixture(scope="module")
def file(generate: ModuleType) -> str:
    text: str = generate.ROWS.read_text(encoding="utf-8")
    return text


def test_the_page_is_of_today(generate: ModuleType, now: Any) -> None:
    assert generate.PAGE.read_text(encoding="utf-8") == generate.page(now=now), "run: make pages"


def test_every_row_stands_on_it_with_its_grade(generate: ModuleType, file: str) -> None:
    text = generate.PAGE.read_text(encoding="utf-8")
    rows, _ = generate.read(file)
    shown = [line.strip("| ").split(" | ") for line in text.split("## ")[0].splitlines() if " | " in line]
    assert [(cells[0], cells[5]) for cells in shown[2:]] == [(row.lines, row.grade) for row in rows]
    numbers = re.search(r"^(\d+) rows: (\d+) faithful, (\d+) partial, (\d+) out\.$", text, re.MULTILINE)
    assert numbers is not None
    whole, *parts = map(int, numbers.groups())
    assert whole == sum(parts) == len(rows)


def test_nothing_of_a_row_is_cut_off(generate: ModuleType, file: str) -> None:
    """Cells of other tables are shortened; here a link would break."""
    text = generate.PAGE.read_text(encoding="utf-8")
    rows, _ = generate.read(file)
    for row in rows:
        line = next(line for line in text.splitlines() if line.startswith(f"| {row.lines} |"))
        assert line.count("](equations/") == len(row.equations)
        assert row.missing in line
        assert row.why in line
        assert row.tried in line
        assert all(f"`{size}`" in line for size in row.sizes)
        assert all(number in line.split(" | ")[2].split(", ") for number in row.mechanisms)


def test_liveness_is_that_of_its_page(generate: ModuleType, now: Any) -> None:
    alive, _, dead = re.split(r"^## .*$", (generate.DOCS / "liveness.md").read_text("utf-8"), flags=re.M)[1:]
    for verdict, part in (("alive", alive), ("dead", dead)):
        named = set(re.findall(r"^\| `([\w.]+)` \|", part, re.MULTILINE))
        assert named
        assert {size for size, found in now.verdicts.items() if found == verdict} == named


def test_every_mechanism_of_the_model_is_in_a_row_or_in_the_rest(
    generate: ModuleType, now: Any, file: str
) -> None:
    told = set(ESSENTIAL.findall((generate.DOCS / "model.md").read_text(encoding="utf-8")))
    rows, rest = generate.read(file)
    assert told == {number for row in rows for number in row.mechanisms} | set(rest)
    assert set(now.mechanisms) == told


def test_what_is_in_rests_on_something_that_is_not_dead(generate: ModuleType, now: Any, file: str) -> None:
    rows, _ = generate.read(file)
    for row in rows:
        asked = {now.verdicts[size] for size in row.sizes} - {"not asked"}
        if row.grade != "out" and asked:
            assert asked != {"dead"}, row.lines
        if row.grade == "faithful":
            assert "alive" in asked, row.lines


BROKEN = {
    "an equation": ('"centre.review"', '"centre.reviewed"', "unknown equation centre.reviewed"),
    "an equation of a system": (
        '"kuzbass:mines.mine"',
        '"kuzbass:mines.dig"',
        "unknown equation kuzbass:mines.dig",
    ),
    "a parameter": ('"centre.zeal"', '"centre.zest"', "unknown parameter or switch centre.zest"),
    "a switch": ('"money_plan"', '"barter_plan"', "unknown parameter or switch barter_plan"),
    "a mechanism": ('"A-19"', '"A-190"', "unknown mechanism A-190"),
    "a mechanism of other lines": ('["A-37"]', '["A-5"]', "A-5 is told in other lines"),
    "a grade": ('grade = "faithful"', 'grade = "certain"', "unknown grade 'certain'"),
    "an entry": ('grade = "faithful"', 'grade = "faithful"\nmark = 1', "unknown entry mark"),
    "no grade": ('grade = "faithful"', "", "row '995-999': grade is wanting"),
    "no reason": (
        'why = "Regions of industry are a structure that the model lacks, and a stand-in moves no figure."',
        "",
        "row '9652-9732' (Forced labour by priority, and in the east in place of wages and housing): out",
    ),
    "a mechanism that no row has": ('"C-58" = ', "# ", "no row and no rest names C-58"),
    "a rest that a row reaches": (
        "[rest]",
        '[rest]\n"A-19" = "Said twice."',
        "A-19: row '1891-2008' reaches",
    ),
    "a rest without a number": ('"C-58" = ', '"C-580" = ', "C-580: unknown mechanism"),
    "a rest without a sentence": (
        '"Camps as a threat to free workers."',
        '" "',
        "C-58: has no sentence",
    ),
}


@pytest.mark.parametrize(("whole", "broken", "told"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_copy_is_refused(
    generate: ModuleType, now: Any, file: str, whole: str, broken: str, told: str
) -> None:
    assert whole in file
    with pytest.raises(ValueError, match=re.escape(told)) as found:
        generate.page(file.replace(whole, broken, 1), now)
    assert "coverage.toml" in str(found.value)


def row_of(generate: ModuleType, file: str, lines: str) -> Any:
    rows, _ = generate.read(file)
    return next(row for row in rows if row.lines == lines)


@pytest.mark.parametrize("lines", ["818-867", "700-760"])
def test_what_is_missing_must_be_said(generate: ModuleType, now: Any, file: str, lines: str) -> None:
    row = row_of(generate, file, lines)
    generate.check(row, now, [lines])
    with pytest.raises(ValueError, match=rf"row '{lines}' .*what is missing"):
        generate.check(replace(row, missing=""), now, [lines])


def test_what_acts_acts_by_equations(generate: ModuleType, now: Any, file: str) -> None:
    row = replace(row_of(generate, file, "5252-5388"), equations=())
    with pytest.raises(ValueError, match="partial, without an equation"):
        generate.check(row, now)


def test_a_faithful_row_must_rest_on_what_is_alive(generate: ModuleType, now: Any, file: str) -> None:
    row = row_of(generate, file, "1161-1340")
    generate.check(row, now)
    for verdict in ("alive without refit", "dead", "not asked"):
        worse = replace(now, verdicts=now.verdicts | dict.fromkeys(row.sizes, verdict))
        with pytest.raises(ValueError, match=r"row '1161-1340' .*nothing that it rests on is alive"):
            generate.check(row, worse)
    with pytest.raises(ValueError, match="nothing that it rests on is alive"):
        generate.check(replace(row, sizes=()), now)


def test_a_faithful_row_has_no_mechanism_of_which_a_part_is_missing(
    generate: ModuleType, now: Any, file: str
) -> None:
    row = replace(row_of(generate, file, "2212-2235"), grade="faithful")
    with pytest.raises(ValueError, match=r"of A-37 model\.md says: in part"):
        generate.check(row, now)


def test_a_row_on_dead_sizes_is_out(generate: ModuleType, now: Any, file: str) -> None:
    row = row_of(generate, file, "10485-10519")
    all_dead = replace(now, verdicts=now.verdicts | dict.fromkeys(row.sizes, "dead"))
    with pytest.raises(ValueError, match=r"row '10485-10519' .*all that it rests on is dead"):
        generate.check(replace(row, grade="partial"), all_dead)


def test_what_the_model_has_in_is_not_out(generate: ModuleType, now: Any, file: str) -> None:
    row = replace(row_of(generate, file, "3102-3204"), grade="out", why="A reason.", tried="Not tried.")
    with pytest.raises(ValueError, match=r"of B-2 model\.md says: in"):
        generate.check(row, now)
