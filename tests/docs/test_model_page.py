"""What the pages name exists, and what exists is explained."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from planmodel.engine.graph import Graph, chapter_of
from planmodel.scenario import registry

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("*.md"))
EXAMPLES = {"extend.md", "own_economy.md"}  # of economies that these pages make
MODEL = (DOCS / "model.md").read_text(encoding="utf-8")
GRAPH = Graph(registry.economy().blocks)
PARAMETERS = {
    f"{c}.{name}": p for c, group in registry.economy().parameters().items() for name, p in group.items()
}
ESSENTIAL = {  # numbers of the mechanisms that our reading marks as essential, by part of the book
    "A": "1 2 4 5 8 9 10 11 12 19 20 23 26 27 28 29 31 35 36 37 39 41 42 45 48 49 55",
    "B": "1 2 6 7 8 10 11 19 24 27 28 31 32 37 39 45 47 49 50 54 60 64 67",
    "C": "1 6 9 11 19 21 22 26 28 29 30 31 35 36 37 38 44 47 48 52 53 57 58",
    "D": "1 2 3 6 9 10 12 19 22 23 24 25 33 34 35 36 38 42 43 52 53 56 62 63 64 67 70 71 72 73 75 77 78",
}


def resolve(dotted: str) -> object:
    """Import as much of a dotted name as there are modules, then take attributes."""
    parts = dotted.split(".")
    found: object = importlib.import_module(parts[0])
    for depth, part in enumerate(parts[1:], start=2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:depth]))
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_dotted_names_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in sorted(set(re.findall(r"\bplanmodel(?:\.[A-Za-z_]\w*)+", text))):
        resolve(name)


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in EXAMPLES], ids=lambda page: page.name)
def test_parameters_that_are_named_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|parameters\.)(\w+)\.(\w+)", text)
    known = PARAMETERS.keys() | {
        f"{c}.{a}" for c, accounts in registry.economy().stocks().items() for a in accounts
    }
    unknown = {f"{c}.{n}" for c, n in named if c in registry.economy().parameters()} - known
    assert not unknown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(([\w./-]*)(#[\w-]+)?\)", text):
        linked = DOCS / target if target else page
        assert linked.is_file(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor[1:] in slugs


def sections() -> dict[str, str]:
    """Return the text of each block's section, by its name in the heading."""
    found = re.split(r"^### `(\w+)`", MODEL, flags=re.MULTILINE)[1:]
    texts = [re.split(r"^###? ", text, flags=re.MULTILINE)[0] for text in found[1::2]]
    return dict(zip(found[::2], texts, strict=True))


def test_every_block_has_a_section_in_the_order_of_the_chapters() -> None:
    assert list(sections()) == [block.name for block in registry.economy().blocks]


def test_every_equation_is_told_in_the_section_of_its_block() -> None:
    """With a link to its mathematics; variants stand there with what they replace."""
    told = sections()
    for equation in GRAPH.equations:
        if equation.phase and not equation.without:
            page = chapter_of(next(b for b in GRAPH.blocks if b.name == equation.block))
            link = f"[`{equation.name}`](equations/{page}.md#{equation.block}{equation.name})"
            assert link in told[equation.block], f"{equation.block}.{equation.name}"


def test_mathematics_stands_on_the_derived_pages_alone() -> None:
    assert "$$" not in MODEL


def test_every_essential_mechanism_is_in_or_said_to_be_left_out() -> None:
    told = set(re.findall(r"^\| ([A-D]-\d+) \|", MODEL, re.MULTILINE))
    assert told == {f"{part}-{number}" for part, numbers in ESSENTIAL.items() for number in numbers.split()}


INSIDE, DEAD = "Essential mechanisms that are in", "Declared, but dead in the record"


def table(heading: str) -> dict[str, list[str]]:
    """Return the rows of a table of mechanisms, by number."""
    text = MODEL.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if re.match(r"\| [A-D]-\d+ \|", line)]
    assert len({row[0].strip() for row in rows}) == len(rows)
    return {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}


