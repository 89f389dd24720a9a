"""How far work is: a bar of what is done, and of fits stage and lowest misfit."""

from __future__ import annotations

import time
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


class Progress:
    """Shows stage, progress and lowest misfit; a line now and then where there is no terminal."""

    def __init__(self, console: Console) -> None:
        from rich import progress as rich

        self._console = console
        self._stage = ""
        self._told = time.monotonic()
        self._bar = rich.Progress(
            rich.TextColumn("{task.description}"),
            rich.BarColumn(),
            rich.TextColumn("{task.completed}/{task.total}"),
            rich.TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("")

    def __enter__(self) -> Progress:
        """Show it."""
        self._bar.start()
        return self

    def __exit__(self, *left: object) -> None:
        """Show it no longer."""
        self._bar.stop()

    def __call__(self, stage: str, done: int, of: int, misfit: float) -> None:
        """Tell how far it is."""
        text = f"{stage}, misfit {misfit:.1f}"
        if stage != self._stage:
            self._stage = stage
            self._bar.reset(self._task, total=of)
        self._bar.update(self._task, completed=done, total=of, description=text)
        if not self._console.is_terminal and time.monotonic() - self._told > 20:
            self._told = time.monotonic()
            self._console.print(f"  {text}, {done} of {of}", markup=False)


def check_number(option: str, value: int, low: int, high: int) -> None:
    """Refuse the number of an option that is out of bounds."""
    if not low <= value <= high:
        from planmodel.engine.errors import UserError

        raise UserError(f"{option} {value}: out of bounds; allowed: {low} to {high}")
