"""Saying what a wrong name could have been."""

from __future__ import annotations

from collections.abc import Iterable

from planmodel.engine.errors import nearest


def hint(name: str, allowed: Iterable[str]) -> str:
    """Say what a wrong name could have been: the nearest, or else all of them."""
    known = sorted(allowed)
    named = known if len(known) <= 20 else [*known[:8], f"... ({len(known)} in all)"]
    return near(name, known) or f"; allowed: {', '.join(named)}"


def near(name: str, allowed: Iterable[str]) -> str:
    """Ask whether the nearest name was meant, if one is near."""
    question = nearest(name, allowed).strip()
    return f"; {question[0].lower()}{question[1:]}" if question else ""
