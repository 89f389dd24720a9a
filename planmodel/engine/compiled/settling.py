"""The kernel of settlement as loops over tables, the same for all economies.

Tables hold whole numbers: rows of accounts, addresses of rows in memory. What is done for a member, and in
which order, is what :mod:`planmodel.engine.settlement` does: the same bits. One commodity follows another, so
that its rows are still near when they are looked at again.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from planmodel.engine.compiled.lanes import DOUBLES, WIDTH, constant
from planmodel.engine.compiled.lines import Carried, Held, Lines, size_of, turns

FIELDS = 4  # of a source in the table: account, first and last of its claims, whether it has a floor
ARRIVAL = 3  # of a destination: account, first and last of what arrives there
STRETCH = 4  # of a commodity in a table: first and last of its sources, and of its destinations
NEGATIVE, INFINITE = 256, 512
_LARGEST = 1.7976931348623157e308
_Kept = tuple[
    Carried, ir.Value, ir.Value
]  # of rationing: what a rank asks for, what is left, its first claim


@contextmanager
def _stretches(b: ir.IRBuilder, table: ir.Value, number: ir.Value) -> Iterator[list[ir.Value]]:
    """Go from commodity to commodity."""
    with loop(b, whole(0), number) as c:
        at = b.mul(c, whole(STRETCH))
        yield [entry(b, table, b.add(at, whole(i))) for i in range(STRETCH)]


SETTLE_TABLE = (
    "stocks", "amounts", "sources", "order", "ranked", "ends", "destinations", "arriving", "moved",
    "stretches", "numbers", "copies", "bytes",
)  # fmt: skip


def write(module: ir.Module) -> None:
    """Write ``settle(table)`` into a module: the table is that of ``SETTLE_TABLE``.

    ``numbers`` holds how many commodities and copies there are, ``stretches`` the sources and destinations of
    each; ``order`` the flows by source, in their order; ``ranked`` by rank, ``ends`` whether one is the last
    of its rank; ``arriving`` the addresses of amounts by destination, ``moved`` those of what has moved this
    month; ``copies`` pairs of addresses, of what variables become. Returns the flags, ``NEGATIVE`` if an
    amount is below nothing or no number, and ``INFINITE`` if a variable becomes what is no finite number.
    """
    made, b = function(module, "settle", 1)
    at = dict(zip(SETTLE_TABLE, given(b, made.args[0], len(SETTLE_TABLE)), strict=True))
    flags_cleared(b)
    held = Held(b, "positive", "finite")
    asked = Carried(b)
    kept = Carried(b), b.alloca(DOUBLES), b.alloca(whole(0).type)

    def turn(lines: Lines) -> None:
        with _stretches(b, at["stretches"], entry(b, at["numbers"], 0)) as (source, end, first, last):
            with loop(b, source, end) as s:
                _give(lines, at, s, asked, kept)
            with loop(b, first, last) as d:
                _take(lines, at, d, asked, held)
        with loop(b, whole(0), entry(b, at["numbers"], 1)) as c:
            to, origin = (lines.row(at["copies"], b.add(b.mul(c, whole(2)), whole(i))) for i in range(2))
            value = lines.load(origin)
            lines.store(value, to)
            right = lines.each(lambda x: b.fcmp_ordered("<=", size_of(b, x), constant(_LARGEST)), value)
            held.hold("finite", lines.all(right))

    turns(b, at["bytes"], turn)
    found = flags(b)
    for name, bit in (("positive", NEGATIVE), ("finite", INFINITE)):
        found = b.or_(found, held.broken(name, bit))
    b.ret(found)


def _give(lines: Lines, at: dict[str, ir.Value], s: ir.Value, asked: Carried, kept: _Kept) -> None:
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
                one = Lines(b, b.add(lines.offset, whole(WIDTH * i)), 1)
                rest = _ration(one, at, (first, last), held[i], short[i], kept)
                store(b, b.select(short[i], rest, left[i]), one.row(at["stocks"], account))


def _take(lines: Lines, at: dict[str, ir.Value], d: ir.Value, stock: Carried, held: Held) -> None:
    """Put into an account what flows bring, one after the other; note amounts that are below nothing."""
    b = lines.b
    fields = b.mul(d, whole(ARRIVAL))
    account, first, last = (entry(b, at["destinations"], b.add(fields, whole(i))) for i in range(ARRIVAL))
    to = lines.row(at["stocks"], account)
    stock.begin(lines.load(to))
    with loop(b, first, last) as i:
        amount = lines.load(lines.row(at["arriving"], i), ahead=False)  # it is near
        stock.add(amount)
        moved = lines.row(at["moved"], i)
        lines.store(lines.each(b.fadd, lines.load(moved), amount), moved)
        right = lines.each(lambda x: b.fcmp_ordered(">=", x, constant(0.0)), amount)
        held.hold("positive", lines.all(right))
    lines.store(stock.found(lines.lines), to)


def _ration(
    line: Lines,
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
