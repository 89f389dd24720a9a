"""How expressions are written: as LaTeX for pages, as plain text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

OR, AND, COMPARE, SUM, PRODUCT, POWER, ATOM = range(7)  # how tightly an expression holds together


@dataclass(frozen=True)
class Expr:
    """An expression that is written down.

    Attributes
    ----------
    level
        How tightly it holds together: what is looser than its surroundings needs brackets.
    width
        About how many letters wide it is.
    mask
        Whether it says yes or no.
    parts
        The terms of a sum, the factors of a product, or what a least or greatest is taken of.
    form
        What it is: ``+``, ``*``, ``/``, ``min``, ``max``, ``cases``, ``call``, a number; a name has none.
    """

    text: str
    level: int = ATOM
    width: int = 1
    mask: bool = False
    parts: tuple[Expr, ...] = field(default=(), compare=False)
    form: str = ""


def _joined(parts: Sequence[Expr], between: str = " ") -> tuple[str, int]:
    return between.join(p.text for p in parts), sum(p.width for p in parts) + len(parts)


class Style:
    """Plain text; what LaTeX writes otherwise, :class:`Latex` says."""

    operators: ClassVar = {
        "Eq": "==",
        "NotEq": "!=",
        "Lt": "<",
        "LtE": "<=",
        "Gt": ">",
        "GtE": ">=",
        "In": "in",
    }
    both, either, negation = "and", "or", "not "
    no_axes = "value"  # what is all axes, and has no other name

    # ---- names ---------------------------------------------------------------------------------------------

    def words(self, name: str) -> str:
        """Write a name of the program."""
        return name

    def number(self, value: float) -> Expr:
        """Write a number."""
        text = f"{value:g}"
        return Expr(text, ATOM if value >= 0 else SUM, len(text), form=text)

    def version(self, text: str, number: int) -> str:
        """Write a name that has been given a new value."""
        return text if number == 1 else f"{text}_{number}"

    # ---- operations ----------------------------------------------------------------------------------------

    def at(self, e: Expr, level: int) -> str:
        """Write an expression within one that holds as tightly as this."""
        return e.text if e.level >= level else self.bracket(e.text)

    def bracket(self, text: str) -> str:
        """Put brackets around a text."""
        return f"({text})"

    def add(self, left: Expr, right: Expr, sign: str) -> Expr:
        """Write a sum or a difference; nothing added is not written."""
        if right.form == "0":
            return left
        second = Expr(self.at(right, SUM if sign == "+" else PRODUCT), width=right.width)
        joined = (
            *(left.parts if left.form == "+" else (left,)),
            Expr(f"{sign} {second.text}", width=right.width + 3),
        )
        text = f"{self.at(left, SUM)} {sign} {second.text}"
        return Expr(text, SUM, left.width + right.width + 3, parts=joined, form="+")

    def times(self, left: Expr, right: Expr) -> Expr:
        """Write a product; a mask counts as one where it holds."""
        left, right = self.counted(left), self.counted(right)
        if "0" in (left.form, right.form):
            return self.number(0.0)
        if left.form == "1" or right.form == "1":
            return right if left.form == "1" else left
        first, second = self.at(left, PRODUCT), self.at(right, POWER if right.form == "/" else PRODUCT)
        dot = self.dot(first, second)
        factors = left.parts if left.form == "*" else (Expr(first, width=left.width),)
        parts = (*factors, Expr(f"{dot.strip()} {second}", width=right.width + 2))
        return Expr(f"{first}{dot}{second}", PRODUCT, left.width + right.width + 2, form="*", parts=parts)

    def dot(self, left: str, right: str) -> str:
        """Write what stands between two factors."""
        return " * "

    def over(self, above: Expr, below: Expr) -> Expr:
        """Write a quotient."""
        above, below = self.counted(above), self.counted(below)
        text = f"{self.at(above, PRODUCT)} / {self.at(below, POWER)}"
        return Expr(text, PRODUCT, above.width + below.width + 3, form="/", parts=(above, below))

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """Write a power."""
        text = f"{self.at(self.counted(base), ATOM)}**{self.at(exponent, ATOM)}"
        return Expr(text, POWER, base.width + exponent.width + 2)

    def minus(self, e: Expr) -> Expr:
        """Write the opposite."""
        return Expr(f"-{self.at(self.counted(e), PRODUCT)}", SUM, e.width + 1)

    def least(self, name: str, parts: Sequence[Expr]) -> Expr:
        """Write a least or a greatest; one of one of its kind is one of all."""
        flat = [p for part in parts for p in (part.parts if part.form == name else (part,))]
        text, width = _joined(flat, ", ")
        return Expr(self.call(name, text), ATOM, width + 5, parts=tuple(flat), form=name)

    def call(self, name: str, arguments: str) -> str:
        """Write a function of arguments."""
        return f"{name}({arguments})"

    def function(self, name: str, parts: Sequence[Expr]) -> Expr:
        """Write a function."""
        text, width = _joined([self.counted(p) for p in parts], ", ")
        return Expr(self.call(self.words(name), text), ATOM, width + len(name) + 2, form="call")

    def known(self, name: str, e: Expr) -> Expr:
        """Write a function of NumPy or SciPy that has a sign of its own."""
        return self.function({"ndtr": "normal_distribution"}.get(name, name), [e])

    def total(self, e: Expr, axes: Sequence[str]) -> Expr:
        """Write a sum over axes."""
        text = f"sum[{', '.join(axes)}]({e.text})"
        return Expr(text, ATOM, e.width + sum(map(len, axes)) + 6, form="call")

    # ---- yes and no ----------------------------------------------------------------------------------------

    def counted(self, e: Expr) -> Expr:
        """Write a condition as a number: one where it holds."""
        return Expr(self.bracket(e.text), ATOM, e.width + 2, form="call") if e.mask else e

    def compare(self, left: Expr, pairs: Sequence[tuple[str, Expr]]) -> Expr:
        """Write a comparison."""
        text, width = self.at(left, SUM), left.width
        for operator, right in pairs:
            text = f"{text} {self.operators[operator]} {self.at(right, SUM)}"
            width += right.width + 3
        return Expr(text, COMPARE, width, mask=True)

    def logical(self, left: Expr, right: Expr, both: bool) -> Expr:
        """Write that both hold, or either."""
        level = AND if both else OR
        word = self.both if both else self.either
        text = f"{self.at(left, level)} {word} {self.at(right, level)}"
        return Expr(text, level, left.width + right.width + 5, mask=True)

    def negated(self, e: Expr) -> Expr:
        """Write that something does not hold."""
        return Expr(f"{self.negation}{self.at(e, ATOM)}", COMPARE, e.width + 4, mask=True)

    def cases(self, condition: Expr, yes: Expr, no: Expr) -> Expr:
        """Write cases; a case of cases is one more of them."""
        rows = [(yes, condition.text), *self._rows(no)]
        width = max(e.width for e, _ in rows) + max(condition.width, 9)
        parts = tuple(Expr(text, OR, e.width, parts=(e,)) for e, text in rows)
        return Expr(self.lines_of_cases(rows), ATOM, width, parts=parts, form="cases")

    def _rows(self, e: Expr) -> list[tuple[Expr, str]]:
        return [(row.parts[0], row.text) for row in e.parts] if e.form == "cases" else [(e, "")]

    def lines_of_cases(self, rows: Sequence[tuple[Expr, str]]) -> str:
        """Write all cases."""
        told = [f"{e.text} if {text}" if text else f"{e.text} otherwise" for e, text in rows]
        return "{" + "; ".join(told) + "}"


class Latex(Style):
    """LaTeX, as MathJax reads it."""

    operators: ClassVar = {
        "Eq": "=",
        "NotEq": r"\ne",
        "Lt": "<",
        "LtE": r"\le",
        "Gt": ">",
        "GtE": r"\ge",
        "In": r"\in",
    }
    both, either, negation = r"\text{ and }", r"\text{ or }", r"\text{not }"
    no_axes = "X"

    def words(self, name: str) -> str:
        """Write a name as words."""
        return rf"\text{{{name.replace('_', ' ')}}}"

    def version(self, text: str, number: int) -> str:
        """Write a name that has been given a new value."""
        return text if number == 1 else f"{text}_{{{number}}}"

    def bracket(self, text: str) -> str:
        """Put brackets around a text."""
        return rf"\left({text}\right)"

    def dot(self, left: str, right: str) -> str:
        """Leave out the dot between symbols; words and numbers need one."""
        apart = r"\text" in left or r"\text" in right or right[:1].isdigit() or r"\begin" in left + right
        return r" \cdot " if apart else r" \, "

    def over(self, above: Expr, below: Expr) -> Expr:
        """Write a fraction; one of a fraction is one fraction."""
        above, below = self.counted(above), self.counted(below)
        if above.form == "/":
            above, below = above.parts[0], self.times(above.parts[1], below)
        text = rf"\frac{{{above.text}}}{{{below.text}}}"
        return Expr(text, PRODUCT, max(above.width, below.width), form="/", parts=(above, below))

    def times(self, left: Expr, right: Expr) -> Expr:
        """Write a product; a fraction needs no brackets in it."""
        loose = Expr(right.text, POWER, right.width) if right.form == "/" else right
        made = super().times(left, loose)
        return right if made is loose else made

    def power(self, base: Expr, exponent: Expr) -> Expr:
        """Write a power; what has an index above already needs brackets."""
        base = self.counted(base)
        whole = base.level == ATOM and (base.form in ("call", "min", "max") or "^" not in base.text)
        whole = whole and base.form != "cases"
        text = base.text if whole else self.bracket(base.text)
        return Expr(f"{text}^{{{exponent.text}}}", POWER, base.width + exponent.width)

    def call(self, name: str, arguments: str) -> str:
        """Write a function of arguments."""
        name = rf"\{name}" if name in ("min", "max", "ln", "exp") else name
        return rf"{name}{self.bracket(arguments)}"

    def known(self, name: str, e: Expr) -> Expr:
        """Write a function that has a sign of its own."""
        if name == "exp" and e.width < 20 and r"\frac" not in e.text:
            return Expr(f"e^{{{e.text}}}", POWER, e.width + 1)
        if name == "sqrt":
            return Expr(rf"\sqrt{{{e.text}}}", ATOM, e.width + 2, form="call")
        if name == "abs":
            return Expr(rf"\left|{e.text}\right|", ATOM, e.width + 2, form="call")
        if name == "log1p":
            return self.known("log", self.add(self.number(1.0), e, "+"))
        if name == "expm1":
            return self.add(self.known("exp", e), self.number(1.0), "-")
        sign = {"exp": r"\exp", "log": r"\ln", "ndtr": r"\Phi"}.get(name, self.words(name))
        return Expr(sign + self.bracket(e.text), ATOM, e.width + 4, form="call")

    def total(self, e: Expr, axes: Sequence[str]) -> Expr:
        """Write a sum over axes."""
        under = ", ".join(self.words(axis) for axis in axes)
        text = rf"\sum_{{{under}}} {self.at(e, PRODUCT)}"
        return Expr(text, SUM, e.width + max(map(len, axes)), form="sum")

    def counted(self, e: Expr) -> Expr:
        """Write a condition as a number: one where it holds."""
        return Expr(rf"\mathbf{{1}}\left[{e.text}\right]", ATOM, e.width + 3, form="call") if e.mask else e

    def lines_of_cases(self, rows: Sequence[tuple[Expr, str]]) -> str:
        """Write all cases, one below the other."""
        told = [rf"{e.text} & {text or self.words('otherwise')}" for e, text in rows]
        return r"\begin{cases} " + r" \\ ".join(told) + r" \end{cases}"


def visible(text: str) -> int:
    """Return about how many letters wide a symbol of LaTeX is."""
    bare = re.sub(r"\\(text|mathit|hat|bar|tilde|dot)\b", "", text)
    return max(len(re.sub(r"[{}^_\\]", "", re.sub(r"\\[A-Za-z]+", "x", bare))), 1)
