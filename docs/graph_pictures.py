"""Pictures of who reads and writes what, as SVG: quantities read, equations, quantities written.

A layout of our own, so that the pictures are small, the same on every machine, and need no library: three
columns a block, each in the order of the equations that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from planmodel.engine.equations import Block, Equation
from planmodel.engine.graph import Graph, Named

ROW, PAD, LETTER = 16, 26, 6.2  # height of a row, space around a block, width of a letter
LEFT, BOX, RIGHT, WIDTH = 300, 400, 640, 960  # where names end, boxes begin and end, all ends
COLOURS = {
    "lever": "#8c3a1f", "input": "#8c3a1f", "draw": "#8c3a1f", "stock": "#1f4f7a", "source": "#1f4f7a",
    "sink": "#1f4f7a", "flow": "#1f4f7a", "event": "#6b6b6b",
}  # fmt: skip
CARRIED = ("stock", "flow", "variable", "state", "lever", "input", "draw", "entity")
LEGEND = (("#8c3a1f", "decreed, given or drawn"), ("#1f4f7a", "stocks and flows"), ("#333333", "variables"))


def picture(graph: Graph, blocks: Sequence[Block], title: str) -> str:
    """Return the picture of some blocks, one below the other."""
    parts: list[str] = []
    top = PAD + ROW
    for block in blocks:
        acting = [e for e in block.functions if e.phase and not e.without]
        if acting:
            drawn, height = _panel(graph, block, acting, top)
            parts += drawn
            top += height + PAD
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" '
        f'height="{top}" font-family="sans-serif" font-size="11">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>',
    ]
    for at, (colour, words) in enumerate(LEGEND):
        head.append(f'<text x="{LEFT - 290 + 170 * at}" y="16" fill="{colour}">{words}</text>')
    return "\n".join([*head, *parts, "</svg>", ""])


def _panel(graph: Graph, block: Block, acting: Sequence[Equation], top: int) -> tuple[list[str], int]:
    """Return what is drawn of one block, and its height."""
    reads = {e.name: _read(graph, e) for e in acting}
    writes = {e.name: {_label(n): n.kind for n in graph.writes(e)} for e in acting}
    sources, results = _ordered(acting, reads), _ordered(acting, writes)
    rows = max(len(sources), len(acting), len(results))
    height = (rows + 1) * ROW
    y = {
        side: {name: top + ROW + (at + 0.5) * rows * ROW / len(names) for at, name in enumerate(names)}
        for side, names in (("in", list(sources)), ("do", [e.name for e in acting]), ("out", list(results)))
    }
    parts = [f'<text x="10" y="{top + 4}" font-weight="bold" font-size="13">{escape(block.name)}</text>']
    for e in acting:
        middle = y["do"][e.name]
        parts += [_line(LEFT + 4, y["in"][name], BOX, middle, COLOURS.get(kind, "#333333"))
                  for name, kind in reads[e.name].items()]  # fmt: skip
        parts += [_line(RIGHT - 60, middle, RIGHT - 4, y["out"][name], COLOURS.get(kind, "#333333"))
                  for name, kind in writes[e.name].items()]  # fmt: skip
    parts += [_text(LEFT, y["in"][name], name, kind, "end") for name, kind in sources.items()]
    parts += [_text(RIGHT, y["out"][name], name, kind, "start") for name, kind in results.items()]
    for e in acting:
        wide = RIGHT - 60 - BOX
        parts.append(
            f'<rect x="{BOX}" y="{y["do"][e.name] - 7:.1f}" width="{wide}" height="14" rx="3" fill="#f2efe6" '
            f'stroke="#999999" stroke-width="0.6"/><text x="{BOX + wide / 2}" y="{y["do"][e.name] + 4:.1f}" '
            f'text-anchor="middle">{escape(e.name)}</text>'
        )
    return parts, height


def _read(graph: Graph, equation: Equation) -> dict[str, str]:
    """Return what an equation reads of others' results, through auxiliaries, by kind."""
    found: dict[str, str] = {}
    waiting, seen = [equation], {equation.name}
    while waiting:
        for named in graph.reads(waiting.pop(0)):
            if named.kind in CARRIED:
                found[_label(named)] = named.kind
            elif named.kind == "lag":
                found[named.quantities[0].declared.of] = "variable"
            elif named.kind == "auxiliary" and named.name not in seen:
                seen.add(named.name)
                waiting.append(named.quantities[0].declared)
    return found


def _label(named: Named) -> str:
    for prefix in (named.how, "lever", "given", "drawn"):
        bare = named.name.removeprefix(f"{prefix}_")
        if bare != named.name and (named.how == prefix or named.kind in ("lever", "input", "draw")):
            return bare
    return named.name


def _ordered(acting: Iterable[Equation], by_name: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return names in the mean order of the equations that they belong to."""
    places: dict[str, list[int]] = {}
    kinds: dict[str, str] = {}
    for at, equation in enumerate(acting):
        for name, kind in by_name[equation.name].items():
            places.setdefault(name, []).append(at)
            kinds[name] = kind
    order = sorted(places, key=lambda name: (sum(places[name]) / len(places[name]), name))
    return {name: kinds[name] for name in order}


def _line(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
    bend = (x1 - x0) / 2
    return (
        f'<path d="M{x0:.0f} {y0:.1f}C{x0 + bend:.0f} {y0:.1f} {x1 - bend:.0f} {y1:.1f} {x1:.0f} {y1:.1f}" '
        f'fill="none" stroke="{colour}" stroke-width="0.6" stroke-opacity="0.55"/>'
    )


def _text(x: float, y: float, name: str, kind: str, anchor: str) -> str:
    shown = name if len(name) * LETTER <= LEFT else f"{name[: int(LEFT / LETTER) - 1]}…"
    colour = COLOURS.get(kind, "#333333")
    return f'<text x="{x}" y="{y + 4:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(shown)}</text>'
