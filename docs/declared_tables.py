"""Tables of what a block declares: values, bounds, sources, and who reads and writes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from planmodel.engine.equations import Block, Constant
from planmodel.engine.graph import Quantity

if TYPE_CHECKING:
    from chapter_page import EconomyPages


def tables_of(economy: EconomyPages, block: Block, page: str) -> Iterator[str]:
    """Yield the tables of a block, a kind of rows each; those that would be empty are left out.

    What each region has is listed once, as of one country; sizes are those of the economy with its regions.
    """
    tables = Tables(economy, block, page)
    own = Tables(economy.as_one, block, page)
    for name, heads, rows in (
        (
            "Parameters",
            "Name, Symbol, Value, Bounds, Null, Unit, Meaning, Source, Evidence, Read by",
            tables.parameters(),
        ),
        ("Constants", "Name, Value, Unit, Meaning, Source, Evidence, Read by", tables.constants()),
        (
            "Levers of policy",
            "Name, Initial, Bounds, Meaning, Baseline: from and value, Read by",
            tables.levers(),
        ),
        ("Switches", "Name, Mechanism, Without it", tables.switches()),
        ("Exogenous series", "Name, Unit, Meaning, Baseline, Reading, Evidence, Read by", own.inputs()),
        ("Draws", "Name, When, Meaning, Read by", own.draws()),
        (
            "Accounts",
            "Account, Kind, Unit, Baseline, Meaning, Source, Evidence, Flows, Read by",
            own.accounts(),
        ),
        ("Flows", "Name, From, To, Rank, Meaning, Written by, Read by", own.flows()),
        ("Variables", "Name, Symbol, Start, Unit, Meaning, Written by, Read by", own.variables()),
        ("Lags", "Name, Of, Months, Noted in, Read by", own.lags()),
        ("Events", "Name, Topic, Text, Written by", own.events()),
        ("Named works", "Name, Title, Begun, Size, Branch, Source, Evidence", tables.works()),
    ):
        listed = list(rows)
        if listed:
            yield f"**{name}**\n\n{table(heads.split(', '), listed)}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


class Tables:
    """The rows of the tables of a block."""

    def __init__(self, economy: EconomyPages, block: Block, page: str) -> None:
        self.economy, self.block, self.page = economy, block, page
        self.graph, self.scenario = economy.graph, economy.scenario
        self.own = [q for q in self.graph.quantities.values() if q.block == block.name]

    def of(self, *kinds: str) -> list[Quantity]:
        """Return the quantities of some kinds."""
        return [q for q in self.own if q.kind in kinds]

    def read_by(self, q: Quantity) -> str:
        """Return links to the readers of a quantity."""
        return self.economy.links(self.graph.readers(q.key), self.page)

    def written_by(self, q: Quantity) -> str:
        """Return links to the writers of a quantity."""
        return self.economy.links(self.graph.writers(q.key), self.page)

    def symbol(self, q: Quantity) -> str:
        """Return the symbol of a variable, if the notation has one."""
        text = self.economy.notation.symbols.get(q.name, "")
        return f"${text}$" if text else ""

    def parameters(self) -> Iterator[Sequence[str]]:
        """Yield the rows of parameters."""
        for q in self.of("parameter"):
            p = q.declared
            null = "" if p.null is None else f"{p.null:g}"
            bounds = f"{p.bounds[0]:g} to {p.bounds[1]:g}"
            yield (f"`{q.name}`", f"${p.symbol}$", f"{p.default:g}", bounds, null, p.unit, p.meaning,
                   p.source, p.evidence, self.read_by(q))  # fmt: skip

    def constants(self) -> Iterator[Sequence[str]]:
        """Yield the rows of constants and of tables by month."""
        for q in self.of("constant"):
            c: Constant = q.declared
            yield f"`{q.name}`", _value(c.value), c.unit, c.meaning, c.source, c.evidence, self.read_by(q)

    def levers(self) -> Iterator[Sequence[str]]:
        """Yield the rows of levers, with what the decrees of the baseline set."""
        dated = [d for d in self.scenario.decrees.values() if d.date is not None]
        decrees = sorted(dated, key=lambda d: d.date)
        for q in self.of("lever"):
            lever = q.declared
            set_by = [
                f"{d.date:%Y-%m-%d} {d.effects[lever.name]:g}"
                for d in decrees
                if d.enabled and lever.name in d.effects
            ]
            bounds = f"{lever.bounds[0]:g} to {lever.bounds[1]:g}"
            yield (
                f"`{lever.name}`",
                f"{lever.initial:g}",
                bounds,
                lever.meaning,
                "; ".join(set_by),
                self.read_by(q),
            )

    def switches(self) -> Iterator[Sequence[str]]:
        """Yield the rows of switches, with the equations that take another's place without the mechanism."""
        for switch in self.block.switches:
            variants = [e for e in self.graph.equations if switch.name in e.without]
            yield f"`{switch.name}`", switch.meaning, self.economy.links(variants, self.page)

    def inputs(self) -> Iterator[Sequence[str]]:
        """Yield the rows of exogenous series, with where the baseline takes them from."""
        declared = self.scenario.declared
        for q in self.of("input"):
            name = q.declared.name  # type: ignore[attr-defined]
            given = getattr(self.scenario.exogenous, name)
            if given is None:  # of a label: that of the country, and what the economy adds to it
                country = declared.of_country(name)
                given = getattr(self.scenario.exogenous, country)
                added = ", and what differs by region" if name in declared.more_of_labels else ""
                origin = f"as `{country}`{added}"
            elif given.series:
                origin = f"record: `{given.series}`, `{given.version}`"
            else:
                origin = f"given: {given.source}"
            yield (f"`{q.declared.name}`", q.unit, q.meaning, origin, given.reading, given.evidence or "",
                   self.read_by(q))  # fmt: skip

    def draws(self) -> Iterator[Sequence[str]]:
        """Yield the rows of draws."""
        for q in self.of("draw"):
            yield f"`{q.declared.name}`", q.declared.when, q.meaning, self.read_by(q)

    def accounts(self) -> Iterator[Sequence[str]]:
        """Yield the rows of accounts, with what the baseline begins with."""
        for q in self.of("stock", "source", "sink"):
            a = q.declared
            start = ("", "", "")
            if a.kind == "stock":
                whole, label = self.scenario.declared.parts.get(f"{a.commodity}_{a.name}", (None, ""))
                account = a.name.removesuffix(f"_{label}") if whole else a.name
                given: Any = getattr(getattr(self.scenario.initial, a.commodity), account)  # type: ignore[attr-defined]
                held = whole.opening(given.value)[whole.labels.index(label)] if whole else given.value
                start = (f"{held:g}", given.source, given.evidence)
            flows = ", ".join(f"`{flow}`" for flow in self.graph.flows_of(q.key))
            yield (f"`{a.commodity}.{a.name}`", a.kind, q.unit, start[0], a.meaning, *start[1:], flows,
                   self.read_by(q))  # fmt: skip

    def flows(self) -> Iterator[Sequence[str]]:
        """Yield the rows of flows."""
        for q in self.of("flow"):
            f = q.declared
            ends = (f"`{f.commodity}.{f.source}`", f"`{f.commodity}.{f.destination}`")
            yield f"`{f.name}`", *ends, str(f.rank), f.meaning, self.written_by(q), self.read_by(q)

    def variables(self) -> Iterator[Sequence[str]]:
        """Yield the rows of variables, and of state that is not recorded."""
        for q in self.of("variable", "state"):
            name = f"`{q.name}`" + (" (not recorded)" if q.kind == "state" else "")
            yield (name, self.symbol(q), f"{q.declared.initial:g}", q.unit, q.meaning, self.written_by(q),
                   self.read_by(q))  # fmt: skip

    def lags(self) -> Iterator[Sequence[str]]:
        """Yield the rows of lags."""
        for q in self.of("lag"):
            lag = q.declared
            yield f"`{q.name}`", f"`{lag.of}`", str(lag.months), lag.phase, self.read_by(q)

    def events(self) -> Iterator[Sequence[str]]:
        """Yield the rows of events that are logged."""
        for q in self.of("event"):
            yield f"`{q.name}`", q.declared.topic, q.declared.text, self.written_by(q)

    def works(self) -> Iterator[Sequence[str]]:
        """Yield the named works of the baseline, by the block that builds them."""
        if not self.block.entities:
            return
        for name, w in sorted(self.scenario.works.items(), key=lambda item: item[1].start or date.max):
            if w.enabled:
                yield (
                    f"`{name}`",
                    w.title,
                    f"by `{w.decree}`" if w.start is None else f"{w.start:%Y-%m-%d}",
                    f"{w.size:g}",
                    w.branch,
                    w.source,
                    w.evidence,
                )


def _value(value: float | tuple[float, ...]) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return " ".join(f"{month}:{v:g}" for month, v in enumerate(value, 1) if v)