def test_each_mechanism_that_is_in_names_block_function_and_what_sets_its_size() -> None:
    known = {block.name for block in registry.economy().blocks}
    for number, (lines, what, blocks, functions, sizes) in table(INSIDE).items():
        assert re.fullmatch(r"[\d, -]+", lines), number
        assert what, number
        named = re.findall(r"`(\w+)`", blocks)
        assert named, number
        assert set(named) <= known, number
        assert re.search(r"`planmodel(\.\w+)+`", functions), number
        assert "`" in sizes, number  # a parameter, a lever or a constant


def test_no_mechanism_that_is_in_rests_on_what_is_dead() -> None:
    """A size of which the page on liveness says that no figure moves by it sets nothing that happens."""
    page = (DOCS / "liveness.md").read_text(encoding="utf-8").split("\n## Dead\n")[1]
    dead = set(re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE))
    assert dead
    for number, cells in table(INSIDE).items():
        assert not dead & set(re.findall(r"`([\w.]+)`", cells[-1])), number


def test_what_is_called_dead_is_dead() -> None:
    """Sizes and switches below the table of dead mechanisms stand among the dead of the page on liveness."""
    page = (DOCS / "liveness.md").read_text(encoding="utf-8").split("\n## Dead\n")[1]
    dead = set(re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE))
    flat = " ".join(MODEL.split())
    told = flat.split("Of mechanisms that are in by another part:")[1].split("All of `planning`")[0]
    named = set(re.findall(r"`([\w.]+)`", told))
    assert len(named) > 10
    assert named <= dead


def test_each_mechanism_left_out_says_what_is_missing() -> None:
    for number, (lines, missing, where) in table("What is left out so far").items():
        assert re.fullmatch(r"[\d, -]+", lines), number
        assert missing, number
        assert where, number


def test_each_mechanism_left_out_has_a_reason() -> None:
    reasons = MODEL.split("Why they are left out, by number:")[1].split("Left out besides")[0]
    numbers = re.findall(r"[A-D]-\d+", reasons)
    assert sorted(numbers) == sorted(table("What is left out so far"))


def test_the_index_by_theme_has_each_mechanism_once_with_its_mark() -> None:
    index = MODEL.split("\n## Mechanisms by theme\n")[1].split("\n## ")[0]
    found = re.findall(r"(?:\| |; )([A-D]-\d+) ([^;|]+?)(?: \((part|dead|out)\))?(?=;| \|)", index)
    inside, left = table(INSIDE), table("What is left out so far")
    dead = table(DEAD)
    assert not set(dead) & set(inside)
    numbers = [number for number, _, _ in found]
    assert sorted(numbers) == sorted(set(inside) | set(left) | set(dead))
    for number, words, mark in found:
        assert len(words) < 45, number
        if number in dead:
            expected = "dead"
        elif number not in inside:
            expected = "out"
        else:
            expected = "part" if number in left or "In part" in inside[number][1] else ""
        assert mark == expected, f"{number}: marked '{mark}', the tables say '{expected}'"


@pytest.mark.parametrize("name", ["levers", "switches"])
def test_every_lever_and_switch_is_told(name: str) -> None:
    for key in getattr(registry.economy(), name)():
        assert f"`{key}`" in MODEL


def test_formulas_are_not_broken_over_lines() -> None:
    for line in MODEL.splitlines():
        assert line.count("$") % 2 == 0, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_lines_are_not_too_long(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    if "\nGenerated by " in text or "\nGenerated from " in text:
        return  # a program writes it, and nobody edits it
    for number, line in enumerate(text.splitlines(), start=1):
        a_row = line.startswith("|") or line.count(",") > 10  # of a table, here or in an economy
        assert len(line) <= 110 or a_row, f"line {number}"
