"""A bar of what is done, on a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planmodel.cli.interrupt import interruptible

if TYPE_CHECKING:
    from rich.console import Console


@contextmanager
def counting(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """Give what shows how many are done of how many; it ends the work where that was asked for."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    hidden = not console.is_terminal or console.quiet
    with (
        interruptible() as interrupt,
        Progress(*columns, console=console, transient=True, disable=hidden) as bar,
    ):
        task = bar.add_task(what, total=None)

        def advance(done: int, of: int) -> None:
            interrupt.check()
            bar.update(task, completed=done, total=of)

        yield advance
