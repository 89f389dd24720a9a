"""The kernel that audits and closes a month as loops over tables, the same for all economies.

What is checked is what :meth:`planmodel.engine.ledger.Ledger.audit` checks. No result comes of its sums, so
that their order is free: each account is looked at once, with what left it and what came.
"""

from __future__ import annotations

from llvmlite import ir

from planmodel.engine.compiled.kernels import entry, function, given, load, loop, store, whole
from planmodel.engine.compiled.lanes import constant
from planmodel.engine.compiled.lines import Carried, Held, Lines, size_of, turns

CLOSE_TABLE = (
    "stocks", "opening", "moved", "ever", "ends", "bounds", "commodities", "numbers", "work", "bytes",
)  # fmt: skip


def write(module: ir.Module, rounding: float, tolerance: float) -> None:
    """Write ``close(table)`` into a module: the table is that of ``CLOSE_TABLE``.

    A month is audited and closed, some lines of members after others; where it does not close it is left as
    it is. ``moved`` holds the addresses of the flows that moved, by account: those that left it, then those
    that came, so that each stands there twice; ``ends`` where the one and the other of an account end, and
    ``commodities`` where the accounts of each do. ``ever`` holds pairs of addresses of those whose totals are
    kept; ``bounds`` tells of each account whether it has a floor; ``numbers`` how many accounts, commodities
    and totals there are. ``work`` has room for the worst residual, over turnover.

    Returns 1 if an account does not close, 2 if one is below nothing.
    """
    made, b = function(module, "close", 1)
    at = dict(zip(CLOSE_TABLE, given(b, made.args[0], len(CLOSE_TABLE)), strict=True))
    accounts, commodities, totals = (entry(b, at["numbers"], i) for i in range(3))
    expected, gone = Carried(b), Carried(b)
    held, turnover, gap = Carried(b), Carried(b), Carried(b)
    broken = Held(b, "closed", "positive")
    store(b, constant(0.0), at["work"])

    def floored(a: ir.Value) -> ir.Value:
        return b.icmp_unsigned("!=", entry(b, at["bounds"], a), whole(0))

    def ends(a: ir.Value) -> list[ir.Value]:
        place = b.mul(a, whole(2))
        return [entry(b, at["ends"], b.add(place, whole(i))) for i in range(3)]

    def turn(lines: Lines) -> None:
        nothing = lines.same(constant(0.0))

        def audit(a: ir.Value) -> None:
            """Find by how much an account does not hold what it should: the largest gap of its commodity."""
            left, came, last = ends(a)
            opened = lines.load(lines.row(at["opening"], a))
            held.add(opened)
            gone.begin(nothing)
            with loop(b, left, came) as i:
                gone.add(lines.load(lines.row(at["moved"], i)))
            expected.begin(lines.each(b.fsub, opened, gone.found(lines.lines)))
            turnover.add(gone.found(lines.lines))
            with loop(b, came, last) as i:
                expected.add(lines.load(lines.row(at["moved"], i), ahead=False))
            there = lines.load(lines.row(at["stocks"], a))
            off = lines.each(b.fsub, there, expected.found(lines.lines))
            off = lines.each(lambda x: size_of(b, x), off)
            number = lines.each(lambda x: b.fcmp_ordered("==", x, x), off)
            broken.hold("closed", lines.all(number))
            widest = gap.found(lines.lines)
            gap.begin(lines.each(lambda x, y: b.select(b.fcmp_ordered(">", x, y), x, y), off, widest))
            with b.if_then(floored(a)):
                right = lines.each(lambda x: b.fcmp_ordered(">=", x, constant(0.0)), there)
                broken.hold("positive", lines.all(right))

        def judge() -> None:
            """Compare the largest gap of a commodity with what rounding may make."""
            allowed = lines.each(lambda x: b.fmul(constant(rounding), x), held.found(lines.lines))
            beyond = lines.each(b.fsub, gap.found(lines.lines), allowed)
            traded = turnover.found(lines.lines)
            limit = lines.each(lambda x: b.fmul(constant(tolerance), x), traded)
            right = lines.each(lambda x, y: b.fcmp_ordered("<=", x, y), beyond, limit)
            broken.hold("closed", lines.all(right))
            some = lines.each(lambda x: b.fcmp_ordered(">", x, constant(0.0)), beyond)
            with b.if_then(lines.any(some), likely=False):
                for x, y in zip(beyond, traded, strict=True):
                    over = b.select(b.fcmp_ordered(">", y, constant(0.0)), y, constant(1.0))
                    over, so_far = b.fdiv(x, over), load(b, at["work"], 0)
                    store(b, b.select(b.fcmp_ordered(">", over, so_far), over, so_far), at["work"])

        with loop(b, whole(0), commodities) as c:
            for carried in (held, turnover, gap):
                carried.begin(nothing)
            first, end = (entry(b, at["commodities"], b.add(c, whole(i))) for i in range(2))
            with loop(b, first, end) as a:
                audit(a)
            judge()
        found = b.or_(broken.broken("closed", 1), broken.broken("positive", 2))
        with b.if_then(b.icmp_unsigned("!=", found, whole(0)), likely=False):
            b.ret(found)
        with loop(b, whole(0), totals) as t:  # totals are added, and the next month opens
            total, amount = (lines.row(at["ever"], b.add(b.mul(t, whole(2)), whole(i))) for i in range(2))
            lines.store(lines.each(b.fadd, lines.load(total), lines.load(amount)), total)
        with loop(b, whole(0), accounts) as a:
            left, came, _ = ends(a)
            with loop(b, left, came) as i:
                lines.store(nothing, lines.row(at["moved"], i))
            stock, opening = (lines.row(at[name], a) for name in ("stocks", "opening"))
            with b.if_else(floored(a)) as (then, otherwise):
                with then:
                    lines.store(lines.load(stock, ahead=False), opening)
                with otherwise:
                    # Sources and sinks start each month at zero: rounding does not grow with the years.
                    lines.store(nothing, stock)
                    lines.store(nothing, opening)

    turns(b, at["bytes"], turn)
    b.ret(whole(0))
