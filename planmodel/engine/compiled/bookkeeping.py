"""The kernels of the ledger: settlement, audit and closing as loops over tables, the same for all economies.

Tables hold whole numbers: rows of accounts, addresses of rows in memory. What is done for a member, and in
which order, is what :mod:`planmodel.engine.settlement` does: the same bits.
"""

from __future__ import annotations

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
_ALL = ir.Constant(MASKS, [1] * LANES)
NEGATIVE, INFINITE = 256, 512
_LARGEST = 1.7976931348623157e308


def write(module: ir.Module, rounding: float, tolerance: float) -> None:
    """Write the kernels of the ledger into a module."""
    _settle(module)
    _close(module, rounding, tolerance)


def _size_of(b: ir.IRBuilder, value: ir.Value) -> ir.Value:
    """Return a number without its sign."""
    return b.select(b.fcmp_ordered("<", value, constant(0.0)), b.fneg(value), value)


def _broken(b: ir.IRBuilder, mask: ir.Value, bit: int) -> ir.Value:
    """Return a bit where something does not hold in all members."""
    return b.select(any_of(b, b.not_(mask)), whole(bit), whole(0))


def _settle(module: ir.Module) -> None:
    """``settle(table)``.

    The table holds stocks, amounts, moved, sources, order, ranked, ends, destinations, numbers, copies and
    bytes.
    ``numbers`` holds how many sources, flows and copies there are; ``order`` the flows by source, in their
    order; ``ranked`` by rank, ``ends`` whether one is the last of its rank; ``copies`` pairs of addresses, of
    what variables become. Returns the flags, ``NEGATIVE`` if an amount is below nothing or no number, and
    ``INFINITE`` if a variable becomes what is no finite number.
    """
    made, b = function(module, "settle", 1)
    stocks, amounts, moved, sources, order, ranked, ends, destinations, numbers, copies, size = given(
        b, made.args[0], 11
    )
    flags_cleared(b)
    held_to = {n: b.alloca(MASKS) for n in ("positive", "finite")}
    for mask in held_to.values():
        b.store(_ALL, mask)
    carried = {n: b.alloca(DOUBLES) for n in ("asked", "left")}
    place = b.alloca(whole(0).type)

    def row(table: ir.Value, number: ir.Value) -> ir.Value:
        return b.add(entry(b, table, number), offset)

    def added(start: ir.Value, end: ir.Value, claims: ir.Value) -> ir.Value:
        b.store(load(b, row(amounts, entry(b, claims, start))), carried["asked"])
        with loop(b, b.add(start, whole(1)), end) as i:
            more = load(b, row(amounts, entry(b, claims, i)))
            b.store(b.fadd(b.load(carried["asked"]), more), carried["asked"])
        return b.load(carried["asked"])

    with loop(b, whole(0), size, WIDTH) as offset:
        with loop(b, whole(0), entry(b, numbers, 0)) as s:
            at = b.mul(s, whole(FIELDS))
            account, first, last, floored = (entry(b, sources, b.add(at, whole(i))) for i in range(FIELDS))
            stock = row(stocks, account)
            held = load(b, stock)
            left = b.fsub(held, added(first, last, order))
            store(b, left, stock)
            short = b.fcmp_ordered("<", left, constant(0.0))
            rationed = b.and_(b.icmp_unsigned("!=", floored, whole(0)), any_of(b, short))
            with b.if_then(rationed, likely=False):
                b.store(held, carried["left"])
                b.store(first, place)
                with loop(b, first, last) as i:  # to the end of a rank: then it is served
                    served = b.icmp_unsigned("!=", entry(b, ends, i), whole(0))
                    with b.if_then(served):
                        start, end = b.load(place), b.add(i, whole(1))
                        claimed = added(start, end, ranked)
                        there = b.load(carried["left"])
                        cut = b.fcmp_ordered(">", claimed, there)
                        divisor = b.select(cut, claimed, constant(1.0))
                        share = b.select(cut, b.fdiv(there, divisor), constant(1.0))
                        with loop(b, start, end) as j:
                            claim_at = row(amounts, entry(b, ranked, j))
                            claim = load(b, claim_at)
                            wanted, there = b.fmul(claim, share), b.load(carried["left"])
                            got = b.select(b.fcmp_ordered("<", wanted, there), wanted, there)
                            b.store(b.fsub(there, got), carried["left"])
                            store(b, b.select(short, got, claim), claim_at)
                        b.store(end, place)
                store(b, b.select(short, b.load(carried["left"]), left), stock)
        with loop(b, whole(0), entry(b, numbers, 1)) as f:
            amount = load(b, row(amounts, f))
            to, so_far = row(stocks, entry(b, destinations, f)), row(moved, f)
            store(b, b.fadd(load(b, to), amount), to)
            store(b, b.fadd(load(b, so_far), amount), so_far)
            right = b.fcmp_ordered(">=", amount, constant(0.0))
            b.store(b.and_(b.load(held_to["positive"]), right), held_to["positive"])
        with loop(b, whole(0), entry(b, numbers, 2)) as c:
            to, origin = (row(copies, b.add(b.mul(c, whole(2)), whole(i))) for i in range(2))
            value = load(b, origin)
            store(b, value, to)
            right = b.fcmp_ordered("<=", _size_of(b, value), constant(_LARGEST))
            b.store(b.and_(b.load(held_to["finite"]), right), held_to["finite"])
    found = flags(b)
    for name, bit in (("positive", NEGATIVE), ("finite", INFINITE)):
        found = b.or_(found, _broken(b, b.load(held_to[name]), bit))
    b.ret(found)


