"""The page of a chapter: its declarations as tables, its equations with their mathematics."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from declared_tables import tables_of

from planmodel.engine.equations import Block, Equation
from planmodel.engine.graph import Graph, Named, chapter_of
from planmodel.engine.notation import Notation, read_notation
from planmodel.engine.styles import Latex
from planmodel.scenario import load_scenario, registry
from planmodel.scenario.economy import Economy
from planmodel.scenario.schema import ScenarioBase

MODEL = Path(__file__).with_name("model.md")
HEAD = """\
# {title}

Generated from `{files}`
by `docs/generate_equations.py`; do not edit. How to read it is told in
[How an equation is written](index.md#how-an-equation-is-written).{words}
"""
BY_REGION = """
Each region has its own of all that is listed here, but of what is said to be the country's: tables show one
country in their place, [the table of regions](../regions.md) what differs."""
PICTURE = "![Who reads and writes what](images/{page}.svg)\n"


class EconomyPages:
    """An economy, and what its pages need."""

    def __init__(self, declared: Economy, scenario: ScenarioBase | None = None) -> None:
        self.declared, self.name = declared, declared.name
        self.graph = Graph(declared.blocks)
        self.notation = Notation(self.graph, Latex(), read_notation(declared.folder))
        whole = declared.name == registry.DEFAULT or scenario is not None
        self.scenario: ScenarioBase = scenario or load_scenario("baseline" if whole else declared.name)
        self.chapters = list(dict.fromkeys(chapter_of(block) for block in self.graph.blocks))
        self.pages = self.chapters if whole else [self.name]
        self.page_of = {b.name: chapter_of(b) if whole else self.name for b in self.graph.blocks}
        self.as_one: EconomyPages = self
        if whole and not scenario:  # what each region has is listed once, not once a region
            one = load_scenario("one_country")
            self.as_one = EconomyPages(one.declared, one)

    def blocks_of(self, page: str) -> list[Block]:
        """Return the blocks that stand on a page."""
        return [b for b in self.graph.blocks if self.page_of[b.name] == page]

    def link(self, equation: Equation, page: str) -> str:
        """Return a link to an equation from a page."""
        there = self.page_of[equation.block]
        where = "" if there == page else f"{there}.md"
        shown = equation.name if there == page else f"{equation.block}.{equation.name}"
        return f"[`{shown}`]({where}#{anchor(equation)})"

    def links(self, equations: Iterable[Equation], page: str) -> str:
        """Return links to equations; a variant stands with what it replaces."""
        return ", ".join(dict.fromkeys(self.link(e, page) for e in equations if not e.without)) or ", ".join(
            dict.fromkeys(self.link(e, page) for e in equations)
        )


def anchor(equation: Equation) -> str:
    """Return the anchor of an equation on its page."""
    without = f"-without-{'-and-'.join(equation.without)}" if equation.without else ""
    return f"{equation.block}{equation.name}{without}"


def chapter_page(economy: EconomyPages, page: str) -> str:
    """Return the whole page."""
    blocks = economy.blocks_of(page)
    chapters = list(dict.fromkeys(chapter_of(b) for b in blocks))
    module = inspect.getmodule(blocks[0].functions[0].declared)
    whole = economy.name == registry.DEFAULT
    title = (
        (inspect.getdoc(module) or page).partition("\n")[0].rstrip(".") if whole else economy.declared.title
    )
    folder = f"planmodel/economies/{economy.name}"
    files = " and ".join(f"{folder}/{'{'}{','.join(chapters)}{'}'}.{kind}" for kind in ("py", "csv"))
    if len(chapters) == 1:
        files = f"{folder}/{chapters[0]}.py` and `{chapters[0]}.csv"
    words = "\nWords, reasons and sources stand in [model.md](../model.md)." if whole else ""
    if any(block.over for block in blocks):
        words += BY_REGION
    if not whole and economy.name != "feldman_domar":
        words = "\nWords and sources stand in [systems.md](../systems.md)."
    parts = [HEAD.format(title=title, files=files, words=words)]
    if has_picture(blocks):
        parts.append(PICTURE.format(page=page))
    for block in blocks:
        parts += _block(economy, block, page)
    parts += _forms(economy, blocks)
    return "\n".join(parts)


def has_picture(blocks: Sequence[Block]) -> bool:
    """Tell whether blocks have equations that act, which a picture can show."""
    return any(e.phase for b in blocks for e in b.functions)


def _block(economy: EconomyPages, block: Block, page: str) -> Iterator[str]:
    told = _section(block.name) if economy.name == registry.DEFAULT else ""
    yield f"## `{block.name}`\n"
    if told:
        yield f"Told in [model.md](../model.md#{told}).\n"
    yield from tables_of(economy, block, page)
    for equation in block.functions:
        yield _equation(economy, equation, page)


def _section(block: str) -> str:
    """Return the anchor of the section of a block in model.md; empty if it has none."""
    found = re.search(rf"^### (`{block}`.*)$", MODEL.read_text(encoding="utf-8"), re.MULTILINE)
    return re.sub(r"[^\w -]", "", found[1].lower()).replace(" ", "-") if found else ""


def _equation(economy: EconomyPages, e: Equation, page: str) -> str:
    """Return the part of one equation."""
    without = f" without {' and '.join(e.without)}" if e.without else ""
    when = f"{e.kind}, {e.phase}" if e.phase else e.kind
    if e.months:
        when += f", months {' '.join(map(str, e.months))}"
    if e.without:
        when += f"; in the place of `{e.name}` where {' and '.join(f'`{s}`' for s in e.without)} is off"
    if e.source:
        when += f"; source {e.source}"
    parts = [f"### `{e.block}.{e.name}`{without}\n", f"*{when}.*\n"]
    parts.append(" ".join((inspect.getdoc(e.declared) or "").split()) + "\n")
    mathematics = economy.notation.text(e)
    if mathematics:
        parts.append(f"```math\n{mathematics}\n```\n")
    if e.kind == "procedure":
        parts.append(f"A procedure, which no formula says: its text stands in `{Path(e.file).name}`.\n")
    if e.kind == "calendar":
        parts.append(_by_month(economy, e))
    parts.append(_interface(economy, e, page))
    return "\n".join(part for part in parts if part)


def _interface(economy: EconomyPages, e: Equation, page: str) -> str:
    """Return what an equation reads and writes, and who reads its results."""
    graph = economy.graph
    arguments, results = economy.notation.names(e)
    lines = []
    reads = [_named(n, arguments[n.name].text) for n in graph.reads(e)]
    if reads:
        lines.append(f"- Reads {', '.join(reads)}.")
    if e.phase and e.results:
        written = [_named(n, results[n.name].text) for n in graph.writes(e)]
        lines.append(f"- Writes {', '.join(written)}.")
    readers = [r for n in graph.writes(e) for q in n.quantities for r in graph.readers(q.key)]
    links = economy.links(readers, page)
    if links:
        lines.append(f"- {'Its results are' if e.phase else 'It is'} read by {links}.")
    return "\n".join(lines) + "\n"


def _named(named: Named, text: str) -> str:
    """Return a name with its symbol, where that is not the name as words."""
    words = text.startswith(r"\text") or r"\Lambda" in text or text in ("m", "y")
    return f"`{named.name}`" if words else f"`{named.name}` ${text}$"


def _by_month(economy: EconomyPages, e: Equation) -> str:
    """Return the values of a function of the calendar, where the calendar alone sets them."""
    constants = economy.declared.constants()
    rows = []
    for month in range(1, 13):
        given: list[Any] = []
        for name in e.reads:
            table = constants.get(name.removesuffix("_by_month"))
            if name == "month":
                given.append(month)
            elif table is not None and isinstance(table.value, tuple) and name.endswith("_by_month"):
                given.append((float("nan"), *table.value))
            elif table is not None:
                given.append(table.value[month - 1] if isinstance(table.value, tuple) else table.value)
            else:
                return ""
        rows.append(f"{float(e.function(*given)):g}")
    heads = " | ".join(map(str, range(1, 13)))
    return f"| month | {heads} |\n|{' --- |' * 13}\n| value | {' | '.join(rows)} |\n"


def _forms(economy: EconomyPages, blocks: Sequence[Block]) -> Iterator[str]:
    """Yield the forms that the equations of a page call by name."""
    called: dict[str, Any] = {}
    for e in (e for b in blocks for e in b.functions if e.kind in ("equation", "auxiliary")):
        for node in ast.walk(e.tree):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            found = e.declared.__globals__.get(name)
            if getattr(found, "helper", False):
                called[name] = found
    if called:
        yield "## Forms\n\nThat equations of this page call by name.\n"
    for name in sorted(called):
        sentence = " ".join((inspect.getdoc(called[name]) or "").partition("\n\n")[0].split())
        yield f"`{name}`: {sentence}\n\n```math\n{economy.notation.form(called[name])}\n```\n"
