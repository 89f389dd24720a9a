"""``planmodel equations``: what an equation or a quantity is, what it reads, and who reads it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from planmodel.engine.equations import Equation
    from planmodel.engine.graph import Graph, Named, Quantity


def equations(
    economy: Annotated[
        str | None, typer.Argument(help="An economy, or its folder; the whole model unless given.")
    ] = None,
    name: Annotated[
        str | None, typer.Argument(help="An equation, or a variable, stock, flow, parameter, lever ...")
    ] = None,
) -> None:
    """Show an equation or a quantity: mathematics, what it reads, who reads it; without a name, the list."""
    from planmodel.engine.graph import Graph
    from planmodel.scenario import registry
    from planmodel.scenario.finding import find_economy

    if name is None and economy is not None and not _is_economy(economy):
        economy, name = None, economy  # one word that is no economy is a name of the whole model
    declared = find_economy(registry.DEFAULT if economy is None else economy, "equations")
    graph = Graph(declared.blocks)
    if name is None:
        _list(graph)
        return
    found, quantities = graph.find_equations(name), graph.find(name)
    quantities = [q for q in quantities if q.kind not in ("auxiliary", "calendar") or not found]
    several = () if found or quantities else graph.named(name, "").quantities
    if not found and not quantities and not several:
        raise _unknown(graph, name, economy)
    for equation in found:
        _show_equation(graph, equation)
    for quantity in quantities:
        _show_quantity(graph, quantity)
    if several:  # a name of the country, or along an axis, that an equation has for all labels at once
        typer.secho(f"\n{name}", bold=True)
        typer.echo(_wrapped(f"{len(several)} quantities", ", ".join(q.key for q in several)))
        _show_quantity(graph, several[0])


def _is_economy(text: str) -> bool:
    from planmodel.scenario import registry

    return text in registry.economies() or "/" in text or Path(text).is_dir()


def _unknown(graph: Graph, name: str, economy: str | None) -> Exception:
    from planmodel.engine.errors import UserError
    from planmodel.scenario import registry
    from planmodel.scenario.names import hint

    known = {e.name for e in graph.equations} | {q.name for q in graph.quantities.values()}
    if economy is None:
        known |= {*registry.economies()}
        return UserError(f"no equation, quantity or economy is called '{name}'{hint(name, known)}")
    return UserError(f"no equation or quantity of {economy} is called '{name}'{hint(name, known)}")


def _list(graph: Graph) -> None:
    """List the equations that act, by chapter and block, with what each does."""
    from planmodel.engine.graph import chapter_of

    for block in graph.blocks:
        acting = [e for e in block.functions if e.phase]
        if acting:
            typer.secho(f"\n{chapter_of(block)}: {block.name}", bold=True)
        for e in acting:
            typer.echo(_wrapped(f"{e.name}{_without(e)}", f"{e.phase}. {e.sentence}"))
    typer.echo("\nOne of them, or any quantity: planmodel equations ECONOMY NAME")


def _show_equation(graph: Graph, e: Equation) -> None:
    import inspect

    from planmodel.engine.notation import Notation
    from planmodel.engine.styles import Style

    typer.secho(f"\n{e.block}.{e.name}{_without(e)}", bold=True)
    months = f", months {' '.join(map(str, e.months))}" if e.months else ""
    when = f"{e.kind} of the phase {e.phase}{months}" if e.phase else e.kind
    typer.echo(_indented(f"{when}; {_place(e)}{f'; source {e.source}' if e.source else ''}"))
    typer.echo(_indented(inspect.cleandoc(inspect.getdoc(e.declared) or "")))
    mathematics = Notation(graph, Style()).text(e)
    if mathematics:
        typer.secho("mathematics", dim=True)
    for line in mathematics.splitlines():
        typer.echo(_indented(line, deeper=True))
    typer.secho("reads", dim=True)
    for named in graph.reads(e):
        typer.echo(_wrapped(named.name, _said_of(graph, named)))
    writes = graph.writes(e)
    if e.phase:
        typer.secho("writes", dim=True)
        for named in writes:
            typer.echo(_wrapped(named.name, _about(named)))
    typer.secho("its results are read by", dim=True)
    readers = _distinct(r for n in writes for q in n.quantities for r in graph.readers(q.key))
    typer.echo(_indented(", ".join(readers) or "no equation"))


def _show_quantity(graph: Graph, q: Quantity) -> None:
    typer.secho(f"\n{q.key}", bold=True)
    unit = "" if q.unit in ("", "1") else f", {q.unit}"
    typer.echo(_indented(f"{q.kind} of {q.block or 'the calendar'}{_value(q)}{unit}"))
    typer.echo(_indented(q.meaning))
    source = " ".join(
        filter(None, (_own(q, "source"), f"({_own(q, 'evidence')})" if _own(q, "evidence") else ""))
    )
    if source and q.kind in ("parameter", "constant"):
        typer.secho(_indented(source), dim=True)
    flows = graph.flows_of(q.key)
    if flows:
        typer.echo(_indented(f"moved by the flows {', '.join(flows)}"))
    writers = _distinct(graph.writers(q.key))
    if q.kind not in ("parameter", "constant", "lever", "input", "draw", "calendar"):
        typer.echo(_indented(f"written by {', '.join(writers) or 'no equation'}"))
    typer.echo(_indented(f"read by {', '.join(_distinct(graph.readers(q.key))) or 'no equation'}"))
    through = [e for e in _distinct(graph.acting_readers(q.key)) if e not in _distinct(graph.readers(q.key))]
    if through:
        typer.echo(_indented(f"through auxiliaries and lags, by {', '.join(through)}"))


def _said_of(graph: Graph, named: Named) -> str:
    """Say what an argument is, its unit, and who writes it."""
    writers = _distinct(w for q in named.quantities for w in graph.writers(q.key))
    calendar = named.kind in ("parameter", "constant", "calendar", "lever", "input", "draw")
    by = "" if calendar or not writers else f"; written by {', '.join(writers)}"
    return f"{_about(named)}{by}"


def _about(named: Named) -> str:
    if not named.quantities:
        return "nothing has this name"
    first = named.quantities[0]
    unit = "" if first.unit in ("", "1") else f", {first.unit}"
    of = f" of {first.block}" if first.block else ""
    how = {"moved": "moved this month, ", "ever": "moved to date, "}.get(named.how, "")
    along = f", along {', '.join(named.axes)}" if named.axes else ""
    several = len(named.quantities) > 1
    value = "" if several else _value(first)
    return f"{how}{first.kind}{of}{value}{unit}{along}: {first.meaning}{' (and so on)' if several else ''}"


def _value(q: Quantity) -> str:
    from planmodel.engine.equations import Constant
    from planmodel.engine.parameters import Parameter

    d: Any = q.declared
    if isinstance(d, Parameter):
        null = "" if d.null is None else f", without effect at {d.null:g}"
        return f" = {d.default:g} [{d.bounds[0]:g} to {d.bounds[1]:g}{null}]"
    if isinstance(d, Constant) and isinstance(d.value, float):
        return f" = {d.value:g}"
    return ""


def _own(q: Quantity, what: str) -> str:
    return str(getattr(q.declared, what, "") or "")


def _place(e: Equation) -> str:
    file = Path(e.file)
    here = Path.cwd()
    return f"{file.relative_to(here) if file.is_relative_to(here) else file}:{e.line}"


def _without(e: Equation) -> str:
    return f" without {' and '.join(e.without)}" if e.without else ""


def _distinct(found: Iterable[Equation]) -> list[str]:
    return list(dict.fromkeys(f"{e.block}.{e.name}" for e in found))


def _wrapped(head: str, text: str) -> str:
    """Break a text behind its head."""
    return textwrap.fill(
        f"{head}: {text}", _width(), initial_indent="  ", subsequent_indent=" " * 6, break_on_hyphens=False
    )


def _indented(text: str, deeper: bool = False) -> str:
    indent = "      " if deeper else "  "
    return textwrap.fill(
        text,
        _width(),
        initial_indent="  ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _width() -> int:
    return max(shutil.get_terminal_size().columns, 40)