def _close(module: ir.Module, rounding: float, tolerance: float) -> None:
    """``close(table)``.

    The table holds stocks, opening, moved, ever, sources, destinations, books, bounds, numbers, work, bytes.
    A month is audited and closed, eight members after another; where it does not close it is left as it is.
    ``moved``, ``sources`` and ``destinations`` are of the flows that moved, ``ever`` pairs of addresses of
    those whose totals are kept; ``books`` holds the commodity of each account, ``bounds`` whether it has a
    floor; ``numbers`` how many accounts, flows, commodities and totals there are. ``work`` has room for the
    worst residual, over turnover, and for a cell of each account and two of each commodity.

    Returns 1 if an account does not close, 2 if one is below nothing.
    """
    made, b = function(module, "close", 1)
    stocks, opening, moved, ever, sources, destinations, books, bounds, numbers, work, size = given(
        b, made.args[0], 11
    )
    accounts, flows, commodities, totals = (entry(b, numbers, i) for i in range(4))
    expected = b.add(work, whole(WIDTH))
    turnover = b.add(expected, b.mul(accounts, whole(WIDTH)))
    held = b.add(turnover, b.mul(commodities, whole(WIDTH)))
    masks = {n: b.alloca(MASKS) for n in ("closed", "positive")}
    for mask in masks.values():
        b.store(_ALL, mask)
    store(b, constant(0.0), work)

    def cell(start: ir.Value, number: ir.Value) -> ir.Value:
        return b.add(start, b.mul(number, whole(WIDTH)))

    def row(table: ir.Value, number: ir.Value) -> ir.Value:
        return b.add(entry(b, table, number), offset)

    def change(address: ir.Value, amount: ir.Value, less: bool = False) -> None:
        there = load(b, address, ahead=False)
        store(b, b.fsub(there, amount) if less else b.fadd(there, amount), address)

    def hold(name: str, mask: ir.Value) -> None:
        b.store(b.and_(b.load(masks[name]), mask), masks[name])

    with loop(b, whole(0), size, WIDTH) as offset:
        with loop(b, whole(0), commodities) as c:
            store(b, constant(0.0), cell(turnover, c))
            store(b, constant(0.0), cell(held, c))
        with loop(b, whole(0), accounts) as a:
            opened = load(b, row(opening, a))
            store(b, opened, cell(expected, a))
            change(cell(held, entry(b, books, a)), opened)
        with loop(b, whole(0), flows) as f:
            amount = load(b, row(moved, f))
            source, destination = entry(b, sources, f), entry(b, destinations, f)
            change(cell(expected, source), amount, less=True)
            change(cell(expected, destination), amount)
            change(cell(turnover, entry(b, books, source)), amount)
        with loop(b, whole(0), accounts) as a:
            there, book = load(b, row(stocks, a)), entry(b, books, a)
            gap = _size_of(b, b.fsub(there, load(b, cell(expected, a), ahead=False)))
            beyond = b.fsub(gap, b.fmul(constant(rounding), load(b, cell(held, book), ahead=False)))
            traded = load(b, cell(turnover, book), ahead=False)
            hold("closed", b.fcmp_ordered("<=", beyond, b.fmul(constant(tolerance), traded)))
            with b.if_then(any_of(b, b.fcmp_ordered(">", beyond, constant(0.0))), likely=False):
                over = b.select(b.fcmp_ordered(">", traded, constant(0.0)), traded, constant(1.0))
                over, so_far = b.fdiv(beyond, over), load(b, work)
                store(b, b.select(b.fcmp_ordered(">", over, so_far), over, so_far), work)
            floored = b.icmp_unsigned("!=", entry(b, bounds, a), whole(0))
            with b.if_then(floored):
                hold("positive", b.fcmp_ordered(">=", there, constant(0.0)))
        found = b.or_(*(_broken(b, b.load(masks[n]), bit) for n, bit in (("closed", 1), ("positive", 2))))
        with b.if_then(b.icmp_unsigned("!=", found, whole(0)), likely=False):
            b.ret(found)
        with loop(b, whole(0), totals) as t:  # totals are added, and the next month opens
            total, amount = (row(ever, b.add(b.mul(t, whole(2)), whole(i))) for i in range(2))
            store(b, b.fadd(load(b, total), load(b, amount)), total)
        with loop(b, whole(0), flows) as f:
            store(b, constant(0.0), row(moved, f))
        with loop(b, whole(0), accounts) as a:
            # Sources and sinks start each month at zero, so that rounding does not grow with the years.
            stock, mask = row(stocks, a), b.icmp_unsigned("!=", entry(b, bounds, a), whole(0))
            kept = b.select(mask, load(b, stock), constant(0.0))
            store(b, kept, stock)
            store(b, kept, row(opening, a))
    b.ret(whole(0))
