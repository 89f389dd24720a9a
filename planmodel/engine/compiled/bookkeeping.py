"""The kernels of the ledger: settlement, audit and closing as loops over tables, the same for all economies.

Tables hold whole numbers: rows of accounts, addresses of rows in memory. What is done for a member, and in
which order, is what :mod:`planmodel.engine.settlement` does: the same bits. Several lines of eight members go
together as long as there are as many, then one after another: what stands in a table is looked up once for
all of them, and sums of one line do not wait for those of another. One commodity follows another, so that
its rows are still near when they are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from llvmlite import ir

from planmodel.engine.compiled.kernels import (
    any_of,
    entry,
    flags,
    flags_cleared,
    function,
    given,
    load,
    loop,
    store,
    whole,
)
from planmodel.engine.compiled.lanes import DOUBLES, LANES, MASKS, WIDTH, constant

FIELDS = 4  # of a source in the table: account, first and last of its claims, whether it has a floor
STRETCH = 4  # of a commodity in a table: first and last of its sources, or accounts, and of its flows
LINES = 4  # that go together
_ALL = ir.Constant(MASKS, [1] * LANES)
NEGATIVE, INFINITE = 256, 512
_LARGEST = 1.7976931348623157e308
Cells = list[ir.Value]  # one a line


def write(module: ir.Module, rounding: float, tolerance: float) -> None:
    """Write the kernels of the ledger into a module."""
    _settle(module)
    _close(module, rounding, tolerance)


class _Lines:
    """Some lines of members that are looked at together."""

    def __init__(self, b: ir.IRBuilder, offset: ir.Value, lines: int) -> None:
        self.b, self.offset, self.lines = b, offset, lines

    def row(self, table: ir.Value, number: ir.Value) -> ir.Value:
        """Return where the lines stand in a row of which a table has the address."""
        return self.b.add(entry(self.b, table, number), self.offset)

    def places(self, address: ir.Value) -> list[ir.Value]:
        """Return where each line stands."""
        return [self.b.add(address, whole(WIDTH * i)) for i in range(self.lines)]

    def load(self, address: ir.Value, ahead: bool = True) -> Cells:
        """Return the cells at an address, and ask for those of the turn after the next."""
        far = max(2, self.lines) * WIDTH if ahead else 0
        return [load(self.b, place, far) for place in self.places(address)]

    def store(self, cells: Cells, address: ir.Value) -> None:
        """Put cells at an address."""
        for cell, place in zip(cells, self.places(address), strict=True):
            store(self.b, cell, place)

    def same(self, cell: ir.Value) -> Cells:
        """Return one cell for all lines."""
        return [cell] * self.lines

    def each(self, made: Callable[..., ir.Value], *cells: Cells) -> Cells:
        """Do something line by line."""
        return [made(*some) for some in zip(*cells, strict=True)]

    def any(self, masks: Cells) -> ir.Value:
        """Tell whether something holds in one member at least of all lines."""
        found = masks[0]
        for mask in masks[1:]:
            found = self.b.or_(found, mask)
        return any_of(self.b, found)

    def all(self, masks: Cells) -> ir.Value:
        """Return where something holds in all lines."""
        found = masks[0]
        for mask in masks[1:]:
            found = self.b.and_(found, mask)
        return found


class _Carried:
    """A sum, one a line, that loops carry on."""

    def __init__(self, b: ir.IRBuilder) -> None:
        self.b, self._places = b, [b.alloca(DOUBLES) for _ in range(LINES)]

    def begin(self, cells: Cells) -> None:
        """Begin with some cells."""
        for cell, place in zip(cells, self._places, strict=False):
            self.b.store(cell, place)

    def add(self, cells: Cells) -> None:
        """Add cells."""
        self.begin(
            [self.b.fadd(there, cell) for there, cell in zip(self.found(len(cells)), cells, strict=True)]
        )

    def found(self, lines: int) -> Cells:
        """Return what it is now."""
        return [self.b.load(place) for place in self._places[:lines]]


_Kept = tuple[
    _Carried, ir.Value, ir.Value
]  # of rationing: what a rank asks for, what is left, its first claim


def _turns(b: ir.IRBuilder, size: ir.Value, turn: Callable[[_Lines], None]) -> None:
    """Go through all members of rows that have a size: in lines together, then in single ones."""
    together = b.and_(size, whole(-LINES * WIDTH))
    for lines, first, end in ((LINES, whole(0), together), (1, together, size)):
        with loop(b, first, end, lines * WIDTH) as offset:
            turn(_Lines(b, offset, lines))


@contextmanager
def _stretches(b: ir.IRBuilder, table: ir.Value, number: ir.Value) -> Iterator[list[ir.Value]]:
    """Go from commodity to commodity."""
    with loop(b, whole(0), number) as c:
        at = b.mul(c, whole(STRETCH))
        yield [entry(b, table, b.add(at, whole(i))) for i in range(STRETCH)]


def _size_of(b: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """Return a number without its sign."""
    return b.select(b.fcmp_ordered("<", value, constant(0.0)), b.fneg(value), value)


def _broken(b: ir.IRBuilder, mask: ir.Value, bit: int) -> ir.Value:
    """Return a bit where something does not hold in all members."""
    return b.select(any_of(b, b.not_(mask)), whole(bit), whole(0))


class _Held:
    """Masks of what is to hold in all members."""

    def __init__(self, b: ir.IRBuilder, *names: str) -> None:
        self.b, self._masks = b, {name: b.alloca(MASKS) for name in names}
        for mask in self._masks.values():
            b.store(_ALL, mask)

    def hold(self, name: str, mask: ir.Value) -> None:
        """Note where something holds."""
        self.b.store(self.b.and_(self.b.load(self._masks[name]), mask), self._masks[name])

    def broken(self, name: str, bit: int) -> ir.Value:
        """Return a bit where it does not hold in all members."""
        return _broken(self.b, self.b.load(self._masks[name]), bit)


# ---- settlement --------------------------------------------------------------------------------------------

SETTLE_TABLE = (
    "stocks", "amounts", "moved", "sources", "order", "ranked", "ends", "destinations", "stretches",
    "numbers", "copies", "bytes",
)  # fmt: skip


def _settle(module: ir.Module) -> None:
    """``settle(table)``: the table is that of ``SETTLE_TABLE``.

    ``numbers`` holds how many commodities and copies there are, ``stretches`` the sources and flows of each;
    ``order`` the flows by source, in their order; ``ranked`` by rank, ``ends`` whether one is the last of its
    rank; ``copies`` pairs of addresses, of what variables become. Returns the flags, ``NEGATIVE`` if an
    amount is below nothing or no number, and ``INFINITE`` if a variable becomes what is no finite number.
    """
    made, b = function(module, "settle", 1)
    at = dict(zip(SETTLE_TABLE, given(b, made.args[0], len(SETTLE_TABLE)), strict=True))
    flags_cleared(b)
    held = _Held(b, "positive", "finite")
    asked = _Carried(b)
    kept = _Carried(b), b.alloca(DOUBLES), b.alloca(whole(0).type)

    def turn(lines: _Lines) -> None:
        with _stretches(b, at["stretches"], entry(b, at["numbers"], 0)) as (source, end, flow, last):
            with loop(b, source, end) as s:
                _give(lines, at, s, asked, kept)
            with loop(b, flow, last) as f:
                amount = lines.load(lines.row(at["amounts"], f), ahead=False)  # it is near
                for table, number in ((at["stocks"], entry(b, at["destinations"], f)), (at["moved"], f)):
                    to = lines.row(table, number)
                    lines.store(lines.each(b.fadd, lines.load(to), amount), to)
                right = lines.each(lambda x: b.fcmp_ordered(">=", x, constant(0.0)), amount)
                held.hold("positive", lines.all(right))
        with loop(b, whole(0), entry(b, at["numbers"], 1)) as c:
            to, origin = (lines.row(at["copies"], b.add(b.mul(c, whole(2)), whole(i))) for i in range(2))
            value = lines.load(origin)
            lines.store(value, to)
            right = lines.each(lambda x: b.fcmp_ordered("<=", _size_of(b, x), constant(_LARGEST)), value)
            held.hold("finite", lines.all(right))

    _turns(b, at["bytes"], turn)
    found = flags(b)
    for name, bit in (("positive", NEGATIVE), ("finite", INFINITE)):
        found = b.or_(found, held.broken(name, bit))
    b.ret(found)


def _give(lines: _Lines, at: dict[str, ir.Value], s: ir.Value, asked: _Carried, kept: _Kept) -> None:
    """Take from an account what is asked of it; where it has not enough, claims are cut."""
    b = lines.b
    fields = b.mul(s, whole(FIELDS))
    account, first, last, floored = (entry(b, at["sources"], b.add(fields, whole(i))) for i in range(FIELDS))
    stock = lines.row(at["stocks"], account)
    held = lines.load(stock)
    asked.begin(lines.load(lines.row(at["amounts"], entry(b, at["order"], first))))
    with loop(b, b.add(first, whole(1)), last) as i:
        asked.add(lines.load(lines.row(at["amounts"], entry(b, at["order"], i))))
    left = lines.each(b.fsub, held, asked.found(lines.lines))
    lines.store(left, stock)
    short = lines.each(lambda x: b.fcmp_ordered("<", x, constant(0.0)), left)
    rationed = b.and_(b.icmp_unsigned("!=", floored, whole(0)), lines.any(short))
    with b.if_then(rationed, likely=False):
        for i in range(lines.lines):
            with b.if_then(any_of(b, short[i])):
                one = _Lines(b, b.add(lines.offset, whole(WIDTH * i)), 1)
                rest = _ration(one, at, (first, last), held[i], short[i], kept)
                store(b, b.select(short[i], rest, left[i]), one.row(at["stocks"], account))


def _ration(
    line: _Lines,
    at: dict[str, ir.Value],
    claims: tuple[ir.Value, ir.Value],
    held: ir.Value,
    short: ir.Value,
    kept: _Kept,
) -> ir.Value:
    """Cut claims rank by rank, where an account falls short; return what is left of it there."""
    b, (asked, left, place) = line.b, kept
    b.store(held, left)
    b.store(claims[0], place)
    with loop(b, *claims) as i:
        last = b.icmp_unsigned("!=", entry(b, at["ends"], i), whole(0))  # of a rank: then it is served
        with b.if_then(last):
            start, end = b.load(place), b.add(i, whole(1))
            asked.begin(line.load(line.row(at["amounts"], entry(b, at["ranked"], start))))
            with loop(b, b.add(start, whole(1)), end) as j:
                asked.add(line.load(line.row(at["amounts"], entry(b, at["ranked"], j))))
            claimed, there = asked.found(1)[0], b.load(left)
            cut = b.fcmp_ordered(">", claimed, there)
            divisor = b.select(cut, claimed, constant(1.0))
            share = b.select(cut, b.fdiv(there, divisor), constant(1.0))
            with loop(b, start, end) as j:
                claim_at = line.row(at["amounts"], entry(b, at["ranked"], j))
                claim = load(b, claim_at)
                wanted, there = b.fmul(claim, share), b.load(left)
                got = b.select(b.fcmp_ordered("<", wanted, there), wanted, there)
                b.store(b.fsub(there, got), left)
                store(b, b.select(short, got, claim), claim_at)
            b.store(end, place)
    return b.load(left)


# ---- closing -----------------------------------------------------------------------------------------------

CLOSE_TABLE = (
    "stocks", "opening", "moved", "ever", "sources", "destinations", "bounds", "stretches", "numbers", "work",
    "bytes",
)  # fmt: skip


def _close(module: ir.Module, rounding: float, tolerance: float) -> None:
    """``close(table)``: the table is that of ``CLOSE_TABLE``.

    A month is audited and closed, some lines of members after others; where it does not close it is left as
    it is. ``moved``, ``sources`` and ``destinations`` are of the flows that moved, ``ever`` pairs of
    addresses of those whose totals are kept; ``bounds`` tells of each account whether it has a floor;
    ``numbers`` how many accounts, flows, commodities and totals there are, ``stretches`` the accounts and
    flows of each commodity. ``work`` has room for the worst residual, over turnover, and for ``LINES`` of
    each account.

    Returns 1 if an account does not close, 2 if one is below nothing.
    """
    made, b = function(module, "close", 1)
    at = dict(zip(CLOSE_TABLE, given(b, made.args[0], len(CLOSE_TABLE)), strict=True))
    accounts, flows, commodities, totals = (entry(b, at["numbers"], i) for i in range(4))
    work, expected = at["work"], b.add(at["work"], whole(WIDTH))
    held, turnover, broken = _Carried(b), _Carried(b), _Held(b, "closed", "positive")
    store(b, constant(0.0), work)

    def turn(lines: _Lines) -> None:
        nothing = lines.same(constant(0.0))

        def cell(number: ir.Value) -> ir.Value:
            return b.add(expected, b.mul(number, whole(LINES * WIDTH)))

        def change(number: ir.Value, amount: Cells, how: Callable[..., ir.Value]) -> None:
            lines.store(lines.each(how, lines.load(cell(number), ahead=False), amount), cell(number))

        def audit(a: ir.Value) -> None:
            there = lines.load(lines.row(at["stocks"], a))
            gap = lines.each(b.fsub, there, lines.load(cell(a), ahead=False))
            allowed = lines.each(lambda x: b.fmul(constant(rounding), x), held.found(lines.lines))
            beyond = lines.each(lambda x, y: b.fsub(_size_of(b, x), y), gap, allowed)
            traded = turnover.found(lines.lines)
            limit = lines.each(lambda x: b.fmul(constant(tolerance), x), traded)
            broken.hold(
                "closed", lines.all(lines.each(lambda x, y: b.fcmp_ordered("<=", x, y), beyond, limit))
            )
            some = lines.each(lambda x: b.fcmp_ordered(">", x, constant(0.0)), beyond)
            with b.if_then(lines.any(some), likely=False):
                for x, y in zip(beyond, traded, strict=True):
                    over = b.select(b.fcmp_ordered(">", y, constant(0.0)), y, constant(1.0))
                    over, so_far = b.fdiv(x, over), load(b, work, 0)
                    store(b, b.select(b.fcmp_ordered(">", over, so_far), over, so_far), work)
            with b.if_then(b.icmp_unsigned("!=", entry(b, at["bounds"], a), whole(0))):
                right = lines.each(lambda x: b.fcmp_ordered(">=", x, constant(0.0)), there)
                broken.hold("positive", lines.all(right))

        with _stretches(b, at["stretches"], commodities) as (account, end, flow, last):
            held.begin(nothing)
            turnover.begin(nothing)
            with loop(b, account, end) as a:
                opened = lines.load(lines.row(at["opening"], a))
                lines.store(opened, cell(a))
                held.add(opened)
            with loop(b, flow, last) as f:
                amount = lines.load(lines.row(at["moved"], f))
                change(entry(b, at["sources"], f), amount, b.fsub)
                change(entry(b, at["destinations"], f), amount, b.fadd)
                turnover.add(amount)
            with loop(b, account, end) as a:
                audit(a)
        found = b.or_(broken.broken("closed", 1), broken.broken("positive", 2))
        with b.if_then(b.icmp_unsigned("!=", found, whole(0)), likely=False):
            b.ret(found)
        with loop(b, whole(0), totals) as t:  # totals are added, and the next month opens
            total, amount = (lines.row(at["ever"], b.add(b.mul(t, whole(2)), whole(i))) for i in range(2))
            lines.store(lines.each(b.fadd, lines.load(total), lines.load(amount)), total)
        with loop(b, whole(0), flows) as f:
            lines.store(nothing, lines.row(at["moved"], f))
        with loop(b, whole(0), accounts) as a:
            # Sources and sinks start each month at zero, so that rounding does not grow with the years.
            stock, mask = (
                lines.row(at["stocks"], a),
                b.icmp_unsigned("!=", entry(b, at["bounds"], a), whole(0)),
            )
            kept = [b.select(mask, x, constant(0.0)) for x in lines.load(stock)]
            lines.store(kept, stock)
            lines.store(kept, lines.row(at["opening"], a))

    _turns(b, at["bytes"], turn)
    b.ret(whole(0))
