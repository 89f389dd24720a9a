"""The first of the derived pages: chapters, who reads whom between them, and the list of state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from declared_tables import table

from planmodel.engine.graph import Graph

if TYPE_CHECKING:
    from chapter_page import EconomyPages

HEAD = """\
# Equations, chapter by chapter

Generated from the economies by `docs/generate_equations.py`; do not edit. The rules that equations and tables
follow are told in [equations.md](../equations.md), words and reasons in [model.md](../model.md) and
[systems.md](../systems.md). On a terminal: `planmodel equations` lists all equations,
`planmodel equations soviet NAME` shows one, or any quantity.

## How an equation is written

The mathematics is made from the text that is computed, so that it cannot differ from it. Parameters have the
symbol of their row; other names are written as words, or by the notation of the economy (`notation.csv`).
$\\Lambda$ with words is a lever of policy, $\\xi$ a draw of chance, $m$ the month of the year and $y$ the
years since the day of the bases; $x^{(-8)}$ is $x$ of eight months before. An index names an axis, and a sum
runs over one. $x \\leftarrow \\dots$ gives a variable the value that it has after the phase; a flow
$= \\dots$ is proposed to the ledger, which may grant less. $[x]_a^b$ is $x$ held between $a$ and $b$, and
$\\mathbf 1[\\dots]$ is one where the condition holds. What only keeps a division from zero (below 0.00001) is
not shown. Forms that several equations call have a name of their own and stand at the end of the page.

*Evidence* says how a value is known. `transcribed`: read in a text or file that we hold. `recalled`: known
from the literature, page still to be checked. `reading`: our number for words of a text that gives none.
`assumption`: ours. A default may come from a fit within its bounds even where the source is documented.
*Null* is the value at which a mechanism whose strength it is does nothing. `A-19` is mechanism 19 of part A
of our reading of Bettelheim.
"""
KINDS = ("stock", "variable", "state", "lag", "entity")


def index_page(economies: Sequence[EconomyPages]) -> str:
    """Return the whole page."""
    parts = [HEAD]
    for economy in economies:
        parts += _economy(economy)
    names = [page for economy in economies for page in economy.pages]
    toctree = "\n".join(["```{toctree}", ":hidden:", "", *names, "```", ""])
    return "\n".join([*parts, toctree])


def _economy(economy: EconomyPages) -> Iterator[str]:
    yield f"## {economy.declared.title}\n"
    heads = ("Page", "Blocks", "Equations", "Auxiliaries", "Variants", "Parameters", "Constants", "Flows")
    yield table(heads, [_counted(economy, page) for page in economy.pages])
    if len(economy.chapters) > 1:
        yield "How many quantities of the chapter in a row the equations of the chapter in a column read:\n"
        yield table(("", *economy.chapters), _between(economy))
    notation = list(_notation(economy))
    if notation:
        yield "Symbols of names that have none in their row:\n"
        yield table(("Symbol", "Name", "What"), notation)
    yield "State that is carried from month to month, in all that a saved run must hold:\n"
    yield table(("Kind", "Number", "Names"), _state(economy.as_one.graph))


def _notation(economy: EconomyPages) -> Iterator[list[str]]:
    for name, symbol in economy.notation.symbols.items():
        named = economy.as_one.graph.named(name, "")
        what = named.quantities[0].meaning + (" (and so on)" if named.axes else "")
        yield [f"${symbol}$", f"`{name}`", what]


def _counted(economy: EconomyPages, page: str) -> list[str]:
    blocks = economy.blocks_of(page)
    functions = [f for b in blocks for f in b.functions]
    numbers = (
        sum(bool(f.phase) and not f.without for f in functions),
        sum(not f.phase and not f.without for f in functions),
        sum(bool(f.without) for f in functions),
        sum(len(b.declared.parameters.declared) for b in blocks),
        sum(len(b.declared.constants) for b in blocks),
        sum(len(b.flows) for b in blocks),
    )
    names = ", ".join(f"`{b.name}`" for b in blocks)
    return [f"[{page}]({page}.md)", names, *map(str, numbers)]


def _between(economy: EconomyPages) -> Iterator[list[str]]:
    from planmodel.engine.graph import chapter_of

    chapter = {b.name: chapter_of(b) for b in economy.graph.blocks}
    counted: Counter[tuple[str, str]] = Counter()
    for q in economy.graph.quantities.values():
        readers = {chapter[e.block] for e in economy.graph.readers(q.key)}
        counted.update((chapter[q.block], reader) for reader in readers if q.block)
    for row in economy.chapters:
        yield [row, *(str(counted[row, column] or "") for column in economy.chapters)]


def _state(graph: Graph) -> Iterator[list[str]]:
    state = list(graph.state())
    for kind in KINDS:
        of_kind = [q for q in state if q.kind == kind]
        if kind == "stock":
            for commodity in dict.fromkeys(q.declared.commodity for q in of_kind):
                names = [f"`{q.declared.name}`" for q in of_kind if q.declared.commodity == commodity]
                yield [f"stock of {commodity}", str(len(names)), ", ".join(names)]
        elif of_kind:
            yield [kind, str(len(of_kind)), ", ".join(f"`{q.name}`" for q in of_kind)]
