"""What the commands on the record share: figures of the user beside it, what is refused, the screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from planmodel.documented import Record


USER_ERROR = 2
ALL = "all"


def record_with(data: list[Path] | None) -> "Record":
    """Return the record with files of the user's own figures."""
    from planmodel.documented.catalogue import BUILT_IN

    return BUILT_IN.add(*(data or ()))


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn a mistake of the user into one line on standard error and exit status 2."""
    from planmodel.documented import RecordError, UnknownSeriesError
    from planmodel.engine.errors import UserError

    try:
        yield
    except (RecordError, UnknownSeriesError, UserError) as error:
        typer.echo(f"error: {error}", err=True)
        raise typer.Exit(USER_ERROR) from None
    except OSError as error:
        typer.echo(f"error: cannot write {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(USER_ERROR) from None


def known(what: str, name: str, allowed: list[str]) -> str:
    """Return the name if it is one of those allowed."""
    import difflib

    from planmodel.documented import UnknownSeriesError

    if name not in allowed:
        near = difflib.get_close_matches(name, allowed, n=1)
        nearest = f"; nearest: {near[0]}" if near else ""
        raise UnknownSeriesError(f"unknown {what} {name!r}{nearest}; known: {', '.join(allowed)}")
    return name


def territories_asked(
    record: "Record", variable: str, version: list[str] | None, asked: list[str] | None
) -> list[str] | None:
    """Return the territories that are asked for: the whole country by default, None for all."""
    if not asked:
        return record.whole_country(variable, version or None)
    return None if ALL in asked else asked


def console() -> "Console":
    """Make a console for tables, without rich's own highlighting of numbers."""
    from rich.console import Console

    return Console(highlight=False)
